"""Feeds that editors follow for leads."""
