"""`/status`: what applies where."""
