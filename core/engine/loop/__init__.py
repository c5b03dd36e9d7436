"""The training loop: batches, compiled steps, epochs, rates, checkpoints."""
