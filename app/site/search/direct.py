"""Records that a query names itself: by ids, also of citations, or by the address of a source."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.reads.citation_ids import records_citing
from app.record.reads.source_urls import sources_at
from app.record.sql.rows import ListRow
from app.site.entries.entries import GROUP_OF_NOUN
from app.vocabulary.kinds import LISTED_KINDS, RowKind
from app.vocabulary.record import NAMED_NOUNS

MAX_IDS = 20
RECORD_ID = re.compile(r"([A-Za-z])[ -]?([1-9]\d{0,8})")
RECORD_IDS = re.compile(rf"{RECORD_ID.pattern}(?:[\s,;]+{RECORD_ID.pattern})*")
WEB_ADDRESS = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)+(?::\d+)?/\S*|https?://\S+")


@dataclass(frozen=True)
class Direct:
    """What a query names itself."""

    rows: Sequence[ListRow] = ()
    entries: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    """Kind and code of places and outlets."""
    citations: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Ids of the citations that were asked for, by the id of the record that holds them."""

    def __bool__(self) -> bool:
        return bool(self.rows or self.entries)


def find_direct(db: Session, edition: IndexedEdition, words: str, directory: Directory) -> Direct:
    if RECORD_IDS.fullmatch(words):
        ids = [f"{letter.upper()}{number}" for letter, number in RECORD_ID.findall(words)]
        return _by_ids(db, edition, ids[:MAX_IDS], directory)
    if WEB_ADDRESS.fullmatch(words):
        address = words if "://" in words else f"https://{words}"
        return Direct(sources_at(db, edition, address))
    return Direct()


def _by_ids(
    db: Session, edition: IndexedEdition, ids: Sequence[str], directory: Directory
) -> Direct:
    entries = set()
    for noun, kind in NAMED_NOUNS.items():
        if wanted := {id for id in ids if id[0] == kind}:
            forms: Mapping[str, Any] = directory.named_records[noun]
            entries |= {
                (GROUP_OF_NOUN[noun], code) for code, form in forms.items() if form.id in wanted
            }
    listed = [id for id in ids if id[0] in LISTED_KINDS]
    cited = [id for id in ids if id[0] == RowKind.CITATION]
    rows = backend.rows_by_id(db, edition, listed)
    holders = records_citing(db, edition, cited)
    citations: dict[str, list[str]] = defaultdict(list)
    for id in dict.fromkeys(cited):
        if id in holders:
            citations[holders[id].id].append(id)
    found = {row.id: row for id in ids if (row := rows.get(id) or holders.get(id))}
    return Direct([*found.values()], frozenset(entries), citations)
