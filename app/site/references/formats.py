"""References as people and reference managers read them: plain text, BibTeX, RIS and CSL-JSON, all from one row."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from textwrap import indent
from typing import Any
from urllib.parse import quote, urlencode

from app.dates import edtf as dates
from app.i18n.translate import _
from app.record.names.directory import Directory
from app.record.sql.rows import Found
from app.vocabulary.sources import SourceKind


@dataclass(frozen=True)
class Genre:
    """What a thing is called by each of the formats."""

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


@dataclass(frozen=True)
class Reference:
    """One thing to cite. Nobody is asked for a day of access: it is the reader's to add."""

    key: str
    genre: Genre
    title: str
    lead: str
    """What one would print before the title; `tail` after it, `after` after the address."""
    tail: str
    after: str
    url: str
    author: str
    within: str
    """The newspaper, institution or site that it is part of."""
    issued: dates.Days
    note: str
    edition: str = ""
    language: str = ""
    translation: str = ""
    """Of the title, ours."""
    said: str = ""
    """Who says so, and through whom."""
    is_about: bool = False
    """Whether its date is no more than likely."""

    @property
    def coins(self) -> str:
        """As an OpenURL in Dublin Core, which Zotero and others take from a page (ContextObjects in Spans)."""
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
        kept = [(f"rft.{name}", value) for name, value in fields.items() if value]
        return urlencode(
            [("ctx_ver", "Z39.88-2004"), ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"), *kept]
        )

    @property
    def in_full(self) -> str:
        text = f"{self.lead}“{self.title}”{self.tail}"
        return " ".join(
            part for part in (text, f"{self.url}." if self.url else "", self.after) if part
        )


def source_reference(row: Found, directory: Directory) -> Reference:
    """A source that was read, by what is printed on it."""
    form, payload = row.payload["form"], row.payload
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
        issued=_whole(published),
        note="; ".join(part for part in (_("Sojourn {id}").format(id=row.id), translation) if part),
        language=form.get("language", ""),
        translation=translation,
        is_about=published.endswith(("~", "?", "%")),
    )


def _whole(edtf: str) -> dates.Days:
    return (dates.parse(edtf).whole if edtf else None) or dates.Days()


# The formats ------------------------------------------------------------------------------------------------------


def as_text(references: Iterable[Reference]) -> Iterator[str]:
    return (f"{each.in_full}\n" for each in references)


def as_bibtex(references: Iterable[Reference]) -> Iterator[str]:
    return _with_between("\n", map(_bibtex, references))


def _bibtex(each: Reference) -> str:
    within = {"article": "journal", "techreport": "institution"}.get(
        each.genre.bibtex, "howpublished"
    )
    known = known_parts(each.issued)
    fields = {
        # Braces keep a title's capitals, and a name that is not one person's in one piece.
        "title": f"{{{_tex(each.title)}}}",
        "author": f"{{{_tex(each.author)}}}" if each.author else "",
        within: _tex(each.within) if each.within != each.author else "",
        "year": str(known[0]) if known else "",
        "month": str(known[1]) if len(known) > 1 else "",
        "day": str(known[2]) if len(known) > 2 else "",
        "edition": each.edition,
        "url": _tex_address(each.url),
        "language": each.language,
        "note": _tex(each.note),
    }
    lines = "".join(f",\n  {name:12} = {{{value}}}" for name, value in fields.items() if value)
    return f"@{each.genre.bibtex}{{{each.key}{lines}\n}}\n"


def _tex(text: str) -> str:
    marks = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    return re.sub(
        r"[\\~^{}&%$#_]", lambda found: marks.get(found[0], f"\\{found[0]}"), _one_line(text)
    )


def _tex_address(address: str) -> str:
    """TeX prints an address as it is, but a brace or a backslash in it would end the field and begin a command."""
    return re.sub(r"[\s{}\\]", lambda found: quote(found[0]), address)


def as_ris(references: Iterable[Reference]) -> Iterator[str]:
    return _with_between("\r\n", map(_ris, references))


def _ris(each: Reference) -> str:
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
    return chain(["["], _with_between(",", (f"\n{indent(item, ' ')}" for item in items)), ["\n]"])


def _with_between(between: str, parts: Iterable[str]) -> Iterator[str]:
    for number, part in enumerate(parts):
        yield f"{between}{part}" if number else part


PUBLISHED = {"dataset", "report"}
"""What stands alone, where news is part of a newspaper and a page part of a site."""


def as_csl_item(each: Reference) -> Mapping[str, Any]:
    """An item of CSL-JSON (https://docs.citationstyles.org)."""
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
        if each.genre.csl in PUBLISHED or each.within == each.author
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


def known_parts(issued: dates.Days) -> Sequence[int]:
    """Year, month and day as far as they are known for certain; nothing where it may be of several years."""
    first, last = issued.first, issued.last
    if not (first and last) or first.year != last.year:
        return []
    if first.month != last.month:
        return [first.year]
    return [first.year, first.month, first.day] if first == last else [first.year, first.month]


def on_day(day: date) -> dates.Days:
    return dates.Days(day, day)


def _one_line(text: str) -> str:
    return " ".join(text.split())


FORMATS = {
    "bib": (as_bibtex, "application/x-bibtex; charset=utf-8"),
    "ris": (as_ris, "application/x-research-info-systems; charset=utf-8"),
    "json": (as_csl, "application/vnd.citationstyles.csl+json"),
    "txt": (as_text, "text/plain; charset=utf-8"),
}
"""How references are written, each when its turn comes, by the ending of a file's address."""
