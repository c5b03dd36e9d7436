"""Folders of images on the Predict page: brought, worked through, and what came of them."""
