"""Routes of accounts: signing in, one's own account, and the people of the desk."""
