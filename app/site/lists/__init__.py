"""Every filtered list: from the URL to filters, facets, histogram, summary and page."""
