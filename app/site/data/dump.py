"""The dump of an edition: its tables, the archive, and the files kept on disk.

Tables of records have the columns of the lists, those of repeated rows the public fields of forms.
"""

import csv
import hashlib
import json
import os
import threading
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from io import BufferedIOBase
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any, BinaryIO, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database.engines import reader_engine
from app.database.sessions import ReaderSession
from app.i18n.formats import day
from app.kinds import FORMS, Form, is_private
from app.kinds.base import notes, rows_of
from app.progress import track
from app.record.editions import SelectedEdition, count_purges
from app.record.filters import ChangeFilters
from app.record.models import Edition, PurgedRecord, RecordState, Version
from app.record.names.directory import Directory, read_directory
from app.record.payloads import cited_payload, form_of
from app.record.reads.changelog import find_changes
from app.record.sql.rows import ROWS_PER_BATCH, fetch_seqs, one_session, rows_for_file
from app.settings import Settings
from app.site import changes
from app.site.export.columns import (
    COLUMNS,
    Column,
    ColumnRow,
    ColumnType,
    compact_json,
    csv_cell,
    field_column,
)
from app.site.references.citable import AUTHOR, LICENCES
from app.vocabulary.kinds import CITING_KINDS, NAMED_KINDS, NAMED_LISTS, RecordKind
from app.vocabulary.record import Why
from app.worker_pool import FILES, POOL


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
        *_place_columns("record", "Its place among the rows of the same kind there."),
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


def _place_columns(parent: str, place: str) -> Iterator[Column[Any]]:
    """Yield what a row belongs to, and its place there."""
    yield Column(parent, f"Id of the {parent} that it belongs to.", "parent")
    yield Column("seq", place, "number", ColumnType.COUNT)


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
        *_place_columns("citation", "Its place in the chain; 1 is the speaker."),
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
    Column("no", "Number of the edition.", "no", ColumnType.COUNT),
    Column("at", "Moment of its publication, in UTC.", "at", ColumnType.MOMENT),
    Column("message", "What was said of the whole edition."),
    Column(
        "published_by",
        "Who published it: a role, or the name they chose.",
    ),
    Column(
        "recalculated",
        "Yes if it only calculated the record by newer rules; no source changed.",
        "is_recalculation",
        ColumnType.FLAG,
    ),
]
REMOVED_COLUMNS: list[Column[Any]] = [
    Column("id", "Public id; it is never used again."),
    Column("state", "withdrawn, merged, or purged from every edition."),
    Column("edition", "Number of the edition that did it.", "edition", ColumnType.COUNT),
    Column("reason", "The reason in words; a purge gives none.", lambda row: row.reason or None),
    Column("into", "Id of the record that it was merged into."),
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
            key=("id", "edition"),
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


# Metadata ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DumpInfo:
    """Edition and licence of a dump."""

    edition: SelectedEdition
    licence: str
    public_url: str
    """Permanent address of the site; empty if none is configured."""

    @property
    def name(self) -> str:
        return f"sojourn-edition-{self.edition.no}"

    @property
    def title(self) -> str:
        return f"{AUTHOR}, a record of restrictions on migrant workers: edition {self.edition.no}"

    @property
    def page(self) -> str:
        """Address of the edition's page on data."""
        return f"{self.public_url}/data?edition={self.edition.no}" if self.public_url else ""

    @property
    def citation(self) -> str:
        at = f" {self.page}." if self.page else ""
        return (
            f"{AUTHOR}. Edition {self.edition.no}, "
            f"{day(self.edition.at.date())}.{at} {self.licence}."
        )


# The package ------------------------------------------------------------------------------------

TYPES = {
    ColumnType.TEXT: ("string", "varchar"),
    ColumnType.LIST: ("string", "varchar[]"),
    ColumnType.COUNT: ("integer", "bigint"),
    ColumnType.NUMBER: ("number", "double"),
    ColumnType.FLAG: ("boolean", "boolean"),
    ColumnType.DAY: ("date", "date"),
    ColumnType.MOMENT: ("datetime", "timestamptz"),
}
"""Types of Frictionless, where a list is a string joined by “;”, and of SQL."""


def data_package(about: DumpInfo, folder: Path, sums: Mapping[str, str]) -> dict[str, Any]:
    """Return a Data Package (https://specs.frictionlessdata.io). `sums` are checksums of files."""
    path = LICENCES.get(about.licence)
    return {
        "profile": "tabular-data-package",
        "name": about.name,
        "title": about.title,
        "version": str(about.edition.no),
        "created": about.edition.at.isoformat(timespec="seconds"),
        **({"homepage": about.page} if about.page else {}),
        "licenses": [
            {
                "name": about.licence.replace(" ", "-"),
                "title": about.licence,
                **({"path": path} if path else {}),
            }
        ],
        "contributors": [{"title": AUTHOR, "role": "publisher"}],
        "resources": [_resource(table, folder, sums) for table in tables()],
    }


def _resource(table: DumpTable, folder: Path, sums: Mapping[str, str]) -> dict[str, Any]:
    path = f"data/{table.name}.csv"
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.description,
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": (folder / path).stat().st_size,
        "hash": f"sha256:{sums[path]}",
        "schema": {
            "fields": [
                {
                    "name": each.name,
                    "type": TYPES[each.holds][0],
                    "description": f"{each.description}"
                    f"{' Joined by “;”.' if each.holds is ColumnType.LIST else ''}",
                    **({"constraints": {"required": True}} if each.name in table.key else {}),
                }
                for each in table.columns
            ],
            "missingValues": [""],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {"fields": [own], "reference": {"resource": other, "fields": [there]}}
                for own, (other, there) in (table.refers or {}).items()
            ],
        },
    }


