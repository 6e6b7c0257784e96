"""View models and small helpers that several pages share, one module for each part of a page."""
