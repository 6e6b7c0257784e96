"""Removing what could harm a person from everywhere: the record, the desk and, after a restore, once more.

`models` what was purged, `forgetting` what each table of the desk keeps of it, `commands` the purge, `views` what an
admin reads before it, `pages` its addresses.
"""
