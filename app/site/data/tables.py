"""Tables of a dump: kinds of records, their repeated rows, editions, changes and removed records.

Tables of records have the columns of the lists' files. Tables of repeated rows have the public
fields of the forms.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.kinds import FORMS, Form, is_private
from app.kinds.base import notes, rows_of
from app.record.editions import SelectedEdition
from app.record.filters import ChangeFilters
from app.record.models import Edition, PurgedRecord, RecordState, Version
from app.record.names.directory import Directory
from app.record.payloads import cited_payload, form_of
from app.record.reads.changelog import find_changes
from app.record.sql.rows import ROWS_PER_BATCH, fetch_seqs, one_session, rows_for_file
from app.site import changes
from app.site.export.columns import COLUMNS, Column, ColumnRow, ColumnType, field_column
from app.vocabulary.kinds import CITING_KINDS, NAMED_KINDS, NAMED_LISTS, RecordKind
from app.vocabulary.record import Why


@dataclass(frozen=True)
class DumpTable:
    """One table. `rows` makes its rows from records of `kinds`; without kinds, `read` does."""

    name: str
    description: str
    columns: Sequence[Column[Any]]
    key: Sequence[str] = ("id",)
    kinds: Collection[str] = ()
    rows: Callable[[ColumnRow], Iterable[Any]] = lambda found: [found]
    read: Callable[[Session, SelectedEdition, Directory], Iterable[Any]] = lambda *_: ()
    refers: Mapping[str, tuple[str, str]] | None = None
    """Foreign keys: column → table and column."""


# Records ----------------------------------------------------------------------------------------


def _record_table(name: str, kind: str, description: str, *key: str) -> DumpTable:
    columns = COLUMNS[kind]
    if kind == RecordKind.SOURCE:  # which the lists' files have no column for
        columns = [*columns, field_column("url", FORMS[kind].model_fields["url"], form_of)]
    in_editions = dict.fromkeys(("added", "changed"), ("editions", "no"))
    return DumpTable(name, description, columns, key or ("id",), kind, refers=in_editions)


# Repeated rows ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class InnerRow:
    """One repeated row of a record or citation, with its position (from 1)."""

    parent: str
    number: int
    stored: Mapping[str, Any]


def _row_table(name: str, description: str) -> DumpTable:
    """Return the table of the repeated rows in the field that files call `name`."""
    rows = {
        (kind, field): form
        for kind, record in FORMS.items()
        for field, described in record.model_fields.items()
        if (form := rows_of(described)) and name == (notes(described).column or field)
    }
    [field] = {field for _kind, field in rows}
    fields = [
        Column("record", "Id of the record that it belongs to.", lambda row: row.parent),
        Column(
            "seq",
            "Its place among the rows of the same kind there.",
            lambda row: row.number,
            ColumnType.COUNT,
        ),
        *_form_columns(list(rows.values())),
    ]
    return DumpTable(
        name,
        description,
        fields,
        ("record", "seq"),
        [kind for kind, _field in rows],
        lambda found: _inner_rows(found, field),
    )


def _form_columns(forms: Sequence[type[Form]]) -> Iterator[Column[Any]]:
    """Yield the public columns of all these forms; one that a form lacks is empty in its rows."""
    names = dict.fromkeys(name for form in forms for name in form.model_fields)
    for name in names:
        having = [form for form in forms if name in form.model_fields]
        field = having[0].model_fields[name]
        if not is_private(field) and rows_of(field) is None:
            descriptions = dict.fromkeys(
                form.model_fields[name].description or "" for form in having
            )
            yield replace(
                field_column(name, field, lambda row: row.stored),
                description=" Or: ".join(descriptions),
            )


def _inner_rows(found: ColumnRow, field: str) -> Iterator[InnerRow]:
    for number, stored in enumerate(form_of(found).get(field, ()), start=1):
        yield InnerRow(found.id, number, stored)


def _citation_table() -> DumpTable:
    """Return the table of citations with their first speaker. `_chain_table` has all speakers."""
    table = _row_table("citations", "What one source says about one event or figure, through whom.")
    described = {
        "attribution": ("speaker", "What kind of speaker it is whom the source names."),
        "named": (
            "speaker_named",
            "Whether the source names the speaker; empty for an outlet.",
        ),
        "words": ("speaker_words", "Who that is, as coarse as the source has it."),
        "outlet": ("speaker_outlet", "Code of the outlet that speaks, where it is one."),
    }
    speaker: list[Column[InnerRow]] = [
        Column(column, words, _speaker_field(field)) for field, (column, words) in described.items()
    ]
    steps: Column[InnerRow] = Column(
        "steps",
        "Through how many it went, the speaker included.",
        lambda row: len(row.stored["chain"]),
        ColumnType.COUNT,
    )
    fields = [field for field in table.columns if field.name != "id"]
    id_ = next(field for field in table.columns if field.name == "id")
    return replace(table, columns=[id_, *fields, *speaker, steps], key=("id",))


def _speaker_field(name: str) -> Callable[[InnerRow], Any]:
    return lambda row: row.stored["chain"][0].get(name)


def _chain_table() -> DumpTable:
    form = rows_of(FORMS[RecordKind.EVENT].model_fields["citations"])
    step = form and rows_of(form.model_fields["chain"])
    assert step
    fields = [
        Column("citation", "Id of the citation that it belongs to.", lambda row: row.parent),
        Column(
            "seq",
            "Its place in the chain; 1 is the speaker.",
            lambda row: row.number,
            ColumnType.COUNT,
        ),
        *_form_columns([step]),
    ]

    def rows(found: ColumnRow) -> Iterator[InnerRow]:
        for citation in cited_payload(found)["form"].get("citations", ()):
            for number, stored in enumerate(citation["chain"], start=1):
                yield InnerRow(citation["id"], number, stored)

    about = "The steps from a speaker towards the source that was read."
    return DumpTable(
        "chains",
        about,
        fields,
        ("citation", "seq"),
        CITING_KINDS,
        rows,
        refers={"citation": ("citations", "id")},
    )


# Editions, changes and removed records ----------------------------------------------------------


def _read_editions(db: Session, edition: SelectedEdition, _directory: Directory) -> Iterator[Any]:
    yield from db.execute(
        select(
            Edition.no,
            Edition.at,
            Edition.message,
            Edition.published_by,
            Edition.is_recalculation,
        )
        .where(Edition.no <= edition.no)
        .order_by("no")
    )


def _read_changes(db: Session, edition: SelectedEdition, directory: Directory) -> Iterable[Any]:
    """Return all changes, oldest first, including records that were only recalculated."""
    filters = ChangeFilters.made_of({"why": [str(why) for why in Why], "sort": ["oldest"]}, {})
    seqs = find_changes(db, edition, filters, directory)
    return changes.change_rows(seqs, filters, one_session(db), directory)[1]


def _read_removed(db: Session, edition: SelectedEdition, _directory: Directory) -> Iterator[Any]:
    rows = (
        select(
            Version.id,
            Version.state,
            func.coalesce(PurgedRecord.edition, Version.opened).label("edition"),
            Version.reason,
            Version.payload["into"].astext.label("into"),
        )
        .outerjoin(PurgedRecord, PurgedRecord.id == Version.id)
        .where(edition.holds(), Version.state != RecordState.LIVE)
        .order_by(Version.kind, Version.number, Version.id.collate("C"))
    )
    yield from db.execute(rows.execution_options(yield_per=ROWS_PER_BATCH))


EDITION_COLUMNS: list[Column[Any]] = [
    Column("no", "Number of the edition.", lambda row: row.no, ColumnType.COUNT),
    Column("at", "Moment of its publication, in UTC.", lambda row: row.at, ColumnType.MOMENT),
    Column("message", "What was said of the whole edition.", lambda row: row.message),
    Column(
        "published_by",
        "Who published it: a role, or the name they chose.",
        lambda row: row.published_by,
    ),
    Column(
        "recalculated",
        "Yes if it only calculated the record by newer rules; no source changed.",
        lambda row: row.is_recalculation,
        ColumnType.FLAG,
    ),
]
REMOVED_COLUMNS: list[Column[Any]] = [
    Column("id", "Public id; it is never used again.", lambda row: row.id),
    Column("state", "withdrawn, merged, or purged from every edition.", lambda row: row.state),
    Column(
        "edition", "Number of the edition that did it.", lambda row: row.edition, ColumnType.COUNT
    ),
    Column("reason", "The reason in words; a purge gives none.", lambda row: row.reason or None),
    Column("into", "Id of the record that it was merged into.", lambda row: row.into),
]


@cache
def tables() -> tuple[DumpTable, ...]:
    """Return all tables in the order of the README."""
    return (
        _record_table("events", RecordKind.EVENT, "What was planned, ordered, done or seen."),
        _record_table(
            "estimates",
            RecordKind.ESTIMATE,
            "Figures, each as somebody said it; they are never added up.",
        ),
        _citation_table(),
        _chain_table(),
        _row_table(
            "terms",
            "Places, papers, people and actors that an event or figure names, each with its role.",
        ),
        _row_table("stages", "Steps of measures on two tracks, law and practice."),
        _row_table("links", "How events stand to events, and figures to figures."),
        _row_table(
            "legal",
            "Laws and resolutions that events are based on or break.",
        ),
        _row_table(
            "joined_sources",
            "Sources that the editors count as one, or apart from all others, with the reason.",
        ),
        _record_table("sources", RecordKind.SOURCE, "Reports, documents and pages that were read."),
        _row_table("copies", "Where a source was found and how much of it was read."),
        _row_table("derivations", "What a source rests on: another source or an outlet."),
        *(
            _record_table(name, noun.kind, FORMS[noun.kind].WORDS.description)
            for name, noun in reversed(NAMED_LISTS.items())
        ),
        _row_table("names", "Names of actors, laws, places, outlets and pages."),
        _row_table("law_articles", "Articles of laws, in our own words."),
        _row_table("page_sections", "Parts of pages, such as the publisher."),
        _row_table("page_marks", "Events that the picture on the front page shows."),
        _record_table(
            "vocabulary",
            RecordKind.CODE,
            "The codes of lists that grow; the fixed ones stand in the codebook.",
            "list",
            "code",
        ),
        DumpTable(
            "editions",
            "Every act of publishing up to this edition.",
            EDITION_COLUMNS,
            ("no",),
            read=_read_editions,
        ),
        DumpTable(
            name="changes",
            description="What each edition changed, and why.",
            columns=changes.COLUMNS,
            key=changes.Changes.key,
            read=_read_changes,
            refers={"edition": ("editions", "no")},
        ),
        DumpTable(
            "removed",
            "Ids whose record is gone: withdrawn, merged or purged.",
            REMOVED_COLUMNS,
            read=_read_removed,
        ),
    )


KINDS = (*CITING_KINDS, RecordKind.SOURCE, *reversed(NAMED_KINDS), RecordKind.CODE)


def records(db: Session, edition: SelectedEdition, kind: str) -> Iterator[ColumnRow]:
    """Yield all records of a kind in an edition, in batches, ordered by id."""
    rows = select(Version.seq).where(edition.holds(), Version.kind == kind, Version.is_live)
    seqs = fetch_seqs(db, rows, Version.seq, [Version.number, Version.id.collate("C")])
    return rows_for_file(seqs, one_session(db))
