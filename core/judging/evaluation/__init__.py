"""What a model can do, from its answers to images that it did not learn from: NumPy alone."""
