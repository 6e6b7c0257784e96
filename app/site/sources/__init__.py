"""`/sources`: the list and the page of a source."""
