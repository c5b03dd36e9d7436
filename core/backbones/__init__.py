"""Backbones that a user brings: looked through, made ours, tried on their images, kept."""
