"""Review: how a draft gets from who wrote it to readers, and how what was published is taken back.

`models` what is said about a draft, `commands` what can be done: return, approve, publish, withdraw. `aligning` finds
the rows of one state in another, `changes` puts two states side by side, `talks` the comments beside them. `updating`
brings a draft up to date with what was published meanwhile, `restoring` an earlier state back. `queues` is what waits
for whom, `together` decides on many, `histories` all that a record ever was, `pages` and `record_pages` the addresses.
"""
