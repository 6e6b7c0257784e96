"""`/desk/quality`: lists of records to correct, each line with a link to the record.

`sojourn check` prints the lists too.
"""
