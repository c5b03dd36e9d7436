"""A class at work, as `make load` makes one."""
