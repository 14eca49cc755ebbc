"""Pages for people: commands, explanations, the README's tables."""
