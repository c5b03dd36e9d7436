"""What to mend in a data set: classes, labels, duplicates, quality."""
