"""Our few components: each a .py with its .js and .css beside it."""
