"""The code of a run: its training written out in plain Keras, with what it needs beside it."""
