"""The list of changes: every edition with what it added, corrected, withdrew or merged, before and after, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from app.filtering import Dropped, Pairs
from app.i18n.translate import _, ngettext
from app.record.editions import Reading
from app.record.filters import ChangeFilters
from app.record.names.directory import Directory
from app.record.reads import changelog as record
from app.record.reads.changelog import Change, Removal
from app.record.sql.streaming import Sessions
from app.site.components.change import changed_record_address, differences_of, title_of
from app.site.components.field_diff import Difference
from app.site.components.urls import address, record_address
from app.site.export.columns import Column, Holds, as_fields
from app.site.lists.listing import choices
from app.site.lists.request import places_by_name
from app.site.lists.summary import Chip, chips, notices
from app.vocabulary.record import RecordKind, Why
from app.web.urls import url

PAGE = 50
MOST_DIFFERENCES = 8
"""That a page shows open; the rest waits behind a line."""

Question = tuple[ChangeFilters, Sequence[Dropped]]


@dataclass(frozen=True)
class ChangeView:
    """One record that an edition changed."""

    id: str
    kind: str
    title: str
    address: str
    """Its page as that edition left it; empty for what has no page."""
    why: str
    tone: str
    reason: str
    into: str
    into_address: str
    differences: Sequence[Difference]
    more_differences: Sequence[Difference]
    history_address: str


@dataclass(frozen=True)
class EditionView:
    """One edition with what it changed, as far as it is on this page."""

    no: int
    at: datetime
    message: str
    by: str
    address: str
    """Its changes alone."""
    changes: Sequence[ChangeView]
    removed: Sequence[str]
    """Ids of what was removed from all editions by it."""


@dataclass(frozen=True)
class ChangesPage:
    """Everything that `site/changes/page.html` prints."""

    filters: ChangeFilters
    total: int
    found: str
    derived_again: int
    derived_address: str
    notices: Sequence[str]
    chips: Sequence[Chip]
    editions: Sequence[EditionView]
    what: Sequence[tuple[str, str, bool]]
    why: Sequence[tuple[str, str, bool]]
    sorts: Sequence[tuple[str, str, bool]]
    where: str
    """The places asked for by their names, as the form holds them."""
    kept: Sequence[tuple[str, str]]
    """Keys that the form carries along without showing them."""
    next_address: str
    first_address: str
    clear_address: str
    json_address: str
    files: Sequence[tuple[str, str]]
    """The same as files: what they are called, and their addresses."""
    lasting_address: str


def question(pairs: Pairs, directory: Directory) -> Question:
    """Reads an address; places may be given by any of their names."""
    read, unknown = places_by_name(pairs, directory)
    filters, dropped = ChangeFilters.from_pairs(read)
    return directory.led_on(filters), [*dropped, *unknown]


IN_FORM = {"what", "why", "since", "place", "sort"}


def changes(db: Session, edition: Reading, asked: Question, directory: Directory) -> ChangesPage:
    """Three statements, whatever is asked and found."""
    filters, dropped = asked
    counted = record.count(db, edition, filters, directory)
    found = record.changes(db, edition, filters, directory, int(filters.one("limit") or PAGE))
    bare = filters.with_(after=None, limit=None, edition=None)
    return ChangesPage(
        filters=filters,
        total=counted.total,
        found=ngettext("{count} change", "{count} changes", counted.total),
        derived_again=counted.derived_again,
        derived_address=address(bare.with_(why=Why.REINDEXED)),
        notices=notices(filters, dropped, directory),
        chips=chips(bare, directory),
        editions=list(
            _editions(found.rows, _removals(db, edition, filters, found), bare, directory)
        ),
        what=[(code, _(code.label), code in filters["what"]) for code in RecordKind],
        why=[(code, _(code.label), code in filters["why"]) for code in Why],
        sorts=[
            (code, label, code == filters.one("sort")) for code, label in choices(filters, "sort")
        ],
        where=", ".join(
            [
                *(directory.label("place", code) for code in filters["place"]),
                *(item.value for item in dropped if item.key == "place"),
            ]
        ),
        kept=[pair for pair in filters.with_(after=None).pairs() if pair[0] not in IN_FORM],
        next_address=address(filters.with_(after=found.next, edition=str(edition.no)))
        if found.next
        else "",
        first_address=address(bare) if filters.one("after") else "",
        clear_address=url("changes"),
        json_address=address(bare, ".json"),
        files=[(label, address(bare, ending)) for label, ending in FILES],
        lasting_address=address(bare.with_(edition=str(edition.no))),
    )


def _removals(
    db: Session, edition: Reading, filters: ChangeFilters, found: record.Changes
) -> list[Removal]:
    """What was removed by the editions of this page. No filter but its id finds it, since nothing of it is left."""
    narrowing = [key for key, _value in filters.narrowing.pairs() if key != "since"]
    if narrowing or not found.rows:
        return []
    first, last = sorted((found.rows[0].edition, found.rows[-1].edition))
    is_newest_first = filters.one("sort") == "newest"
    if not filters.one("after") and is_newest_first:
        last = edition.no
    if not found.next and not is_newest_first:
        last = edition.no
    return record.removals(db, edition, first, last)


def _editions(
    rows: Sequence[Change], removed: Sequence[Removal], filters: ChangeFilters, directory: Directory
) -> Iterator[EditionView]:
    """In the order of the list; what was only removed stands where its edition belongs."""
    found = {
        no: (some[0].at, some[0].message, some[0].by, some)
        for no, some in (
            (no, list(group)) for no, group in groupby(rows, key=lambda row: row.edition)
        )
    }
    for removal in removed:
        found.setdefault(removal.edition, (removal.at, removal.message, removal.by, []))
    for no in sorted(found, reverse=filters.one("sort") == "newest"):
        at, message, by, some = found[no]
        alone = address(ChangeFilters.made_of({"since": [str(no)], "edition": [str(no)]}, {}))
        yield EditionView(
            no,
            at,
            message,
            by,
            alone,
            [_view(change, directory) for change in some],
            [removal.id for removal in removed if removal.edition == no],
        )


TONES = {Why.ADDED: "good", Why.WITHDRAWN: "disputed", Why.MERGED: "disputed", Why.REINDEXED: ""}


def _view(change: Change, directory: Directory) -> ChangeView:
    id = change.row.id
    page, fields = changed_record_address(change, directory), differences_of(change, directory)
    return ChangeView(
        id=id,
        kind=_(change.kind.label),
        title=title_of(change, directory),
        address=f"{page}?edition={change.edition}" if page else "",
        why=_(change.why.label),
        tone=TONES.get(change.why, "caution"),
        reason=change.reason,
        into=change.into,
        into_address=record_address(change.into) if change.into else "",
        differences=fields[:MOST_DIFFERENCES],
        more_differences=fields[MOST_DIFFERENCES:],
        history_address=history_address(id),
    )


def history_address(id: str) -> str:
    """All that ever changed in one record."""
    return address(ChangeFilters.made_of({"id": [id]}, {}))


# Files --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """A change with what is said of it in words."""

    change: Change
    title: str
    differences: Sequence[Difference]


FILES = [("CSV", ".csv"), ("Excel", ".xlsx"), ("JSON", ".json")]
COLUMNS: list[Column[Told]] = [
    Column("id", "Public id of the record that changed.", lambda told: told.change.row.id),
    Column("what", "What kind of record it is.", lambda told: str(told.change.kind)),
    Column("title", "Its title, as it read from then on.", lambda told: told.title),
    Column("edition", "Number of the edition.", lambda told: told.change.edition, Holds.COUNT),
    Column(
        "at",
        "Moment of its publication, in UTC.",
        lambda told: told.change.at.isoformat(timespec="seconds"),
        Holds.MOMENT,
    ),
    Column("why", "Why it changed; see the codebook.", lambda told: str(told.change.why)),
    Column("reason", "The reason in words.", lambda told: told.change.reason),
    Column("into", "Id of the record that it was merged into.", lambda told: told.change.into),
    Column(
        "fields",
        "Names of the fields that changed.",
        lambda told: [each.field for each in told.differences],
        Holds.LIST,
    ),
    Column(
        "edition_message", "What was said of the whole edition.", lambda told: told.change.message
    ),
    Column(
        "state",
        "What it was from then on: live, withdrawn, merged or purged.",
        lambda told: told.change.state,
    ),
    Column(
        "published_by",
        "Who published the edition: a role, or the name they chose.",
        lambda told: told.change.by,
    ),
]
"""What the files have of a change."""
KEY = ("id", "edition")
"""No edition changes a record twice."""


def as_json(change: Change, directory: Directory) -> dict[str, Any]:
    """With every field before and after."""
    told = _told(change, directory)
    return as_fields(COLUMNS, told) | {"differences": [vars(each) for each in told.differences]}


def every(
    db: Session, edition: Reading, filters: ChangeFilters, directory: Directory, sessions: Sessions
) -> Iterator[Told]:
    """All changes, a few at a time, so that memory stays the same however many there are."""
    return (
        _told(change, directory)
        for change in record.stream(db, edition, filters, directory, sessions)
    )


def _told(change: Change, directory: Directory) -> Told:
    return Told(change, title_of(change, directory), differences_of(change, directory))
