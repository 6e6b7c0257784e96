"""Views of the record that can be cited, and their references: title, edition, permanent link."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime
from functools import partial
from html import escape
from textwrap import indent
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from fastapi import Request

from app.dates import edtf
from app.i18n.formats import day
from app.i18n.translate import N_, _, ngettext
from app.record.editions import SelectedEdition
from app.record.index.edition import IndexedEdition
from app.record.models import RecordState, Version
from app.record.names.directory import Directory
from app.record.payloads import source_payload
from app.record.reads.cited_rows import Fingerprint
from app.record.sql.rows import ListRow
from app.site.components.urls import place_page_address, record_address
from app.site.presenters.title import title_parts
from app.vocabulary.kinds import RecordKind
from app.vocabulary.sources import SourceKind
from app.web.errors import CORS_HEADERS
from app.web.state import app_state
from app.web.urls import absolute_url, url

# Formats ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Genre:
    """The type of an item in each format."""

    bibtex: str
    ris: str
    csl: str


DATASET = Genre("misc", "DATA", "dataset")
REPORT = Genre("techreport", "RPRT", "report")
WEB_PAGE = Genre("misc", "ELEC", "webpage")
GENRES = {
    SourceKind.NEWS: Genre("article", "NEWS", "article-newspaper"),
    SourceKind.BLOG: Genre("misc", "BLOG", "post-weblog"),
    SourceKind.LEGAL: WEB_PAGE,
    SourceKind.OTHER: WEB_PAGE,
}
"""Of sources; other kinds are reports."""


SINGLE_QUOTES = str.maketrans("“”", "‘’")


@dataclass(frozen=True)
class Reference:
    """An item to cite. It has no date of access, which readers add themselves."""

    key: str
    genre: Genre
    title: str
    lead: str
    """Text before the title; `tail`: after the title; `after`: after the address."""
    tail: str
    after: str
    url: str
    author: str
    within: str
    """Newspaper, institution or site that published it."""
    issued: edtf.Days
    note: str
    edition: str = ""
    language: str = ""
    is_about: bool = False
    """Whether the date is approximate or uncertain."""

    @property
    def title_in_quotes(self) -> str:
        """The title for within double quotation marks: its own become single ones."""
        return self.title.translate(SINGLE_QUOTES)

    @property
    def in_full(self) -> str:
        text = f"{self.lead}“{self.title_in_quotes}”{self.tail}"
        return " ".join(filter(None, (text, self.url and f"{self.url}.", self.after)))


def source_reference(row: ListRow, directory: Directory) -> Reference:
    """Return the reference of a source."""
    payload = source_payload(row)
    form = payload["form"]
    outlet, author = directory.label("outlet", form["outlet"]), form.get("author", "")
    published, title = form.get("published", ""), form["title"]
    translation = form.get("title_en", "") if form.get("title_en") != title else ""
    return Reference(
        key=f"{form['outlet']}-{row.id}",
        genre=GENRES.get(form["kind"], REPORT),
        title=title,
        lead=f"{author}. " if author else "",
        tail=_("{translation}. {outlet}, {when}.").format(
            translation=f" [{translation}]" if translation else "",
            outlet=outlet,
            when=payload["published_words"] or _("no date"),
        ),
        after=_("Sojourn {id}.").format(id=row.id),
        url=payload["link"],
        author=author,
        within=outlet,
        issued=_possible_days(published),
        note="; ".join(part for part in (_("Sojourn {id}").format(id=row.id), translation) if part),
        language=form.get("language", ""),
        is_about=published.endswith(("~", "?", "%")),
    )


def _possible_days(text: str) -> edtf.Days:
    return (edtf.parse(text).whole if text else None) or edtf.Days()


# The formats ------------------------------------------------------------------------------------


def _bibtex_entry(each: Reference) -> str:
    within = {"article": "journal", "techreport": "institution"}.get(
        each.genre.bibtex, "howpublished"
    )
    known = known_parts(each.issued)
    fields = {
        # Braces preserve capitals in titles, and keep names of institutions in one piece.
        "title": f"{{{_escape_tex(each.title)}}}",
        "author": f"{{{_escape_tex(each.author)}}}" if each.author else "",
        within: _escape_tex(each.within) if each.within != each.author else "",
        "year": str(known[0]) if known else "",
        "month": str(known[1]) if len(known) > 1 else "",
        "day": str(known[2]) if len(known) > 2 else "",
        "edition": each.edition,
        "url": _escape_tex_address(each.url),
        "language": each.language,
        "note": _escape_tex(each.note),
    }
    lines = "".join(f",\n  {name:12} = {{{value}}}" for name, value in fields.items() if value)
    return f"@{each.genre.bibtex}{{{each.key}{lines}\n}}\n"


def _escape_tex(text: str) -> str:
    marks = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    return re.sub(
        r"[\\~^{}&%$#_]", lambda found: marks.get(found[0], f"\\{found[0]}"), _one_line(text)
    )


def _escape_tex_address(address: str) -> str:
    """Encode spaces, braces and backslashes, which would end the field or start a command."""
    return re.sub(r"[\s{}\\]", lambda found: quote(found[0]), address)


def _ris_entry(each: Reference) -> str:
    known = known_parts(each.issued)
    fields = {
        "TY": each.genre.ris,
        "ID": each.key,
        "TI": each.title,
        "AU": each.author,
        "T2": each.within if each.within != each.author else "",
        "PY": f"{known[0]:04}" if known else "",
        "DA": "/".join([f"{part:02}" for part in known] + [""] * (3 - len(known))) if known else "",
        "ET": each.edition,
        "LA": each.language,
        "UR": each.url,
        "N1": each.note,
    }
    lines = [f"{tag}  - {_one_line(value)}\r\n" for tag, value in fields.items() if value]
    return "".join([*lines, "ER  - \r\n"])


def _separated(
    separator: str,
    write: Callable[[Reference], str],
    references: Iterable[Reference],
    start: str = "",
    end: str = "",
) -> Iterator[str]:
    yield start
    for number, each in enumerate(references):
        yield f"{separator if number else ''}{write(each)}"
    yield end


def _csl_entry(each: Reference) -> str:
    item = json.dumps(as_csl_item(each), ensure_ascii=False, indent=1)
    return f"\n{indent(item, ' ')}"


TYPES_WITH_PUBLISHER = {"dataset", "report"}
"""Types with a publisher. Other types have a container, such as a newspaper or site."""


def as_csl_item(each: Reference) -> Mapping[str, Any]:
    """Return an item of CSL-JSON (https://docs.citationstyles.org)."""
    parts = [known_parts(each.issued)]
    first, last = each.issued.first, each.issued.last
    if first and last and not parts[0]:
        parts = [[first.year], [last.year]]
    fields: dict[str, Any] = {
        "id": each.key,
        "type": each.genre.csl,
        "title": each.title,
        "author": [{"literal": each.author}] if each.author else [],
        "publisher"
        if each.genre.csl in TYPES_WITH_PUBLISHER or each.within == each.author
        else "container-title": each.within,
        "issued": {"date-parts": parts} | ({"circa": True} if each.is_about else {})
        if parts[0]
        else {},
        "version": each.edition,
        "language": each.language,
        "URL": each.url,
        "note": each.note,
    }
    return {name: value for name, value in fields.items() if value}


def known_parts(issued: edtf.Days) -> Sequence[int]:
    """Return the year, month and day that are known; empty if the year is unknown."""
    first, last = issued.first, issued.last
    if not (first and last) or first.year != last.year:
        return []
    if first.month != last.month:
        return [first.year]
    return [first.year, first.month, first.day] if first == last else [first.year, first.month]


def _one_line(text: str) -> str:
    return " ".join(text.split())


class Format(NamedTuple):
    label: str
    write: Callable[[Iterable[Reference]], Iterator[str]]
    media_type: str


UTF_8 = "; charset=utf-8"
FORMATS = {
    "bib": Format(
        N_("BibTeX"), partial(_separated, "\n", _bibtex_entry), f"application/x-bibtex{UTF_8}"
    ),
    "ris": Format(
        N_("RIS"),
        partial(_separated, "\r\n", _ris_entry),
        f"application/x-research-info-systems{UTF_8}",
    ),
    "json": Format(
        N_("CSL-JSON"),
        partial(_separated, ",", _csl_entry, start="[", end="\n]"),
        "application/vnd.citationstyles.csl+json",
    ),
    "txt": Format(
        N_("plain text"),
        partial(_separated, "", lambda each: f"{each.in_full}\n"),
        f"text/plain{UTF_8}",
    ),
}
"""By file extension."""


# Licence ----------------------------------------------------------------------------------------


def provenance_headers(
    request: Request, edition: SelectedEdition, links: Sequence[str] = ()
) -> dict[str, str]:
    """Return headers with edition and licence, which every file and JSON response has."""
    return {
        "X-Sojourn-Edition": str(edition.no),
        "Last-Modified": format_datetime(edition.at.astimezone(UTC), usegmt=True),
        "X-Sojourn-Licence": in_ascii(app_state(request).settings.licence),
        "Link": ", ".join([*links, f'<{licence_address(request)}>; rel="license"']),
        **CORS_HEADERS,
    }


def file_headers(
    request: Request, view: "CitableView", ending: str, part: str = ""
) -> dict[str, str]:
    """Return headers of a file to be saved, which names the view that it shows a part of."""
    name = f"sojourn-{view.name}{part}-edition-{view.edition.no}.{ending}"
    cited = f'<{absolute_url(request, view.address)}>; rel="cite-as"'
    return {
        **provenance_headers(request, view.edition, [cited]),
        "X-Sojourn-Filter": in_ascii(view.title),
        "Content-Disposition": f'attachment; filename="{name}"',
    }


def in_ascii(text: str) -> str:
    """Return text for a header. Letters outside ASCII become question marks."""
    return text.encode("ascii", "replace").decode()


LICENCES = {
    "CC BY 4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC BY-SA 4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC0 1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}


def licence_address(request: Request) -> str:
    """Return the address of the licence's text if known, else of the page that names it."""
    return LICENCES.get(app_state(request).settings.licence) or absolute_url(request, url("about"))


# Views ------------------------------------------------------------------------------------------


AUTHOR = "Sojourn"
FINGERPRINT_END = len("sha256:") + 16
"""A citation in plain text has 16 characters of the fingerprint."""


@dataclass(frozen=True)
class CitableView:
    """One view of the record in one edition."""

    edition: IndexedEdition
    page: str
    """Canonical address, which shows the newest edition."""
    name: str
    """Stem for file names and keys, in ASCII: events-china-2019."""
    title: str
    id: str = ""
    said: str = ""
    """Speaker and attribution chain, which every citation of an estimate includes."""
    remark: str = ""
    """Caveats, such as how many rows have weak support."""
    language: str = "en"
    """Language of the title. Titles of sources are in their original language."""
    can_embed: bool = False

    @property
    def address(self) -> str:
        """Permanent link: the canonical address with the edition at the end."""
        return f"{self.page}{'&' if '?' in self.page else '?'}edition={self.edition.no}"


def record_view(edition: IndexedEdition, row: Version, directory: Directory) -> CitableView:
    """Return the view of an event, estimate, source or outlet, live or withdrawn."""
    form = row.payload.get("form", {})
    title, speaker, remark = (
        title_parts(row, directory) if row.is_live else (form.get("title", row.id), "", "")
    )
    if row.state == RecordState.WITHDRAWN:
        remark = _("withdrawn: {reason}").format(reason=row.reason.rstrip("."))
    at = record_address(row.id, form.get("code", ""))
    language = form.get("language", "") if row.kind == RecordKind.SOURCE else "en"
    return CitableView(edition, at, row.id, title, row.id, speaker, remark, language)


def place_view(edition: IndexedEdition, code: str, directory: Directory) -> CitableView:
    """Return the view of a place's estimates and events."""
    place = directory.places[code]
    return CitableView(
        edition=edition,
        page=place_page_address(directory, code),
        name=code,
        title=_("{place}: estimates and events").format(place=directory.label("place", code)),
        id=place.id,
        can_embed=True,
    )


def plain_title(parts: Iterable[str]) -> str:
    """Join parts as plain text, without the full stop that the reference adds."""
    return "".join(parts).replace("\u00a0", " ").strip().rstrip(".")


# References -------------------------------------------------------------------------------------


def reference(request: Request, view: CitableView, found: Fingerprint | None = None) -> Reference:
    """Return the reference of a view. The date of access is left to the reader.

    Pages are cached, so their content must not depend on today's date.
    """
    edition, licence = view.edition, app_state(request).settings.licence
    rows = ngettext("{count} row", "{count} rows", found.rows) if found else ""
    sha256 = f"sha256:{found.sha256}" if found and found.sha256 else ""
    counted = f"{rows}, {sha256[:FINGERPRINT_END]}." if sha256 else ""
    return Reference(
        key=f"sojourn-{view.name}-edition-{edition.no}",
        genre=DATASET,
        title=view.title,
        lead=f"{AUTHOR}. ",
        tail=_("{id}{said}. Edition {no}, {day}.").format(
            id=f", {view.id}" if view.id else "",
            said=f", {view.said}" if view.said else "",
            no=edition.no,
            day=day(edition.at.date()),
        ),
        after=" ".join(filter(None, (counted, f"{licence}.", _("Accessed […].")))),
        url=absolute_url(request, view.address),
        author=AUTHOR,
        within=AUTHOR,
        issued=edtf.Days(edition.at.date(), edition.at.date()),
        note="; ".join(filter(None, (view.id, view.said, view.remark, rows, sha256, licence))),
        edition=str(edition.no),
        language=view.language,
    )


class CiteBox:
    """How to cite a view and how to share it, for its page and the meta tags of the page."""

    def __init__(self, request: Request, view: CitableView) -> None:
        self.view, self.reference = view, reference(request, view)
        self.cite_address = cite_address(view.address)
        # Files of the reference: label, address and media type.
        self.files = reference_files("cite", view.address)
        # The page as requested: of the newest edition, or of a fixed one.
        self.is_lasting = "edition" in request.query_params
        self.now = absolute_url(request, view.page)
        self.address = self.reference.url if self.is_lasting else self.now
        self.picture = absolute_url(request, preview_address(view.address))
        # HTML that embeds the view in another page; empty if it can't be embedded.
        self.code = frame_html(request, view, self.is_lasting) if view.can_embed else ""


def cite_address(of: str, fingerprint: str = "") -> str:
    """Return the address of the page on citing the view at address `of`."""
    return f"{url('cite')}?{_query_string(of=of, fingerprint=fingerprint)}"


def _query_string(**given: str) -> str:
    return urlencode([pair for pair in given.items() if pair[1]], safe="/:?=,.~")


def reference_files(page: str, of: str) -> list[tuple[str, str, str]]:
    """Return the files of the route `page` (citation or bibliography) for address `of`."""
    query = _query_string(of=of)
    return [
        (_(label), f"{url(page)}.{ending}?{query}", media_type.removesuffix(UTF_8))
        for ending, (label, _write, media_type) in FORMATS.items()
    ]


WIDTH, HEIGHT, MARGIN = 600, 315, 24


FRAME_HEIGHT = 640
"""Default height of an embedded frame in pixels: heading, chart and a few rows."""


def preview_address(of: str) -> str:
    """Return the address of the preview picture for the view at `of`."""
    path, mark, query = of.partition("?")
    return url("preview", of=path) + mark + query


def frame_html(
    request: Request,
    view: CitableView,
    is_lasting: bool,
    width: str = "100%",
    height: int = FRAME_HEIGHT,
) -> str:
    """Return the HTML that embeds a view: no script, and no referrer is sent."""
    address = absolute_url(request, url("embed", of=view.address if is_lasting else view.page))
    return (
        f'<iframe src="{escape(address)}" title="{escape(view.title)}" width="{width}" '
        f'height="{height}" loading="lazy" referrerpolicy="no-referrer" frameborder="0"></iframe>'
    )
