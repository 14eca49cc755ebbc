"""Clearwater: raw Kafka topics in, clean ones out."""
