"""Pipelines, policies, tests and sample data that ship."""
