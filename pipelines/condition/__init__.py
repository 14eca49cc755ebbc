"""Conditions: CEL text to typed tree to Python code object."""
