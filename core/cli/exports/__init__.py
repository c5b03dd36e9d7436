"""Commands for models that are used by other programs."""
