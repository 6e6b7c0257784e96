"""`/`: the start page."""
