"""`/events/breakdown`: the events of a filter, counted by two keys."""
