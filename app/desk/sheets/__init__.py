"""The sheet of a report: everything that it states, one row a statement, beside its text.

`models` has the tables and `form` the document. `commands` begins and saves a sheet, and makes
drafts of its accepted rows.
"""
