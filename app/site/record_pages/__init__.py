"""Pages of single records and places: finding the row, redirects, suggestions for a 404."""
