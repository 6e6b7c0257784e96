"""`/embed` and `/oembed`: views embedded in other sites."""
