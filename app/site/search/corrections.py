"""Misspelled words of a query: those that find nothing are read as the nearest word that does."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory
from app.record.reads.lexicon import lexicon_of
from app.record.words.query import PartKind, QueryPart
from app.site.lists.words import MAX_NEAREST, MAX_WORDS


@dataclass(frozen=True)
class Correction:
    words: str
    """As typed."""
    read_as: str
    others: Sequence[str] = ()
    """The next nearest words."""


def correct(
    db: Session,
    edition: IndexedEdition,
    directory: Directory,
    missing: Sequence[QueryPart],
) -> list[Correction]:
    """Return a correction for each part that nothing has and that is near a word of the record."""
    wrong = [part for part in missing if part.kind is PartKind.WORD and '"' not in part.words]
    if not wrong:
        return []
    lexicon = lexicon_of(db, edition, directory)
    nearest = [(part.words, lexicon.nearest(part.words, MAX_NEAREST)) for part in wrong[:MAX_WORDS]]
    return [Correction(words, near[0], near[1:]) for words, near in nearest if near]


def corrected(words: str, corrections: Sequence[Correction]) -> str:
    for each in corrections:
        words = words.replace(each.words, each.read_as)
    return words
