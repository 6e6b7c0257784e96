"""`/desk/review`: decide on submitted drafts, publish approved ones, withdraw published records."""
