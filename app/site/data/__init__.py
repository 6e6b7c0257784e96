"""`/data`: downloads, the data dictionary and the complete dataset."""
