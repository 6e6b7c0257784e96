"""The rows of one kind that an edition holds, as sets of numbers in memory: what the lists of that edition count by.

Read in this order: `rows` (what is read of each row), `terms` (which rows answer to a word), `bins` (which fall in a
month), `searching` and `common` (which hold what a reader typed), `index` (a question's sets), `matching` (what a page
is told of them), `reading` (what comes from the database), `building` (an index of that, and onward to the next
edition), `gathering` (what is read later).
"""

from app.record.index.building import build, build_each, caught_up, caught_up_each
from app.record.index.index import Index
from app.record.index.matching import Beginning, Matching
from app.record.index.searching import Search

__all__ = [
    "Beginning",
    "Index",
    "Matching",
    "Search",
    "build",
    "build_each",
    "caught_up",
    "caught_up_each",
]
