"""The parts of the Data page; how images come in and what is mended have packages of their own."""