# Text files -------------------------------------------------------------------------------------


def readme(about: DumpInfo, lines: Mapping[str, int]) -> str:
    parts = [
        README.format(
            title=about.title,
            citation=about.citation,
            licence=about.licence,
            at=f" ({LICENCES[about.licence]})" if about.licence in LICENCES else "",
            no=about.edition.no,
        )
    ]
    parts += [
        f"| `data/{table.name}.csv` | {lines[table.name]:,} | {table.description} |\n"
        for table in tables()
    ]
    for table in tables():
        parts.append(f"\n### {table.name}\n\n{table.description} Key: {', '.join(table.key)}.\n\n")
        parts.append("| column | is a | meaning |\n| --- | --- | --- |\n")
        parts += [
            f"| `{each.name}` | {each.holds} | {each.description} |\n" for each in table.columns
        ]
    return "".join(parts)


README = """\
# {title}

Who may stay, who must leave, who was seen leaving, as reported by named sources: everything that readers of
edition {no} could see, and nothing of later editions. What was taken out for the safety of a person is in no edition.

How to cite it: {citation}

* `data/` has one CSV file a table: UTF-8, commas, LF, a header in line 1. An empty cell means “not stated”, never zero.
  Lists in a cell are joined by “;”. A text that a spreadsheet would take for a formula has an apostrophe in front.
  A program that guesses how a file is written may have to be told that `"` quotes: DuckDB reads the changes with
  `read_csv('data/changes.csv', quote='"')`.
* `parquet/` has the same tables with lists as lists and texts as they are.
* `datapackage.json` describes the CSV files as a Frictionless Data Package.
* `SHA256SUMS` has the checksum of every file; `sha256sum -c SHA256SUMS` compares them. The same edition has the same
  bytes whenever it is written.

Before you count: figures of different kinds (people present, arrivals, papers) are never added up. A gap in the record
does not mean that nothing happened; perhaps nobody looked. Dates are EDTF (ISO 8601-2); an event without a day is not
one of the first of the month, and `earliest` and `latest` say what its date leaves open. `corroboration` counts independent
sources, not articles.

The record is under {licence}{at}. Short quotations in it belong to those who wrote them.

## Tables

| file | rows | holds |
| --- | --- | --- |
"""  # noqa: E501


# Writing ----------------------------------------------------------------------------------------


