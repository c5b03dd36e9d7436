"""The Data page's worklist: what was found, what can be done with it, what became of each file."""
