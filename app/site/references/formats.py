"""Formats of references: plain text, BibTeX, RIS, CSL-JSON and COinS."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from textwrap import indent
from typing import Any
from urllib.parse import quote, urlencode

from app.dates import edtf
from app.i18n.translate import _
from app.record.names.directory import Directory
from app.record.payloads import source_payload
from app.record.sql.rows import ListRow
from app.vocabulary.sources import SourceKind


@dataclass(frozen=True)
class Genre:
    """The type of an item in each format."""

    bibtex: str
    ris: str
    csl: str


DATASET = Genre("misc", "DATA", "dataset")
GENRES = {
    SourceKind.NEWS: Genre("article", "NEWS", "article-newspaper"),
    SourceKind.GOVERNMENT: Genre("techreport", "RPRT", "report"),
    SourceKind.UN_DOCUMENT: Genre("techreport", "RPRT", "report"),
    SourceKind.NGO: Genre("techreport", "RPRT", "report"),
    SourceKind.RESEARCH: Genre("techreport", "RPRT", "report"),
    SourceKind.LEGAL: Genre("misc", "ELEC", "webpage"),
    SourceKind.BLOG: Genre("misc", "BLOG", "post-weblog"),
    SourceKind.OTHER: Genre("misc", "ELEC", "webpage"),
}


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
    def coins(self) -> str:
        """The reference as an OpenURL (COinS), which Zotero and others read from a page."""
        fields = {
            "title": self.title,
            "creator": self.author,
            "publisher": self.within,
            "date": "-".join(f"{part:02}" for part in known_parts(self.issued)),
            "type": self.genre.csl,
            "language": self.language,
            "identifier": self.url,
            "description": self.note,
        }
        pairs = [(f"rft.{name}", value) for name, value in fields.items() if value]
        return urlencode(
            [("ctx_ver", "Z39.88-2004"), ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"), *pairs]
        )

    @property
    def in_full(self) -> str:
        text = f"{self.lead}“{self.title_in_quotes}”{self.tail}"
        return " ".join(
            part for part in (text, f"{self.url}." if self.url else "", self.after) if part
        )


def source_reference(row: ListRow, directory: Directory) -> Reference:
    """Return the reference of a source."""
    payload = source_payload(row)
    form = payload["form"]
    outlet, author = directory.label("outlet", form["outlet"]), form.get("author", "")
    published, title = form.get("published", ""), form["title"]
    translation = form.get("title_en", "") if form.get("title_en") != title else ""
    return Reference(
        key=f"{form['outlet']}-{row.id}",
        genre=GENRES[SourceKind(form["kind"])],
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


def as_text(references: Iterable[Reference]) -> Iterator[str]:
    return (f"{each.in_full}\n" for each in references)


def as_bibtex(references: Iterable[Reference]) -> Iterator[str]:
    return _separated("\n", map(_bibtex_entry, references))


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


def as_ris(references: Iterable[Reference]) -> Iterator[str]:
    return _separated("\r\n", map(_ris_entry, references))


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


def as_csl(references: Iterable[Reference]) -> Iterator[str]:
    items = (json.dumps(as_csl_item(each), ensure_ascii=False, indent=1) for each in references)
    return chain(["["], _separated(",", (f"\n{indent(item, ' ')}" for item in items)), ["\n]"])


def _separated(separator: str, parts: Iterable[str]) -> Iterator[str]:
    for number, part in enumerate(parts):
        yield f"{separator}{part}" if number else part


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


def on_day(day: date) -> edtf.Days:
    return edtf.Days(day, day)


def _one_line(text: str) -> str:
    return " ".join(text.split())


FORMATS = {
    "bib": (as_bibtex, "application/x-bibtex; charset=utf-8"),
    "ris": (as_ris, "application/x-research-info-systems; charset=utf-8"),
    "json": (as_csl, "application/vnd.citationstyles.csl+json"),
    "txt": (as_text, "text/plain; charset=utf-8"),
}
"""Writer and media type of each format, by file extension."""
