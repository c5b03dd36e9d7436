"""One run as a ZIP, and its way back in: looked through to the last byte, as every upload is."""
