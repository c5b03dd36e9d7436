"""The parts of a comparison of runs."""
