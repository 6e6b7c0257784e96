"""`/search`: one search over every kind of record, the codebook and the help pages."""
