"""What folders and their names say of classes and parts."""
