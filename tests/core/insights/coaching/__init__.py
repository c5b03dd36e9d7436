"""Tests of what is said of curves."""
