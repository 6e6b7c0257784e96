"""Private copies of pages, and what they say of themselves."""
