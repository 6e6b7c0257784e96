"""What can be cited, and how: each view of the record by its title in words, its edition and its lasting address."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import Request

from app.i18n.formats import day
from app.i18n.translate import _, ngettext
from app.record.editions import Reading
from app.record.filters import EventFilters, ListFilters
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.reads.fingerprints import Fingerprint
from app.site.components.linked_text import Part
from app.site.components.record_title import named
from app.site.components.urls import address, list_name, place_page_address, record_address
from app.site.references.formats import DATASET, Reference, on_day
from app.web.urls import absolute, url

AUTHOR = "Sojourn"
IN_TEXT = 16
"""Letters of a fingerprint that a citation in words carries: enough to tell that nothing changed by chance."""


@dataclass(frozen=True)
class View:
    """One view of the record in one edition."""

    edition: Reading
    page: str
    """Its canonical address, which leads to the newest edition."""
    name: str
    """What it is, in letters that every system takes: events-china-2019."""
    title: str
    id: str = ""
    said: str = ""
    """Who says so, through whom: no figure is cited without."""
    remark: str = ""
    """What a reader must know of it first, such as how many rows are weak."""
    language: str = "en"
    """Of the title, which a source has in its own."""
    has_figure: bool = False
    """Whether there is a drawing of it: a histogram or a chart."""
    can_embed: bool = False

    @property
    def address(self) -> str:
        """The canonical address with the edition, which comes last: nothing shorter, that could be lost."""
        return f"{self.page}{'&' if '?' in self.page else '?'}edition={self.edition.no}"


def of_list(edition: Reading, filters: ListFilters, said: Sequence[Part]) -> View:
    """A list, by the sentence over it."""
    bare = filters.with_(after=None, limit=None, edition=None)
    return View(
        edition=edition,
        page=address(bare),
        name=list_name(bare),
        title=plain_title(part.text for part in said if not part.is_aside),
        remark=plain_title(part.text for part in said if part.is_aside),
        has_figure=True,
        can_embed=isinstance(bare, EventFilters),
    )


def of_record(edition: Reading, row: Version, directory: Directory) -> View:
    """An event, figure, source or outlet; one that was withdrawn says so."""
    form = row.payload.get("form", {})
    title, said, remark = (
        named(row, directory) if row.state == "live" else (form.get("title", row.id), "", "")
    )
    if row.state == "withdrawn":
        remark = _("withdrawn: {reason}").format(reason=row.reason.rstrip("."))
    at = record_address(row.id, form.get("code", ""))
    language = form.get("language", "") if row.kind == "S" else "en"
    return View(edition, at, row.id, title, row.id, said, remark, language)


def of_place(edition: Reading, code: str, directory: Directory) -> View:
    """A city, or any other place: its figures and events."""
    place = directory.places[code]
    return View(
        edition=edition,
        page=place_page_address(directory, code),
        name=code,
        title=_("{place}: worker figures and events").format(place=directory.label("place", code)),
        id=place.id,
        has_figure=True,
        can_embed=True,
    )


def plain_title(parts: Iterable[str]) -> str:
    """Plain words without the full stop, which the reference sets."""
    return "".join(parts).replace("\u00a0", " ").strip().rstrip(".")


# The reference ----------------------------------------------------------------------------------------------------


def reference(request: Request, view: View, found: Fingerprint | None = None) -> Reference:
    """How to cite it; the day of access is the reader's to add, since nothing here depends on today."""
    edition, licence = view.edition, request.app.state.settings.licence
    rows = ngettext("{count} row", "{count} rows", found.rows) if found else ""
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
        after=" ".join(
            [
                *([f"{rows}, sha256:{found.sha256[:IN_TEXT]}."] if found and found.sha256 else []),
                f"{licence}.",
                _("Accessed […]."),
            ]
        ),
        url=absolute(request, view.address),
        author=AUTHOR,
        within=AUTHOR,
        issued=on_day(edition.at.date()),
        note="; ".join(
            part
            for part in (
                view.id,
                view.said,
                view.remark,
                rows,
                f"sha256:{found.sha256}" if found and found.sha256 else "",
                licence,
            )
            if part
        ),
        edition=str(edition.no),
        language=view.language,
        said=view.said,
    )


@dataclass(frozen=True)
class CiteBox:
    """How to cite a page: for `site/components/citebox.html`, and for reference managers in the page's head."""

    reference: Reference
    lasting: str
    """The cited view itself, on this site by whatever name it is reached."""
    address: str
    """The page with everything on citing this view."""
    files: Sequence[tuple[str, str, str]]
    """The reference as a file: label, address and content type."""
    meta: Sequence[tuple[str, str]]
    """Names and contents of Dublin Core, which Zotero and other collectors read."""


def citebox(request: Request, view: View) -> CiteBox:
    said = reference(request, view)
    return CiteBox(
        reference=said,
        lasting=view.address,
        address=cite_address(view.address),
        files=reference_files("cite", view.address),
        meta=[
            ("DC.title", said.title),
            ("DC.creator", said.author),
            ("DC.publisher", said.within),
            ("DC.date", view.edition.at.date().isoformat()),
            ("DC.identifier", said.url),
            ("DC.type", "Dataset"),
            ("DC.language", said.language),
            ("DC.rights", request.app.state.settings.licence),
        ],
    )


def cite_address(of: str, fingerprint: str = "", style: str = "") -> str:
    """The page on citing what stands at another address."""
    return f"{url('cite')}?{_query(of=of, fingerprint=fingerprint, style=style)}"


def _query(**given: str) -> str:
    return urlencode([pair for pair in given.items() if pair[1]], safe="/:?=,.~")


def reference_files(page: str, of: str, style: str = "") -> list[tuple[str, str, str]]:
    """The files of a citation, or of a bibliography, for what stands at that address; plain text may be in a style."""
    query = _query(of=of)
    return [
        ("BibTeX", f"{url(page)}.bib?{query}", "application/x-bibtex"),
        ("RIS", f"{url(page)}.ris?{query}", "application/x-research-info-systems"),
        ("CSL-JSON", f"{url(page)}.json?{query}", "application/vnd.citationstyles.csl+json"),
        (_("plain text"), f"{url(page)}.txt?{_query(of=of, style=style)}", "text/plain"),
    ]
