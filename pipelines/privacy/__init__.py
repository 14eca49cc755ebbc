"""The gate: what leaves goes through here."""
