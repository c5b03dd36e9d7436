"""Commands about data sets of numbers, and models that read a number off a picture."""
