"""Records that a query names itself: by id, or by the address of a source."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.reads.source_urls import sources_at
from app.record.sql.rows import ListRow
from app.site.search.entries import GROUP_OF_NOUN
from app.vocabulary.kinds import LISTED_KINDS
from app.vocabulary.record import NAMED_NOUNS

RECORD_ID = re.compile(r"([A-Za-z])[ -]?([1-9]\d{0,8})")
WEB_ADDRESS = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)+(?::\d+)?/\S*|https?://\S+")


@dataclass(frozen=True)
class Direct:
    """What a query names itself."""

    rows: Sequence[ListRow] = ()
    entries: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    """Kind and code of places and outlets."""

    def __bool__(self) -> bool:
        return bool(self.rows or self.entries)


def find_direct(db: Session, edition: IndexedEdition, words: str, directory: Directory) -> Direct:
    if found := RECORD_ID.fullmatch(words):
        return _by_id(db, edition, f"{found[1].upper()}{found[2]}", directory)
    if WEB_ADDRESS.fullmatch(words):
        address = words if "://" in words else f"https://{words}"
        return Direct(sources_at(db, edition, address))
    return Direct()


def _by_id(db: Session, edition: IndexedEdition, id: str, directory: Directory) -> Direct:
    for noun, kind in NAMED_NOUNS.items():
        if id[0] == kind:
            forms: Mapping[str, Any] = directory.named_records[noun]
            codes = [code for code, form in forms.items() if form.id == id]
            return Direct(entries=frozenset((GROUP_OF_NOUN[noun], code) for code in codes))
    if id[0] not in LISTED_KINDS:
        return Direct()
    return Direct(list(backend.rows_by_id(db, edition, [id]).values()))
