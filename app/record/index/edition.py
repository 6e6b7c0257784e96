"""An edition with its indexes, which answer its lists."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.record.editions import SelectedEdition
from app.record.index.index import Index
from app.record.index.matching import Matching


@dataclass(frozen=True)
class IndexedEdition(SelectedEdition):
    """The edition that answers a request, with the indexes that the worker had at its start."""

    indexes: Mapping[str, Index] = field(compare=False, repr=False)
    """By kind, with the rows of the edition selected."""
    matching: dict[Hashable, Matching] = field(default_factory=dict, compare=False, repr=False)
    """Results of the request, by list."""

    def __reduce__(self) -> tuple[type[SelectedEdition], tuple[int, datetime, int]]:
        # Files are written by other processes, which read rows by their numbers.
        return SelectedEdition, (self.no, self.at, self.newest)
