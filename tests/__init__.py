"""One thread a process: the tests run side by side, and matrices of a few rows need no more."""

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # read when NumPy is loaded: here and in what tests start
