"""Runs trained on the nodes of a cluster; ``python -m core.cluster WORKSPACE`` dispatches them."""
