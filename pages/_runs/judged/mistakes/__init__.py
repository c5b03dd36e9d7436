"""The Mistakes view of a run: the matrix, its pictures, what can be done with them, and again."""
