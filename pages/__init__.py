"""One file for each page, thin; parts of a page begin with its name."""
