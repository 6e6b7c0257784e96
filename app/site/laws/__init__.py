"""`/laws`: the list of laws, and the page of each."""
