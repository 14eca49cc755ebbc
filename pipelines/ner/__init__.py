"""Models that an operator supplies, each in a process of its own."""
