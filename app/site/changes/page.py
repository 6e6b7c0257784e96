"""The page of changes: each edition with the records it changed, and the columns of its files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from app.filtering import DroppedParameter, Pairs
from app.i18n.formats import enumerate_words
from app.i18n.translate import _, ngettext
from app.record.editions import SelectedEdition
from app.record.filters import ChangeFilters
from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory
from app.record.names.place_search import places_by_name
from app.record.reads import changelog as record
from app.record.reads.changelog import RecordChange
from app.record.reads.recalculations import Recalculation, read_recalculations
from app.record.reads.removals import Removal, read_removals
from app.record.sql.streaming import OpenSession
from app.site.components.change import change_differences, change_title, changed_record_address
from app.site.components.field_diff import ValueDifference
from app.site.components.record_title import title_language
from app.site.components.urls import address, record_address
from app.site.datasets.dataset import choices
from app.site.export.column_types import Column, ColumnType, as_fields
from app.site.lists.chips import Chip, chips
from app.site.lists.summary import notices
from app.vocabulary.record import RecordNoun, Why
from app.web.urls import url

CHANGES_PER_PAGE = 50
MAX_DIFFERENCES = 8
"""Changed fields shown per record; the other fields are collapsed."""

Query = tuple[ChangeFilters, Sequence[DroppedParameter]]


@dataclass(frozen=True)
class ChangeView:
    """A record changed by an edition."""

    id: str
    kind: str
    title: str
    title_language: str
    address: str
    """The record's page in that edition; empty if it has no page."""
    why: str
    tone: str
    reason: str
    into: str
    into_address: str
    differences: Sequence[ValueDifference]
    more_differences: Sequence[ValueDifference]
    history_address: str


@dataclass(frozen=True)
class EditionView:
    """An edition with those of its changes that are on this page."""

    no: int
    at: datetime
    message: str
    by: str
    address: str
    """The list of this edition's changes alone."""
    changes: Sequence[ChangeView]
    removed: Sequence[str]
    """Ids of the records that it purged from all editions."""
    recalculated: str = ""
    """What it did if it only calculated the record by newer rules."""
    recalculated_address: str = ""
    """The list of the rows that came out differently."""


@dataclass(frozen=True)
class ChangesPage:
    """The page model of `site/changes/page.html`."""

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
    """Content of the form's place field: names of the selected places, and unknown input."""
    kept: Sequence[tuple[str, str]]
    """Hidden fields of the form: (key, value)."""
    next_address: str
    first_address: str
    clear_address: str
    json_address: str
    files: Sequence[tuple[str, str]]
    """Downloads: (label, address)."""
    lasting_address: str


def parse_filters(pairs: Pairs, directory: Directory) -> Query:
    """Parse a query string. Places may be given by name."""
    read, unknown = places_by_name(pairs, directory)
    filters, dropped = ChangeFilters.from_pairs(read)
    return directory.led_on(filters), [*dropped, *unknown]


FORM_KEYS = {"what", "why", "since", "place", "sort"}


def changes(
    db: Session, edition: IndexedEdition, query: Query, directory: Directory
) -> ChangesPage:
    # Runs three SQL statements, whatever the query.
    filters, dropped = query
    counted = record.count_changes(db, edition, filters, directory)
    found = record.read_changes(
        db, edition, filters, directory, int(filters.one("limit") or CHANGES_PER_PAGE)
    )
    bare = filters.with_(after=None, limit=None, edition=None)
    editions = _editions(
        found.rows,
        _removals(db, edition, filters, found),
        _recalculations(db, edition, filters, found),
        filters,
        directory,
    )
    return ChangesPage(
        filters=filters,
        total=counted.total,
        found=ngettext("{count} change", "{count} changes", counted.total),
        derived_again=counted.derived_again,
        derived_address=address(bare.with_(why=Why.REINDEXED)),
        notices=notices(filters, dropped, directory),
        chips=chips(bare, directory),
        editions=list(editions),
        what=[(code, _(code.label), code in filters["what"]) for code in RecordNoun],
        why=[(code, _(code.label), code in filters["why"]) for code in Why],
        sorts=choices(filters, "sort"),
        where=enumerate_words(
            [
                *(directory.label("place", code) for code in filters["place"]),
                *(item.value for item in dropped if item.key == "place"),
            ]
        ),
        kept=[pair for pair in filters.with_(after=None).pairs() if pair[0] not in FORM_KEYS],
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
    db: Session, edition: SelectedEdition, filters: ChangeFilters, found: record.ChangelogPage
) -> list[Removal]:
    """Return the purges by the editions of this page.

    Of a purged record only the id is left, so any other filter excludes purges.
    """
    if is_narrowed(filters) or not found.rows:
        return []
    return read_removals(db, edition, *_edition_range(edition, filters, found))


def _recalculations(
    db: Session, edition: SelectedEdition, filters: ChangeFilters, found: record.ChangelogPage
) -> list[Recalculation]:
    """Return the recalculations of this page; they concern no record in particular."""
    if is_narrowed(filters):
        return []
    first, last = _edition_range(edition, filters, found) if found.rows else (0, edition.no)
    return read_recalculations(db, edition, filters["since"], first=first, last=last)


def is_narrowed(filters: ChangeFilters) -> bool:
    """Whether the filters select some records only."""
    return any(key != "since" for key, _value in filters.narrowing.pairs())


