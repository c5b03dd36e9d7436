"""Parts of taking a model away."""
