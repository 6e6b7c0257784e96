"""`/estimates`: the list and the page of an estimate."""
