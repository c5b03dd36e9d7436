"""What runs of numbers say of themselves and of each other."""
