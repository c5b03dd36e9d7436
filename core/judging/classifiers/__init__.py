"""Simple classifiers on features of unit length, beside the head that is solved. NumPy only."""
