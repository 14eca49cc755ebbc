"""Profiles raw data before there is a pipeline: which fields hold what, and what to do about it."""
