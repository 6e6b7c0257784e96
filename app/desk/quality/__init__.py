"""What is not as it should be, or not any more: lists, each line of which leads to where it is mended.

`checks` one entry for each list, `lists` reads them, `pages` the addresses and the file; `sojourn check` prints them.
"""
