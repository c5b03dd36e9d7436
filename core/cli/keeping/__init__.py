"""Commands that keep what is there: backups."""
