"""The pure core: compile a declaration to a plan, run a chunk through it."""
