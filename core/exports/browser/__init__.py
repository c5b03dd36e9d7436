"""The model as a web page that asks nobody: one HTML file, or a folder for any web server."""
