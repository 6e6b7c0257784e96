"""`/events`: the timeline and the page of an event."""
