"""Which images belong together and stay in one part of the split."""
