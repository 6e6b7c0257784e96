"""`/actors`: the list of actors, and the page of each."""
