"""The door of an institution: signing in, and what is believed of whom."""
