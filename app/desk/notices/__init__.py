"""`/desk/notices`: what happened to a person's work."""
