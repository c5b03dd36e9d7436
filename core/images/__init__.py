"""Pictures as arrays: decoding, what is refused, augmented views, the sample."""
