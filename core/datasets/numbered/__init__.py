"""Data sets whose images have a number each."""
