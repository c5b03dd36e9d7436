"""Statistics on features, scores and labels: NumPy in, NumPy out; no disk, no time, no chance."""
