"""What is said beside an answer of a model, wherever it is shown."""
