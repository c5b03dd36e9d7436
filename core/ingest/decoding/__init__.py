"""Pictures decoded in child processes that may crash or stand still."""
