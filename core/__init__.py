"""Fine-tuning image models without a user interface: ingest, train, predict, export.

Nothing is imported here, so ``import core`` costs nothing and never loads TensorFlow.
"""
