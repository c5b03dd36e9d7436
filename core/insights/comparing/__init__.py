"""What the answers of two runs say of each other, image by image."""
