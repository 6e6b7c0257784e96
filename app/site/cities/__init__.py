"""`/cities`: the table of cities, the page of one city or town, and their files."""
