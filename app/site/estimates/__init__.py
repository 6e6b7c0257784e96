"""`/estimates`: the list of estimates and the page of one estimate."""
