"""What the pages of a class have beside those of one person alone."""
