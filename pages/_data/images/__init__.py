"""The Data page's images: the pictures, their classes and the split."""
