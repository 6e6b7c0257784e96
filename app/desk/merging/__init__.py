"""Two records that turn out to be one, and one that turns out to be two after all.

`models` which were merged, `combining` one document of two, `naming` who names a record, `commands` merging and undoing
it, `alike` which other one may be meant, `views` what is printed, `pages` the addresses.
"""
