"""Fetch web pages safely, keep private copies, and read metadata from them."""
