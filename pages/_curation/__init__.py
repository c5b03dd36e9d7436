"""What pages share that change a data set: move images, leave them out, keep them, take back."""
