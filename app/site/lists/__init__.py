"""Filtered lists: reading the URL, facets, histogram, summary and page of every list."""
