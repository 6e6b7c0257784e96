"""`/desk/merges`: joining two records that are one, and undoing it."""
