"""`/desk/search`: find records and drafts."""
