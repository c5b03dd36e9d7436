"""One ZIP with all that a model is used by where Thaw is not: models, script, server, card."""
