"""The Helm chart's values: their model, and the files that are made from it."""
