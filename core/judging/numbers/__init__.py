"""Numbers that are read off pictures: how near they are, how sure, and how they are written."""
