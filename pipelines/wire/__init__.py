"""Bytes and values: JSON, Avro, text; schemas and where they come from."""
