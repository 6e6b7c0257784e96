"""`/desk/search`: finding records and drafts."""
