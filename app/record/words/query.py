"""A query as its readers mean it: its parts, with other forms and equivalents of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.record.search import NameLookup, SearchGroups, SearchUnit, parse_query_with_names


class PartKind(StrEnum):
    NAME = "name"
    """The name of a place, an outlet or a code."""
    CONCEPT = "concept"
    WORD = "word"


@dataclass(frozen=True)
class QueryPart:
    """A word or phrase of a query. All units of a part mean the same."""

    words: str
    """As typed."""
    units: Sequence[SearchUnit]
    kind: PartKind = PartKind.WORD
    terms: Sequence[tuple[str, str]] = ()
    """What has this name: key and code."""
    concept: str = ""
    """Label of the concept."""
    read_as: str = ""
    """The word of the record that a misspelled one was taken for."""

    @property
    def is_excluded(self) -> bool:
        return any(unit.is_excluded for unit in self.units)

    @property
    def equivalents(self) -> list[str]:
        return [unit.words for unit in self.units[1:]]

    @property
    def query(self) -> str:
        """The part as a query of its own."""
        unit = self.units[0]
        words = f'"{self.words}"' if unit.is_quoted and not self.terms else self.words
        return f"-{words}" if unit.is_excluded else words


@dataclass(frozen=True)
class Query:
    parts: Sequence[QueryPart] = field(default_factory=tuple)

    @property
    def groups(self) -> SearchGroups:
        return [part.units for part in self.parts]


def parse(query: str, names: NameLookup) -> Query:
    """Parse a query; words that are a name together become one part."""
    parts = []
    for units in parse_query_with_names(query, names):
        words = " OR ".join(unit.words for unit in units)
        terms = names(units[0].words) if len(units) == 1 else ()
        kind = PartKind.NAME if terms else PartKind.WORD
        parts.append(QueryPart(words, units, kind, terms))
    return Query(parts)
