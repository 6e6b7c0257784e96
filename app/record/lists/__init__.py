"""The only way to a list of records: answered by the in-memory index or by SQL."""
