"""`/desk/requests`: readers' messages and requests for removal."""
