"""`/desk/checks`: noting that a place was checked for news."""
