"""Import of uploaded tables: choose columns, check rows, make drafts, undo.

`routes` handles the pages. `background` runs `row_check` and `draft_batches` in a thread.
`table_reader` reads files into rows, `records` turns rows into forms, and `purge` removes the names
of a purged record.
"""
