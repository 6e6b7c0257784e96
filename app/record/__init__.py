"""The record: what has been published. Public, append-only, numbered by editions.

`models` what is stored, `publish` the one door, `derive` what follows from what was said, `filters` what a reader may
narrow by, `queries` and `search` how rows are found, `directory` the names of an edition, `doctor` derives all again.
"""
