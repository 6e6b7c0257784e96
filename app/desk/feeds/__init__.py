"""`/desk/feeds`: RSS and Atom feeds whose new entries become leads."""
