"""`/places/…`: the page of a place larger than a city."""
