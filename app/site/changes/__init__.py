"""`/changes`: what each edition changed, as a page, files and feeds."""
