"""Records for a bulk edit: those of a public list, or those of some ids."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import OPEN_STATES, Draft
from app.desk.approved.models import Record
from app.desk.approved.store import preload_rows
from app.desk.bulk.operations import BulkEditError
from app.desk.draft_form.catalogue import THING_OF_KIND, Catalogue
from app.documents import document_of
from app.filtering import is_arrangement
from app.i18n.translate import _
from app.record.editions import NoEditionError
from app.record.filters import LISTS, ListFilters
from app.record.index.manager import IndexManager
from app.record.lists import backend
from app.record.lists.backend import select_newest
from app.record.names.directory import Directory, read_directory
from app.record.search import plain_text

MAX_RECORDS = 200
"""Records of one bulk edit."""
IDS = re.compile(r"(?:[A-Z][1-9][0-9]{0,8}[\s,;]*)+", re.ASCII)
KIND_OF_PATH = {f"/{thing}s": kind for kind, thing in THING_OF_KIND.items()}


@dataclass(frozen=True)
class Selection:
    """The first `MAX_RECORDS` records, without those that have an open draft, and the totals."""

    kind: str
    records: Sequence[tuple[str, str]]
    """Id and title of each."""
    total: int
    waiting: int
    """Number of records left out because they have an open draft."""


def select_records(
    db: Session, catalogue: Catalogue, typed: str, indexes: IndexManager
) -> Selection:
    """Return the records of ids, or of the address of a list. Raises BulkEditError."""
    if IDS.fullmatch(typed.strip()):
        ids = list(dict.fromkeys(re.findall(r"[A-Z][0-9]+", typed, re.ASCII)))
        kind = ids[0][0]
        if len({id[0] for id in ids}) > 1:
            raise BulkEditError("in", _("Choose records of one kind."))
        if kind not in THING_OF_KIND:
            raise BulkEditError("in", _("There are no such records. Check the ids."))
    else:
        address = urlsplit(typed.strip())
        kind = KIND_OF_PATH.get(address.path.rstrip("/"), "")
        if not kind:
            raise BulkEditError(
                "in", _("This is no list of records. Copy the address of a list, or type ids.")
            )
        if kind in LISTS:
            filters, dropped = LISTS[kind].from_pairs(parse_qsl(address.query))
            if dropped:
                message = _("“{key}={value}” {reason}.")
                raise BulkEditError(
                    "in",
                    message.format(
                        key=dropped[0].key, value=dropped[0].value[:40], reason=_(dropped[0].reason)
                    ),
                )
            ids = _ids_of_list(db, filters, indexes)
        else:
            query = dict(parse_qsl(address.query)).get("q", "")
            ids = list(_ids_of_names(catalogue.directory, THING_OF_KIND[kind], query))
    busy = set(
        db.scalars(select(Draft.record).where(Draft.kind == kind, Draft.state.in_(OPEN_STATES)))
    )
    free = [id for id in ids if id not in busy]
    with preload_rows(db, free[:MAX_RECORDS]):
        rows = [row for id in free[:MAX_RECORDS] if (row := db.get(Record, id))]
        records = [(row.id, catalogue.title(kind, document_of(row.form))) for row in rows]
    return Selection(kind, records, len(ids), len(ids) - len(free))


def _ids_of_list(db: Session, filters: ListFilters, indexes: IndexManager) -> list[str]:
    """Return the ids of all records of the newest edition that match."""
    filters = filters.with_(**{key.key: None for key in filters.FILTERS if is_arrangement(key)})
    try:
        edition = select_newest(db, indexes)
    except NoEditionError:
        return []
    names = read_directory(db, edition)
    filters = names.led_on(filters)
    ids: list[str] = []
    while True:
        page = backend.read_page(db, edition, filters, names, MAX_RECORDS)
        ids += [row.id for row in page.rows]
        if page.next is None:
            return ids
        filters = filters.with_(after=page.next)


def _ids_of_names(directory: Directory, thing: str, query: str) -> Iterator[str]:
    """Yield the ids of the named records whose code or a name has all words of the query."""
    words = plain_text(query).split()
    for form in directory.named_records[thing].values():
        text = plain_text(" ".join([form.code, *(name.text for name in form.names)]))
        if all(word in text for word in words):
            yield form.id
