"""A finished model taken away: its files, and the script that predicts with it."""
