"""The tables of a dump: one for each kind of record, one for each kind of row in them, and what became of them.

Nothing is listed twice: columns are those of the lists' files, and rows have the public fields of the forms.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.forms import FORMS, Form, is_private
from app.forms.base import rows_of
from app.record.editions import Reading
from app.record.filters import ChangeFilters
from app.record.models import Edition, Purged, Version
from app.record.names.directory import Directory
from app.record.sql import rows as queries
from app.record.sql.streaming import AT_ONCE, packed, this
from app.site.changes import page as changes
from app.site.export.columns import Column, Holds, holds
from app.site.export.record_columns import COLUMNS, Row, form_of
from app.vocabulary.record import Why


@dataclass(frozen=True)
class Table:
    """One file. It takes its rows from the records of these kinds or, where there are none, reads them itself."""

    name: str
    description: str
    columns: Sequence[Column[Any]]
    key: Sequence[str] = ("id",)
    kinds: str = ""
    rows: Callable[[Row], Iterable[Any]] = lambda found: [found]
    read: Callable[[Session, Reading, Directory], Iterable[Any]] = lambda *_: ()
    refers: Mapping[str, tuple[str, str]] | None = None
    """Columns that always name a row of another table, with that table and its column."""


# Records ----------------------------------------------------------------------------------------------------------

BESIDES = {"S": ("url",)}
"""What the form of a record says that the lists' files have no column for."""


def _records(name: str, kind: str, description: str, *key: str) -> Table:
    beside = [_said(FORMS[kind], name, form_of) for name in BESIDES.get(kind, ())]
    columns = [*COLUMNS[kind], *beside]
    in_editions = dict.fromkeys(("added", "changed"), ("editions", "no"))
    return Table(name, description, columns, key or ("id",), kind, refers=in_editions)


def _said(
    form: type[Form], name: str, stored_of: Callable[[Any], Mapping[str, Any]]
) -> Column[Any]:
    """A field of a stored form, which leaves its default out."""
    field = form.model_fields[name]
    default = None if field.is_required() else field.get_default()
    return Column(
        name, field.description or "", lambda row: stored_of(row).get(name, default), holds(field)
    )


# Rows in records --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Inner:
    """One of the repeated rows of a record or citation, and its place among them."""

    parent: str
    number: int
    stored: Mapping[str, Any]


def _inner(name: str, kinds: str, description: str, field: str = "") -> Table:
    """The table of the repeated rows that the forms of these kinds have in the field of that name."""
    forms = [form for kind in kinds if (form := rows_of(FORMS[kind].model_fields[field or name]))]
    fields = [
        Column("record", "Id of the record that it belongs to.", lambda row: row.parent),
        Column(
            "seq",
            "Its place among the rows of the same kind there.",
            lambda row: row.number,
            Holds.COUNT,
        ),
        *_fields_of(forms),
    ]
    return Table(
        name,
        description,
        fields,
        ("record", "seq"),
        kinds,
        lambda found: _rows_in(found, field or name),
    )


def _fields_of(forms: Sequence[type[Form]]) -> Iterator[Column[Any]]:
    for name, field in forms[0].model_fields.items():
        if not is_private(field) and rows_of(field) is None:
            descriptions = dict.fromkeys(
                form.model_fields[name].description or "" for form in forms
            )
            yield replace(
                _said(forms[0], name, lambda row: row.stored),
                description=" Or: ".join(descriptions),
            )


def _rows_in(found: Row, field: str) -> Iterator[Inner]:
    for number, stored in enumerate(form_of(found).get(field, ()), start=1):
        yield Inner(found.id, number, stored)


def _citations() -> Table:
    """One line a citation, with the speaker beside it; the whole chain has a table of its own."""
    table = _inner(
        "citations", "EM", "What one source says about one event or figure, through whom."
    )
    speaker = [
        Column(
            "speaker",
            "What kind of speaker it is whom the source names.",
            _of_speaker("attribution"),
        ),
        Column(
            "speaker_words", "Who that is, as coarse as the source has it.", _of_speaker("words")
        ),
        Column(
            "speaker_outlet",
            "Code of the outlet that speaks, where it is one.",
            _of_speaker("outlet"),
        ),
        Column(
            "steps",
            "Through how many it went, the speaker included.",
            lambda row: len(_chain(row)),
            Holds.COUNT,
        ),
    ]
    fields = [field for field in table.columns if field.name != "id"]
    id_ = next(field for field in table.columns if field.name == "id")
    return replace(table, columns=[id_, *fields, *speaker], key=("id",))


def _chain(row: Inner) -> Sequence[Mapping[str, Any]]:
    chain: Sequence[Mapping[str, Any]] = row.stored["chain"]
    return chain


def _of_speaker(name: str) -> Callable[[Inner], Any]:
    return lambda row: _chain(row)[0].get(name)


