"""`/cite` and `/bibliography`: citing a page."""
