"""How images come in: the ways to bring them, the questions they raise, the reading."""
