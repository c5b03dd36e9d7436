"""Hostile inputs, made by our own generators."""
