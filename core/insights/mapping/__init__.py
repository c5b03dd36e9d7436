"""A map of a run's images: those that its model finds alike lie beside each other."""
