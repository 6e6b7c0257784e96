"""The page on citing a view: its reference in all formats, its sources, and whether an older citation still holds."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from fastapi import Request
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.i18n.translate import N_, _, ngettext
from app.record.names.directory import Directory
from app.record.reads.fingerprints import (
    Behind,
    Fingerprint,
    Since,
    all_sources_behind,
    changed_since,
    fingerprint,
    sources_behind,
)
from app.record.sql.rows import by_seq
from app.record.sql.streaming import Seqs, Sessions, in_batches
from app.site.cite.citable import (
    MOST_FINGERPRINTED,
    Citable,
    NotCitable,
    changes_address,
    citable,
    given,
)
from app.site.export.file_writer import file_answer, in_chunks
from app.site.lists.request import NotUnderstood, names
from app.site.references.citable import View, cite_address, reference, reference_files
from app.site.references.csl_styles import MOST_STYLED, STYLES, Line, lists_in_style
from app.site.references.csl_styles import as_text as as_text_in_style
from app.site.references.formats import FORMATS, Reference, source_reference
from app.site.references.licence import provenance
from app.web.urls import absolute

MOST_SHOWN = 12
"""Sources that the page lists; all of them are in the bibliography."""
MOST_BEHIND = 100_000


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
