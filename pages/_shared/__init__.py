"""What several pages share: words, numbers, widgets, charts, the address."""
