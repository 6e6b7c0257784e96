"""The rows of one kind that an edition holds, as sets of numbers in memory: what the lists of that edition count by.

Read in this order: `rows` (what is read of each row), `terms` (which rows answer to a word), `bins` (which fall in a
month), `index` (a question's sets), `matching` (what a page is told of them), `reading` (from the database,
and onward to the next edition).
"""

from app.record.index.index import Found, Index
from app.record.index.matching import Beginning, Matching
from app.record.index.reading import build, build_each, caught_up, caught_up_each

__all__ = ["Beginning", "Found", "Index", "Matching", "build", "build_each", "caught_up", "caught_up_each"]
