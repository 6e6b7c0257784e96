"""The page on citing a view: its reference in all formats, its sources, and whether an older citation still holds."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import parse_qsl

from fastapi import Request
from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.i18n.translate import N_, _, ngettext
from app.record import editions
from app.record.editions import NoEdition, Reading
from app.record.filters import LISTS, ChangeFilters, CityFilters, ListFilters
from app.record.lists import backend
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.reads import measures
from app.record.reads.changelog import LETTERS
from app.record.reads.fingerprints import (
    Behind,
    Fingerprint,
    Since,
    all_sources_behind,
    changed_since,
    fingerprint,
    rows_found,
    sources_behind,
)
from app.record.sql.by_name import find
from app.record.sql.counts import Counts
from app.record.sql.rows import by_seq
from app.record.sql.streaming import Seqs, Sessions, in_batches
from app.record.terms import term_numbers
from app.site.cities.cities import view_of_cities
from app.site.components.urls import RECORDS, address, list_address, place_page_address
from app.site.export.file_writer import file_answer, in_chunks
from app.site.lists.request import NotUnderstood, names
from app.site.lists.summary import sentence
from app.site.references import citable as citing
from app.site.references.citable import View, cite_address, reference, reference_files
from app.site.references.csl_styles import MOST_STYLED, STYLES, Line, lists_in_style
from app.site.references.csl_styles import as_text as as_text_in_style
from app.site.references.formats import FORMATS, Reference, source_reference
from app.site.references.licence import provenance
from app.site.status import page as citing_page
from app.site.status.on_day import parse_filters as parse_status_filters
from app.web.urls import absolute, url

MOST_SHOWN = 12
"""Sources that the page lists; all of them are in the bibliography."""
MOST_FINGERPRINTED = 100_000
"""Rows whose content is read for a fingerprint; a reader who waits longer is not helped by one."""
MOST_BEHIND = 100_000
KINDS = {letter: kind for kind, letter in LETTERS.items()}
LONGEST = 4_000


class NotCitable(LookupError):
    """What was given leads to no view of the record."""


# Parsing an address -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Given:
    """What a reader typed or pasted: an address, or a whole citation with address and fingerprint in it."""

    address: str
    fingerprint: str

    @classmethod
    def of(cls, text: str, fingerprint: str) -> "Given":
        text = text[:LONGEST]
        address = re.search(r"(?:https?://[^\s/]+)?(/[^\s<>“”]*)", text)
        sha256 = re.search(
            r"(?:sha-?256[:\s]*)?([0-9a-f][0-9a-f ]{6,}[0-9a-f])", fingerprint.lower()
        )
        if sha256 is None:
            sha256 = re.search(r"sha-?256[:\s]*([0-9a-f]{8,64})", text.lower())
        return cls(
            address[1].rstrip(".,;:)") if address else "",
            sha256[1].replace(" ", "")[:64] if sha256 else "",
        )


def given(request: Request) -> Given:
    return Given.of(request.query_params.get("of", ""), request.query_params.get("fingerprint", ""))


def style_of(request: Request) -> str:
    """The style asked for, by its code; empty is our own, and so is what nobody knows."""
    code = request.query_params.get("style", "")
    return code if code in STYLES else ""


@dataclass(frozen=True)
class Citable:
    """A view, with the rows that it shows in any edition."""

    view: View
    directory: Directory
    rows: Callable[[Reading, Directory], ColumnElement[bool]]
    total: int
    """How many there are, as far as that is known without counting: 0 for views that are small."""
    changed: Sequence[tuple[str, str]]
    """The keys by which the page of changes finds what became of it."""
    filters: ListFilters | None = None
    """Of a list, and what it counted; of a record its row; of a place its code."""
    counted: Counts | None = None
    row: Version | None = None
    place: str = ""


def citable(request: Request, db: Session, text: str) -> Citable:
    """The view at an address of ours; NotCitable where there is none."""
    path, _mark, query = text.partition("#")[0].partition("?")
    page, _slash, name = path.strip("/").partition(".")[0].partition("/")
    pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
    try:
        edition = editions.reading(db, dict(pairs).get("edition", ""))
    except NoEdition as error:
        raise NotCitable(str(error)) from None
    directory = names(request, db, edition)
    if name:
        return _one(db, edition, page, name, directory)
    for lists in LISTS.values():
        if f"/{page}" == list_address(lists.KIND):
            return _list(db, edition, directory.led_on(lists.from_pairs(pairs)[0]), directory)
    if f"/{page}" == url("cities"):
        return _cities(edition, directory.led_on(CityFilters.from_pairs(pairs)[0]), directory)
    if f"/{page}" == url("status"):
        return _day(db, edition, pairs, directory)
    raise NotCitable(text)


def _list(db: Session, edition: Reading, filters: ListFilters, directory: Directory) -> Citable:
    counted = backend.counts(db, edition, filters, directory)
    return Citable(
        view=citing.of_list(
            edition, filters, sentence(filters.with_(edition=None), counted, directory)
        ),
        directory=directory,
        rows=lambda _edition, directory: rows_found(directory.led_on(filters), directory),
        total=counted.total,
        changed=[("what", KINDS[filters.KIND]), *filters.narrowing.pairs()],
        filters=filters,
        counted=counted,
    )


def _one(db: Session, edition: Reading, page: str, name: str, directory: Directory) -> Citable:
    """One record, or a place with its figures and events."""
    at = f"/{page}/{name}"
    for kind, record_page in RECORDS.items():
        if kind != "P" and at == url(record_page, id=name, code=name):
            row = find(db, edition, kind, name)
            if row is None or row.state in {"purged", "merged"}:
                raise NotCitable(at)
            view = citing.of_record(edition, row, directory)
            return Citable(view, directory, _record(row, name), 0, [("id", row.id)], row=row)
    if name in directory.places and at == place_page_address(directory, name):
        view = citing.of_place(edition, name, directory)
        return Citable(
            view, directory, _of("place", [name], "ME"), 0, [("place", name)], place=name
        )
    raise NotCitable(at)


def _cities(edition: Reading, filters: CityFilters, directory: Directory) -> Citable:
    places = filters["place"]
    view = view_of_cities(edition, filters, directory)
    return Citable(
        view, directory, _of("place", places, "ME"), 0, [("place", code) for code in places]
    )


def _day(
    db: Session, edition: Reading, pairs: Sequence[tuple[str, str]], directory: Directory
) -> Citable:
    filters, _dropped = parse_status_filters(pairs, directory)

    def rows(edition: Reading, directory: Directory) -> ColumnElement[bool]:
        found = measures.measures(db, edition, directory.led_on(filters), directory)
        return Version.id.in_([measure.id for measure in found])

    return Citable(
        citing_page.view_of_day(edition, filters, directory),
        directory,
        rows,
        0,
        [("place", code) for code in filters["place"]],
    )


def _of(
    key: str, codes: Sequence[str], kinds: str
) -> Callable[[Reading, Directory], ColumnElement[bool]]:
    """Rows of these kinds with any of these codes, as they are called in each edition; all rows where none is given."""

    def rows(_edition: Reading, directory: Directory) -> ColumnElement[bool]:
        live = and_(Version.kind.in_(list(kinds)), Version.state == "live")
        wanted = term_numbers((key, directory.now(key, code)) for code in codes)
        return and_(live, Version.terms.overlap(wanted)) if codes else live

    return rows


def _record(row: Version, code: str) -> Callable[[Reading, Directory], ColumnElement[bool]]:
    """One record; an outlet with its sources."""
    itself, its_sources = Version.id == row.id, _of("outlet", [code], "S")
    if row.kind != "O":
        return lambda _edition, _directory: itself
    return lambda edition, directory: or_(itself, its_sources(edition, directory))


# The page -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Written:
    """A reference in one of the formats, and its file."""

    label: str
    id: str
    text: str
    address: str
    media_type: str


@dataclass(frozen=True)
class CitePage:
    """Everything that `site/cite/page.html` prints of a view."""

    view: View
    reference: Reference
    rows: str
    sha256: str
    groups: Sequence[str]
    """The fingerprint in groups of eight, to be read."""
    style: str
    styles: Sequence[tuple[str, str, bool]]
    """All there are: labels and addresses of this page, and whether that is the style it is in."""
    in_style: Sequence[Line]
    """The reference in the style asked for; nothing where that is our own."""
    formats: Sequence[Written]
    sources: Sequence[Reference]
    sources_in_style: Sequence[Line]
    sources_total: int
    sources_uncounted: bool
    """Whether the view has too many rows to look for their sources; the files have them."""
    bibliography: Sequence[tuple[str, str, str]]
    holds: bool | None
    """Whether the fingerprint that was given is that of the view; None where none was."""
    since: Since | None
    """What the newest edition has otherwise; None where the cited one is the newest."""
    changes_address: str
    address_now: str
    """The page on citing the same view of the newest edition."""


def cite(request: Request, db: Session, found: Citable, claimed: str, style: str) -> CitePage:
    """Two statements beside those that found the view, and one more where the edition is not the newest."""
    view, rows = found.view, found.rows(found.view.edition, found.directory)
    print_ = _fingerprint(db, found, rows)
    behind = _behind(db, found, rows)
    said = reference(request, view, print_)
    sources = [source_reference(row, found.directory) for row in behind.first]
    styled, sources_styled = lists_in_style([[said], sources], style) if style else ([], [])
    return CitePage(
        view=view,
        reference=said,
        rows=ngettext("{count} row", "{count} rows", print_.rows),
        sha256=print_.sha256,
        groups=re.findall(".{1,8}", print_.sha256),
        style=style,
        styles=[
            (_(label), cite_address(view.address, claimed, code), code == style)
            for code, label in [
                ("", N_("Ours")),
                *((code, each.label) for code, each in STYLES.items()),
            ]
        ],
        in_style=styled,
        formats=[
            Written(label, ending, "".join(write([said])), address, media_type)
            for (ending, (write, media_type)), (label, address, _type) in zip(
                FORMATS.items(), reference_files("cite", view.address, style), strict=True
            )
        ],
        sources=sources,
        sources_in_style=sources_styled,
        sources_total=behind.total,
        sources_uncounted=found.total > MOST_BEHIND,
        bibliography=reference_files("bibliography", view.address, style),
        holds=print_.sha256.startswith(claimed) if claimed else None,
        since=_since(request, db, found, rows),
        changes_address=changes_address(found),
        address_now=cite_address(view.page),
    )


def _fingerprint(db: Session, found: Citable, rows: ColumnElement[bool]) -> Fingerprint:
    if found.total > MOST_FINGERPRINTED:
        return Fingerprint(found.total, "")
    return fingerprint(db, found.view.edition, rows)


def _behind(db: Session, found: Citable, rows: ColumnElement[bool]) -> Behind:
    if found.total > MOST_BEHIND:
        return Behind([], 0)
    return sources_behind(db, found.view.edition, rows, MOST_SHOWN)


def _since(
    request: Request, db: Session, found: Citable, rows: ColumnElement[bool]
) -> Since | None:
    edition = found.view.edition
    if edition.is_newest or found.total > MOST_FINGERPRINTED:
        return None
    now = replace(edition, no=edition.newest)  # only its number is asked for
    return changed_since(db, edition, rows, now, found.rows(now, names(request, db, now)))


def changes_address(found: Citable) -> str:
    """What became of it since, as far as changes can be asked by the same keys."""
    return address(
        ChangeFilters.from_pairs([*found.changed, ("since", str(found.view.edition.no + 1))])[0]
    )


# Files --------------------------------------------------------------------------------------------


def reference_file(request: Request, db: Session, ending: str) -> Response:
    """The reference alone."""
    found = _asked_for(request, db, ending)
    rows = found.rows(found.view.edition, found.directory)
    references = [reference(request, found.view, _fingerprint(db, found, rows))]
    style = _style_of_file(request, ending)
    text = as_text_in_style(references, style) if style else "".join(FORMATS[ending][0](references))
    return Response(
        text, media_type=FORMATS[ending][1], headers=_headers(request, found, "", style, ending)
    )


def bibliography_file(request: Request, db: Session, ending: str) -> Response:
    """All sources behind the view, in the order of their ids. In a style of others, as many as can be printed."""
    found = _asked_for(request, db, ending)
    edition, names = found.view.edition, found.directory
    rows, style = found.rows(edition, names), _style_of_file(request, ending)
    headers = _headers(request, found, "-sources", style, ending)
    if not style:
        seqs = all_sources_behind(db, edition, rows)
        write, media_type = partial(write_references, ending, seqs), FORMATS[ending][1]
        return file_answer(
            request,
            edition,
            names,
            rows=len(seqs),
            write=write,
            media_type=media_type,
            headers=headers,
        )
    behind = sources_behind(db, edition, rows, MOST_STYLED)
    text = as_text_in_style([source_reference(row, names) for row in behind.first], style)
    if behind.total > len(behind.first):
        _label, whole, _type = reference_files("bibliography", found.view.address)[2]
        words = _("These are the first {shown} of {total} sources. All of them: {address}")
        text += (
            "\n"
            + words.format(
                shown=len(behind.first), total=behind.total, address=absolute(request, whole)
            )
            + "\n"
        )
    return Response(text, media_type=FORMATS[ending][1], headers=headers)


def write_references(
    ending: str, seqs: Seqs, sessions: Sessions, directory: Directory
) -> Iterator[str]:
    """Yield the references of these sources, some at a time, in this process or in a worker."""
    found = in_batches(seqs, by_seq, sessions)
    return in_chunks(FORMATS[ending][0](source_reference(row, directory) for row in found))


def _asked_for(request: Request, db: Session, ending: str) -> Citable:
    if ending not in FORMATS:
        raise HTTPException(404)
    try:
        return citable(request, db, given(request).address)
    except NotCitable:
        raise NotUnderstood([("of", "is no address of a view of this record")]) from None


def _headers(
    request: Request, found: Citable, what: str, style: str, ending: str
) -> dict[str, str]:
    view = found.view
    name = f"sojourn-{view.name}{what}{f'-{style}' if style else ''}-edition-{view.edition.no}.{ending}"
    return {
        **provenance(
            request, view.edition, [f'<{absolute(request, view.address)}>; rel="cite-as"']
        ),
        "Content-Disposition": f'attachment; filename="{name}"',
    }


def _style_of_file(request: Request, ending: str) -> str:
    """The style asked for; other than a page, a file does not guess."""
    style = request.query_params.get("style", "")
    if style and style not in STYLES:
        raise NotUnderstood([("style", f"is none of {', '.join(STYLES)}")])
    if style and ending != "txt":
        raise NotUnderstood([("style", "is for plain text, .txt")])
    return style
