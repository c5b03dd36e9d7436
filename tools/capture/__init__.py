"""The pictures of README.md: a film of the first minute, and the five pages."""
