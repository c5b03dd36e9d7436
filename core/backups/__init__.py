"""Copies of a whole workspace in one ZIP, made while people work, and brought back."""
