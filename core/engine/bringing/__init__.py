"""What becomes of a user's own model before it is a backbone."""
