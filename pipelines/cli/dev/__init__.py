"""Pipelines on an embedded broker: the playground, and what a save does to it."""
