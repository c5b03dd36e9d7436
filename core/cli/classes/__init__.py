"""Commands about a class that shares this machine."""
