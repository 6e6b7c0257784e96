"""`/status`: the rules on a date."""
