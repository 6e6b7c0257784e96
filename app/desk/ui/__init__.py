"""The frame of the desk's pages, and HTML forms filled from a request."""
