"""A first pipeline from samples or a schema."""
