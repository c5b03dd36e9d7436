"""How a run comes from elsewhere."""
