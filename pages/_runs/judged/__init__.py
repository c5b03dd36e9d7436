"""The parts of a finished run's page: what its model can do, where it fails, how sure it is."""
