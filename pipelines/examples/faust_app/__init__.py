"""A Faust app of one's own, with a pipeline mounted beside its agents."""
