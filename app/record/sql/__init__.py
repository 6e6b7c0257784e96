"""List queries in plain SQL, for past editions and for workers without an index."""
