"""What sources call the actors of an edition: "Chinese authorities" for the Government of China.

The newest events are read, once for each directory.
"""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.caches import Cache
from app.record.editions import SelectedEdition
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.search import plain_text
from app.vocabulary.kinds import RecordKind

MAX_EVENTS = 4_000

WORDINGS: Cache[Mapping[str, str]] = Cache("directories")


def wordings_of(db: Session, edition: SelectedEdition, directory: Directory) -> Mapping[str, str]:
    """Map the wordings, as plain text, to the one actor that all sources mean by them."""
    return WORDINGS.of(directory, lambda: _read_wordings(db, edition, directory))


def _read_wordings(
    db: Session, edition: SelectedEdition, directory: Directory
) -> Mapping[str, str]:
    newest = (
        select(Version.payload["form"]["terms"])
        .where(Version.kind == RecordKind.EVENT, edition.holds(), Version.is_live)
        .order_by(Version.seq.desc())
        .limit(MAX_EVENTS)
    )
    found: dict[str, set[str]] = defaultdict(set)
    for terms in db.scalars(newest):
        for term in terms or ():
            if term["key"] == "actor" and term.get("printed"):
                found[plain_text(term["printed"])].add(term.get("code", ""))
    # "China" in a sentence may be its government; in a search it is the place.
    return {
        words: code
        for words, codes in found.items()
        for code in codes
        if len(codes) == 1 and code in directory.actors and not directory.named(words)
    }
