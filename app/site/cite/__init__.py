"""`/cite` and `/bibliography`: the citation of a page, and the sources of its records."""
