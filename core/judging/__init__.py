"""What is computed from features and answers: NumPy in, NumPy out; no disk, no clock, no chance."""
