"""What the curves of a run say, and which setting mends it."""
