"""Filtered lists of records by the in-memory index or by SQL. Pages and API call `backend`."""
