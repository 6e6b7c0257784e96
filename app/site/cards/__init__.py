"""Cards of places and outlets: what is known of one, in a few lines with links."""
