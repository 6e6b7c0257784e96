"""`/desk/inbox`: list, add and edit leads."""
