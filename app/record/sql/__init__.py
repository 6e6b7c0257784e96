"""List queries in plain SQL: conditions, counts, histograms, rows."""
