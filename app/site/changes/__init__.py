"""`/changes`: what each edition changed."""
