"""Filtered lists of records of any edition. Pages and API call `backend`."""
