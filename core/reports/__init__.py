"""A run on two sheets of paper: one HTML file with everything in it, for a printer or a wall."""
