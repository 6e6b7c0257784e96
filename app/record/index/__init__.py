"""The in-memory index of all editions' rows of one kind: columns and bitmaps that lists count by.

Called by `lists.backend`. A reading order of the modules:

* `rows`: columns of numbers and days, one entry a row.
* `searching`: full-text search by PostgreSQL, and cached rows of common words.
* `index`, `matching`: the rows of each term, and those that filters match; counts and pages.
* `edition`: an edition with its indexes, which pages pass on.
* `build`: reading from the database, updating to the next edition, and common words.
* `manager`, `edition_watcher`: the index of a worker, replaced when an edition is published.
"""

from app.record.index.build import build_indexes, update_indexes
from app.record.index.index import Index
from app.record.index.matching import Matching
from app.record.index.searching import IndexSearch

__all__ = [
    "Index",
    "IndexSearch",
    "Matching",
    "build_indexes",
    "update_indexes",
]
