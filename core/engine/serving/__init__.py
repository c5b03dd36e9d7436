"""Questions that the serving process answers with finished models."""
