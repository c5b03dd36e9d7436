"""What stands around every part of a page: whose workspace it is, and what went wrong."""
