"""What a model of numbers reads off images that were brought here."""
