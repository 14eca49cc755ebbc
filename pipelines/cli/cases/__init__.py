"""Tests beside pipelines: run, told, and written from samples."""
