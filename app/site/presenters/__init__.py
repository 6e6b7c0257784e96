"""One class for each kind of record: what cards, tables, pages and previews show of it."""
