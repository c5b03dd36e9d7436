"""Predictions of many images: worked through in the background, counted, taken away as tables."""
