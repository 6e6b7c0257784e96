"""Filtered lists of records, answered by the in-memory index or by SQL. Pages and the API call `backend`."""
