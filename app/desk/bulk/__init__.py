"""One change in many records: a code, place or outlet for another, or a code more or less, over a filtered list.

`acts` what is done to one document, `finding` which records a filter finds, `commands` what would become of each and
the drafts that are made of it, `views` what is printed, `pages` the addresses.
"""
