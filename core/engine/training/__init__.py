"""One run, from its configuration to a saved and checked model."""
