"""`/places/…`: the page of a province, country, region or the world."""
