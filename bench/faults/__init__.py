"""A campaign of faults: real processes, saves and editions that must not be lost.

`campaign.py` runs it. `site.py` is the site under test with its processes, `savers.py` and
`publisher.py` work on it, `kinds.py` has the faults, and `held.py` checks what must hold.
"""
