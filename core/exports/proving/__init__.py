"""Trying an export where neither Thaw nor its libraries are, before it is given away."""
