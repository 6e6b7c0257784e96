"""`/events`: the timeline, and the page of one event."""
