"""What is worth knowing of a data set or a run, told with how sure it is."""
