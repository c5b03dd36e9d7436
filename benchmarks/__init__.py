"""Comparisons with what a user would do instead, printed as ratios of one run."""
