"""One worker and one serving process for all workspaces of a class; people take turns."""
