"""Names of records in an edition, and the ids that merged records redirect to."""
