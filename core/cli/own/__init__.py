"""Commands about backbones that a user brings."""
