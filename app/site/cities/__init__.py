"""`/cities`: the table of cities and the page of a city."""
