"""What the process that looks through a user's model file and the one that loads it share."""
