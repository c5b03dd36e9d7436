"""Lists that say which class each image has: read in many forms, asked about where unclear."""
