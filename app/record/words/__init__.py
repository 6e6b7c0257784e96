"""Words of a query: their forms, their equivalents in other languages, and misspellings."""