def _edition_range(
    edition: SelectedEdition, filters: ChangeFilters, found: record.ChangelogPage
) -> tuple[int, int]:
    """Return the first and the last edition of a page with rows."""
    first, last = sorted((found.rows[0].edition, found.rows[-1].edition))
    is_newest_first = filters.one("sort") == "newest"
    is_at_end = not (filters.one("after") if is_newest_first else found.next)
    return first, edition.no if is_at_end else last


def _editions(
    rows: Sequence[RecordChange],
    removed: Sequence[Removal],
    recalculated: Sequence[Recalculation],
    filters: ChangeFilters,
    directory: Directory,
) -> Iterator[EditionView]:
    """Yield the editions in the order of the list, also those that only purged or recalculated."""
    found = {
        no: (some[0].at, some[0].message, some[0].by, some)
        for no, some in (
            (no, list(group)) for no, group in groupby(rows, key=lambda row: row.edition)
        )
    }
    others: list[Removal | Recalculation] = [*removed, *recalculated]
    for each in others:
        found.setdefault(each.edition, (each.at, each.message, each.by, []))
    words = {each.edition: recalculation_in_words(each.rows) for each in recalculated}
    for no in sorted(found, reverse=filters.one("sort") == "newest"):
        at, message, by, some = found[no]
        only = ChangeFilters.made_of({"since": [str(no)], "edition": [str(no)]}, {})
        yield EditionView(
            no,
            at,
            message,
            by,
            address(only),
            [_change_view(change, directory) for change in some],
            [removal.id for removal in removed if removal.edition == no],
            words.get(no, ""),
            address(only.with_(why=Why.REINDEXED)) if no in words else "",
        )


def recalculation_in_words(rows: int) -> str:
    """Return what an edition did that only calculated the record by newer rules."""
    return ngettext(
        "Recalculated by a new rule, with no change of sources: {count} record changed.",
        "Recalculated by a new rule, with no change of sources: {count} records changed.",
        rows,
    )


TONES = {Why.ADDED: "good", Why.WITHDRAWN: "disputed", Why.MERGED: "disputed", Why.REINDEXED: ""}
"""Colour class by reason of change; all other reasons have "caution"."""


def _change_view(change: RecordChange, directory: Directory) -> ChangeView:
    id = change.row.id
    page, fields = changed_record_address(change, directory), change_differences(change, directory)
    return ChangeView(
        id=id,
        kind=_(change.noun.label),
        title=change_title(change, directory),
        title_language=title_language(change.row.payload.get("form", {})),
        address=f"{page}?edition={change.edition}" if page else "",
        why=_(change.why.label),
        tone=TONES.get(change.why, "caution"),
        reason=change.reason,
        into=change.into,
        into_address=record_address(change.into) if change.into else "",
        differences=fields[:MAX_DIFFERENCES],
        more_differences=fields[MAX_DIFFERENCES:],
        history_address=history_address(id),
    )


def history_address(id: str) -> str:
    """Return the address of all changes of one record."""
    return address(ChangeFilters.made_of({"id": [id]}, {}))


# Files ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ChangeRow:
    """A change with its title and changed fields, as a row of the files."""

    change: RecordChange
    title: str
    differences: Sequence[ValueDifference]


FILES = [("CSV", ".csv"), ("Excel", ".xlsx"), ("JSON", ".json")]
COLUMNS: list[Column[ChangeRow]] = [
    Column("id", "Public id of the record that changed.", lambda row: row.change.row.id),
    Column("what", "What kind of record it is.", lambda row: str(row.change.noun)),
    Column("title", "Its title, as it read from then on.", lambda row: row.title),
    Column("edition", "Number of the edition.", lambda row: row.change.edition, ColumnType.COUNT),
    Column(
        "at",
        "Moment of its publication, in UTC.",
        lambda row: row.change.at.isoformat(timespec="seconds"),
        ColumnType.MOMENT,
    ),
    Column("why", "Why it changed; see the codebook.", lambda row: str(row.change.why)),
    Column("reason", "The reason in words.", lambda row: row.change.reason),
    Column("into", "Id of the record that it was merged into.", lambda row: row.change.into),
    Column(
        "fields",
        "Names of the fields that changed.",
        lambda row: [each.field for each in row.differences],
        ColumnType.LIST,
    ),
    Column(
        "edition_message", "What was said of the whole edition.", lambda row: row.change.message
    ),
    Column(
        "state",
        "What it was from then on: live, withdrawn, merged or purged.",
        lambda row: row.change.state,
    ),
    Column(
        "published_by",
        "Who published the edition: a role, or the name they chose.",
        lambda row: row.change.by,
    ),
    Column(
        "recalculated",
        "Yes if the edition only calculated the record by newer rules; no source changed.",
        lambda row: row.change.is_recalculated,
        ColumnType.FLAG,
    ),
]
PRIMARY_KEY = ("id", "edition")
"""Primary key of the files: an edition changes a record at most once."""


def as_json(change: RecordChange, directory: Directory) -> dict[str, Any]:
    """Return the change as JSON, with the old and new value of every changed field."""
    row = _change_row(change, directory)
    return as_fields(COLUMNS, row) | {"differences": [vars(each) for each in row.differences]}


def stream_rows(
    db: Session,
    edition: SelectedEdition,
    filters: ChangeFilters,
    directory: Directory,
    sessions: OpenSession,
) -> Iterator[ChangeRow]:
    """Yield all matching changes in batches, so that memory use is constant."""
    return (
        _change_row(change, directory)
        for change in record.stream_changes(db, edition, filters, directory, sessions)
    )


def _change_row(change: RecordChange, directory: Directory) -> ChangeRow:
    return ChangeRow(change, change_title(change, directory), change_differences(change, directory))
