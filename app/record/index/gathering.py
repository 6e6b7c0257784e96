"""Reads the rows of common words for the indexes of an edition, in short statements."""

import time
from collections.abc import Callable, Mapping

from pyroaring import BitMap
from sqlalchemy import and_, func, select

from app.record.editions import SelectedEdition
from app.record.index.common import (
    ROWS_PER_STATEMENT,
    CommonWords,
    drop_rarest_words,
    read_common_words,
    read_rows_with,
)
from app.record.index.index import Index
from app.record.models import Version
from app.record.sql.streaming import OpenSession


def gather_common_words(
    sessions: OpenSession,
    indexes: Mapping[str, Index],
    edition: SelectedEdition,
    pause: Callable[[float], bool],
) -> dict[str, CommonWords] | None:
    """Return the rows of common words by kind; None if `pause` returned true.

    `pause` is called after each statement with its duration in seconds.
    """
    with sessions() as db:
        words = read_common_words(db)
        first, last = db.execute(select(func.min(Version.seq), func.max(Version.seq))).one()
    found = {kind: {word: BitMap() for word in words} for kind in indexes}
    for start in range(first, last + 1, ROWS_PER_STATEMENT) if words else ():
        began = time.monotonic()
        wanted = and_(
            Version.opened <= edition.no,
            Version.seq.between(start, start + ROWS_PER_STATEMENT - 1),
        )
        with sessions() as db:
            for kind, word, seqs in read_rows_with(db, words, wanted):
                found[kind][word].update(indexes[kind].slots_of(seqs))
        drop_rarest_words(found)
        words = [word for word in words if word in next(iter(found.values()))]
        if pause(time.monotonic() - began):
            return None
    lexemes: dict[str, str | None] = {}
    for rows in found.values():
        for each in rows.values():
            each.run_optimize()
            each.shrink_to_fit()
    return {kind: CommonWords(rows, lexemes=lexemes) for kind, rows in found.items()}
