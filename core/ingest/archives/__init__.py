"""Folders and archives as one tree of files, whichever way they came."""
