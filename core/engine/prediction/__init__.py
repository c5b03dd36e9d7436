"""Finished models ready to answer, and the one path from images to probabilities."""
