"""What a finished run leaves for whoever judges it: files in its folder, written and read here."""
