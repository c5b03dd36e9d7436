"""The Data page of a data set whose images have a number each."""
