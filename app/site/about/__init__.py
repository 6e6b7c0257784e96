"""`/about` and `/privacy`."""
