"""Noting that places were looked at and nothing was new, so that a gap in the record does not read as calm.

`forms` what an editor fills in, `pages` the addresses. The check itself is part of the record.
"""
