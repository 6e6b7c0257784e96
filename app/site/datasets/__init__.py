"""Lists of the site: what their pages, files, citations and links show."""
