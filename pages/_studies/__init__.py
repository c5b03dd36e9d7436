"""Studies on the pages: offered, watched and read."""
