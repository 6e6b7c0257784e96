"""Models of leads, feeds, captures and readers' messages, and the check for public IP addresses.

Used by `round` and `captures`.
"""
