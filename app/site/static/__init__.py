"""`/static`, `/robots.txt` and `/favicon.ico`."""
