"""Commands that write a file about a finished run."""
