"""What a run of numbers answered to its validation images."""
