"""Labels of places, outlets and codes in an edition, and the redirects of merged records."""
