"""Guided lessons: a guess, two trainings, and what they show; each is a text in `texts/`."""
