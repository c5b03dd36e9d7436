"""One file for each page, thin; the parts of a page lie in the folder that begins with its name."""
