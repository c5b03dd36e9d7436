"""The parts of the Data page; each of its three tabs has a package of its own."""
