"""A small backbone learns from the model of a run: what may teach it, and what it gained."""