def _chains() -> Table:
    form = rows_of(FORMS["E"].model_fields["citations"])
    step = form and rows_of(form.model_fields["chain"])
    assert step
    fields = [
        Column("citation", "Id of the citation that it belongs to.", lambda row: row.parent),
        Column(
            "seq", "Its place in the chain; 1 is the speaker.", lambda row: row.number, Holds.COUNT
        ),
        *_fields_of([step]),
    ]

    def rows(found: Row) -> Iterator[Inner]:
        for citation in form_of(found).get("citations", ()):
            for number, stored in enumerate(citation["chain"], start=1):
                yield Inner(citation["id"], number, stored)

    about = "The steps from a speaker towards the source that was read."
    return Table(
        "chains",
        about,
        fields,
        ("citation", "seq"),
        "EM",
        rows,
        refers={"citation": ("citations", "id")},
    )


# What became of records -------------------------------------------------------------------------------------------


def _editions(db: Session, edition: Reading, _directory: Directory) -> Iterator[Any]:
    yield from db.execute(
        select(Edition.no, Edition.at, Edition.message, Edition.published_by)
        .where(Edition.no <= edition.no)
        .order_by("no")
    )


def _changes(db: Session, edition: Reading, _directory: Directory) -> Iterator[changes.Told]:
    """All of them, the oldest first, those too that were only derived again."""
    every = ChangeFilters.made_of({"why": [str(why) for why in Why], "sort": ["oldest"]}, {})
    return changes.every(db, edition, every, _directory, this(db))


def _removed(db: Session, edition: Reading, _directory: Directory) -> Iterator[Any]:
    rows = (
        select(
            Version.id,
            Version.state,
            func.coalesce(Purged.edition, Version.opened).label("edition"),
            Version.reason,
            Version.payload["into"].astext.label("into"),
        )
        .outerjoin(Purged, Purged.id == Version.id)
        .where(edition.holds(), Version.state != "live")
        .order_by(Version.kind, Version.number, Version.id.collate("C"))
    )
    yield from db.execute(rows.execution_options(yield_per=AT_ONCE))


OF_EDITIONS: list[Column[Any]] = [
    Column("no", "Number of the edition.", lambda row: row.no, Holds.COUNT),
    Column("at", "Moment of its publication, in UTC.", lambda row: row.at, Holds.MOMENT),
    Column("message", "What was said of the whole edition.", lambda row: row.message),
    Column(
        "published_by",
        "Who published it: a role, or the name they chose.",
        lambda row: row.published_by,
    ),
]
OF_REMOVED: list[Column[Any]] = [
    Column("id", "Public id; it is never used again.", lambda row: row.id),
    Column("state", "withdrawn, merged, or purged from every edition.", lambda row: row.state),
    Column("edition", "Number of the edition that did it.", lambda row: row.edition, Holds.COUNT),
    Column("reason", "The reason in words; a purge gives none.", lambda row: row.reason or None),
    Column("into", "Id of the record that it was merged into.", lambda row: row.into),
]


@cache
def tables() -> tuple[Table, ...]:
    """All tables, those of records first."""
    return (
        _records("events", "E", "What was planned, ordered, done or seen."),
        _records("estimates", "M", "Figures, each as somebody said it; they are never added up."),
        _citations(),
        _chains(),
        _inner(
            "terms",
            "EM",
            "Places, papers, people and actors that an event or figure names, each with its role.",
        ),
        _inner("stages", "E", "Steps of measures on two tracks, law and practice."),
        _inner("links", "EM", "How events stand to events, and figures to figures."),
        _inner("legal", "E", "The laws and resolutions that events rest on or break."),
        _records("sources", "S", "Reports, documents and pages that were read."),
        _inner("copies", "S", "Where a source was found and how much of it was read."),
        _inner(
            "derivations",
            "S",
            "What a source rests on: another source or an outlet.",
            "derived_from",
        ),
        _records("outlets", "O", "Who publishes sources."),
        _records("places", "P", "Cities, provinces, countries and other places, as a tree."),
        _inner("names", "PO", "Names of places and outlets, in all scripts."),
        _records(
            "vocabulary",
            "V",
            "The codes of lists that grow; the fixed ones stand in the codebook.",
            "list",
            "code",
        ),
        Table(
            "editions",
            "Every act of publishing up to this edition.",
            OF_EDITIONS,
            ("no",),
            read=_editions,
        ),
        Table(
            name="changes",
            description="What each edition changed, and why.",
            columns=changes.COLUMNS,
            key=changes.KEY,
            read=_changes,
            refers={"edition": ("editions", "no")},
        ),
        Table(
            "removed",
            "Ids whose record is gone: withdrawn, merged or purged.",
            OF_REMOVED,
            read=_removed,
        ),
    )


KINDS = ("E", "M", "S", "O", "P", "V")


def records(db: Session, edition: Reading, kind: str) -> Iterator[Row]:
    """All records of a kind as readers of that edition saw them, a few at a time, in the order of their ids."""
    rows = select(Version.seq).where(edition.holds(), Version.kind == kind, Version.state == "live")
    seqs = packed(db, rows, Version.seq, [Version.number, Version.id.collate("C")])
    return queries.filed(seqs, this(db))
