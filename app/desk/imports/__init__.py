"""Import of uploaded tables: choose columns, check rows, make drafts, undo.

`routes` handles the pages. `working` checks rows and makes drafts in a background thread.
`opening` reads files into rows, `records` turns rows into forms, `forgetting` serves purges.
"""
