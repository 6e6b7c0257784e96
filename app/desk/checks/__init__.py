"""`/desk/checks`: recording coverage checks."""