CHUNK_BYTES = 256 * 1024
ROWS_PER_GROUP = 10_240
"""Rows of a row group of Parquet: the most that are in memory at a time."""
DUCKDB_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "memory_limit": "256MB",
    "autoinstall_known_extensions": False,
}
"""One thread, so that the same rows give the same bytes. Nothing is fetched from the network."""


def write_dump(db: Session, about: DumpInfo, folder: Path) -> None:
    """Write all files of a dump into a new or empty folder.

    The same edition always gives the same bytes: the content does not depend on the day, on later
    editions or on the physical order of rows. Memory use does not depend on the number of rows.
    """
    for name in ("data", "parquet"):
        (folder / name).mkdir(parents=True)
    with TemporaryDirectory() as rows:
        lines = _write_rows(db, about.edition, folder / "data", Path(rows))
        # The rest takes minutes for a large record, and the database closes a connection that is
        # idle in a transaction for a minute.
        db.rollback()
        for table in tables():
            to = folder / "parquet" / f"{table.name}.parquet"
            _write_parquet(table, about, Path(rows, table.name), to)
    sums = {path.relative_to(folder).as_posix(): checksum(path) for path in folder.glob("*/*")}
    package = json.dumps(data_package(about, folder, sums), ensure_ascii=False, indent=1)
    for name, text in (
        ("datapackage.json", f"{package}\n"),
        ("README.md", readme(about, lines)),
    ):
        (folder / name).write_text(text, "utf-8")
        sums[name] = checksum(folder / name)
    listed = "".join(f"{sums[name]}  {name}\n" for name in sorted(sums))
    (folder / "SHA256SUMS").write_text(listed, "utf-8")


def checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_rows(
    db: Session, edition: SelectedEdition, to_csv: Path, to_json: Path
) -> dict[str, int]:
    """Write each table as CSV, and as JSON to make Parquet of. Return the numbers of rows."""
    lines = dict.fromkeys((table.name for table in tables()), 0)
    with ExitStack() as files:
        open_files = {}
        for table in tables():
            text = (to_csv / f"{table.name}.csv").open("w", encoding="utf-8", newline="")
            writer = csv.writer(files.enter_context(text), lineterminator="\n")
            writer.writerow([each.name for each in table.columns])
            objects = (to_json / table.name).open("w", encoding="utf-8")
            open_files[table.name] = writer, files.enter_context(objects)

        def add(table: DumpTable, rows: Iterable[Any]) -> None:
            writer, objects = open_files[table.name]
            for row in rows:
                found = {each.name: _plain_value(each.read(row)) for each in table.columns}
                writer.writerow([csv_cell(value) for value in found.values()])
                objects.write(f"{compact_json(found)}\n")
                lines[table.name] += 1

        for kind in KINDS:
            of_kind = [table for table in tables() if kind in table.kinds]
            for found in track(records(db, edition, kind), f"Writing {kind.name.lower()} records"):
                for table in of_kind:
                    add(table, table.rows(found))
        directory = read_directory(db, edition)
        for table in tables():
            if not table.kinds:
                add(table, table.read(db, edition, directory))
    return lines


def _write_parquet(table: DumpTable, about: DumpInfo, rows: Path, to: Path) -> None:
    # Imported here: DuckDB takes a third of a second.
    import duckdb

    types = {each.name: TYPES[each.holds][1] for each in table.columns}
    info = {"edition": str(about.edition.no), "licence": about.licence, "title": about.title}
    with duckdb.connect(config=DUCKDB_CONFIG) as db:
        db.execute(
            f"copy (from read_json({_sql(rows)}, format = 'newline_delimited', "
            f"columns = {_sql(types)})) to {_sql(to)} (format parquet, compression zstd, "
            f"row_group_size {ROWS_PER_GROUP}, kv_metadata {_sql(info)})"
        )


