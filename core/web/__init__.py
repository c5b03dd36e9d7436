"""What the web server does beside the pages: routes, uploads, access."""
