"""`/desk/account`: a person's own account."""
