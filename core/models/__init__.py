"""What is known of networks before any is loaded: catalog, weights, presets, sizes."""