def _sql(value: object) -> str:
    """Return a text, or an object with texts, as SQL."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_sql(key)}: {_sql(each)}' for key, each in value.items())}}}"
    return "'" + str(value).replace("'", "''") + "'"


def _plain_value(value: Any) -> Any:
    """Return a value as JSON has it; empty text becomes None. A time includes its zone."""
    if isinstance(value, (list, tuple)):
        return [str(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return None if value == "" else value


# The cache --------------------------------------------------------------------------------------


MAX_DUMP_SECONDS = 1_800
"""CPU time. A record of a million events takes 620 s."""
MAX_WAIT_SECONDS = 20.0
"""How long a request waits for a dump. Writing continues, so a later request may succeed."""


class DumpNotReadyError(Exception):
    """The requested dump or another one is still being written."""


@dataclass(frozen=True)
class Archive:
    """A finished dump. Its file is closed when the last reference to it is gone."""

    file: BinaryIO
    size: int
    sha256: str

    def chunks(self) -> Iterator[bytes]:
        """Yield the content. `pread` has its own offset, so several responses can share a file."""
        offset = 0
        while chunk := os.pread(self.file.fileno(), CHUNK_BYTES, offset):
            yield chunk
            offset += len(chunk)


class Dumps:
    """Cache of the archive that was requested last. It bounds the disk space in use."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings.for_reading()
        self.lock = threading.Lock()
        self.newest: tuple[object, Future[Archive]] | None = None
        """The archive with its key; it may still be written: one dump at a time."""

    def of(self, db: Session, about: DumpInfo, wait: float = MAX_WAIT_SECONDS) -> Archive:
        """Return the archive of an edition. Raises DumpNotReadyError after `wait` seconds."""
        # The number of purges, because a purge changes past editions.
        key = (about.edition.no, count_purges(db))
        with self.lock:
            written, found = self.newest or (None, None)
            if found and not found.done() and written != key:
                raise DumpNotReadyError
            if not found or written != key or (found.done() and found.exception()):
                found = Future()
                self.newest = key, found
                threading.Thread(
                    target=self._write, args=(about, found), name="dump", daemon=True
                ).start()
        try:
            return found.result(wait)
        except TimeoutError:
            raise DumpNotReadyError from None

    def forget(self) -> None:
        """Empty the cache, because a new edition was published, perhaps with a purge."""
        with self.lock:
            if self.newest and self.newest[1].done():
                self.newest = None

    def _write(self, about: DumpInfo, future: "Future[Archive]") -> None:
        try:
            file = cast(BinaryIO, TemporaryFile())  # noqa: SIM115 - the archive keeps it
            size, sha256 = POOL.run(
                FILES, MAX_DUMP_SECONDS, write_archive_of, self.settings, about, files=[file]
            )
        except BaseException as error:  # re-raised in the waiting requests
            future.set_exception(error)
        else:
            future.set_result(Archive(file, size, sha256))


def write_archive_of(settings: Settings, about: DumpInfo, archive: BinaryIO) -> tuple[int, str]:
    """Call `write_archive` with a new database connection. Runs in a worker process."""
    engine = reader_engine(settings)
    try:
        with ReaderSession(engine) as db:
            return write_archive(db, about, archive)
    finally:
        engine.dispose()


def write_archive(db: Session, about: DumpInfo, archive: BinaryIO) -> tuple[int, str]:
    """Write the files of a dump as ZIP, below one folder. Returns size and checksum.

    The same dump always gives the same bytes.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_dump(db, about, folder)
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as zipped:
            for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                member = zipfile.ZipInfo(
                    f"{about.name}/{path.relative_to(folder)}", about.edition.at.timetuple()[:6]
                )
                member.create_system, member.external_attr = 3, 0o644 << 16
                # Parquet files are compressed already.
                member.compress_type = (
                    zipfile.ZIP_STORED if path.suffix == ".parquet" else zipfile.ZIP_DEFLATED
                )
                with path.open("rb") as file, zipped.open(member, "w", force_zip64=True) as target:
                    copyfileobj(file, target, CHUNK_BYTES)
    archive.seek(0)
    sha256 = hashlib.file_digest(cast(BufferedIOBase, archive), "sha256").hexdigest()
    return archive.tell(), sha256
