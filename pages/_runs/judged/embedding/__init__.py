"""The map of a finished run: its images, those that the model finds alike side by side."""
