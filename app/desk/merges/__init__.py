"""`/desk/merges`: merge two records into one, and undo it."""
