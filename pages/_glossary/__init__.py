"""The glossary: terms of the field, a sentence and a drawing each, opened by dotted words."""
