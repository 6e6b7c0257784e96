"""Readers' messages, as editors work on them."""
