"""Import of one table: each row is an event or an estimate with its source.

`reader` reads an uploaded file in a worker process, `rows` checks its rows and makes drafts of
them, and `routes` handles the page.
"""
