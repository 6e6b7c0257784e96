"""`/desk/records`: versions of published records, restoring and withdrawing them."""
