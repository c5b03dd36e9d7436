"""Lessons on the Home page: chosen, done, read, and what a teacher wants to know of them."""
