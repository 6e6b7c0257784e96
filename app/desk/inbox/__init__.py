"""`/desk/inbox`: leads to follow."""
