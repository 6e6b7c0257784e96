"""Views of the record that can be cited, and their references: title, edition, permanent link."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from fastapi import Request

from app.i18n.formats import day
from app.i18n.translate import _, ngettext
from app.record.editions import SelectedEdition
from app.record.index.edition import IndexedEdition
from app.record.models import RecordState, Version
from app.record.names.directory import Directory
from app.record.reads.fingerprints import Fingerprint
from app.site.components.urls import place_page_address, record_address
from app.site.presenters.title import title_parts
from app.site.references.formats import DATASET, Reference, on_day
from app.vocabulary.kinds import RecordKind
from app.web.state import app_state
from app.web.urls import absolute_url, url

AUTHOR = "Sojourn"
FINGERPRINT_CHARACTERS = 16
"""Characters of the fingerprint in a plain-text citation."""


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
                *(
                    [f"{rows}, sha256:{found.sha256[:FINGERPRINT_CHARACTERS]}."]
                    if found and found.sha256
                    else []
                ),
                f"{licence}.",
                _("Accessed […]."),
            ]
        ),
        url=absolute_url(request, view.address),
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
    )


class CiteBox:
    """How to cite a page: for `site/components/citebox.html`, and for the meta tags of the page."""

    def __init__(self, request: Request, view: CitableView) -> None:
        cited = reference(request, view)
        self.reference = cited
        # Permanent link without the host name.
        self.lasting = view.address
        # Address of the page on citing this view.
        self.address = cite_address(view.address)
        # Files of the reference: label, address and media type.
        self.files = reference_files("cite", view.address)
        # Names and contents of Dublin Core meta tags, which Zotero and others read.
        self.meta = [
            ("DC.title", cited.title),
            ("DC.creator", cited.author),
            ("DC.publisher", cited.within),
            ("DC.date", view.edition.at.date().isoformat()),
            ("DC.identifier", cited.url),
            ("DC.type", "Dataset"),
            ("DC.language", cited.language),
            ("DC.rights", app_state(request).settings.licence),
        ]


def cite_address(of: str, fingerprint: str = "") -> str:
    """Return the address of the page on citing the view at address `of`."""
    return f"{url('cite')}?{_query_string(of=of, fingerprint=fingerprint)}"


def _query_string(**given: str) -> str:
    return urlencode([pair for pair in given.items() if pair[1]], safe="/:?=,.~")


def reference_files(page: str, of: str) -> list[tuple[str, str, str]]:
    """Return the files of the route `page` (citation or bibliography) for address `of`."""
    query = _query_string(of=of)
    return [
        ("BibTeX", f"{url(page)}.bib?{query}", "application/x-bibtex"),
        ("RIS", f"{url(page)}.ris?{query}", "application/x-research-info-systems"),
        ("CSL-JSON", f"{url(page)}.json?{query}", "application/vnd.citationstyles.csl+json"),
        (_("plain text"), f"{url(page)}.txt?{query}", "text/plain"),
    ]


WIDTH, HEIGHT, MARGIN = 600, 315, 24


FRAME_HEIGHT = 640
"""Default height of an embedded frame in pixels: heading, chart and a few rows."""


@dataclass(frozen=True)
class ShareLinks:
    """For `site/components/share_links.html`, and for the Open Graph tags of the page."""

    address: str
    """Address of the requested page: of the newest edition, or of a fixed one."""
    is_lasting: bool
    picture: str
    now: str = ""
    """Full address of the newest edition; `lasting`: permanent link. Empty for other pages."""
    lasting: str = ""
    code: str = ""
    """HTML that embeds the view in another page; empty if it can't be embedded."""
    oembed: str = ""


def share_links(request: Request, view: CitableView) -> ShareLinks:
    is_lasting = "edition" in request.query_params
    address = absolute_url(request, view.address if is_lasting else view.page)
    return ShareLinks(
        address=address,
        is_lasting=is_lasting,
        picture=absolute_url(request, preview_address(view.address)),
        now=absolute_url(request, view.page),
        lasting=absolute_url(request, view.address),
        code=frame_html(request, view, is_lasting) if view.can_embed else "",
        oembed=f"{absolute_url(request, url('oembed'))}?{urlencode({'url': address})}",
    )


def page_share_links(request: Request, edition: SelectedEdition, path: str) -> ShareLinks:
    """Return the links of a page that can't be cited. Its preview shows the whole timeline."""
    is_lasting = "edition" in request.query_params
    edition_query = f"?edition={edition.no}"
    return ShareLinks(
        address=absolute_url(request, path + (edition_query if is_lasting else "")),
        is_lasting=is_lasting,
        picture=absolute_url(request, preview_address(url("timeline") + edition_query)),
    )


def preview_address(of: str) -> str:
    """Return the address of the preview picture for the view at `of`."""
    path, mark, query = of.partition("?")
    return url("preview", of=path) + mark + query


def frame_address(of: str) -> str:
    """Return the address of the embedded version of the view at `of`."""
    return url("embed", of=of)


def frame_html(
    request: Request,
    view: CitableView,
    is_lasting: bool,
    width: str = "100%",
    height: int = FRAME_HEIGHT,
) -> str:
    """Return the HTML that embeds a view: no script, and no referrer is sent."""
    address = absolute_url(request, frame_address(view.address if is_lasting else view.page))
    return (
        f'<iframe src="{escape(address)}" title="{escape(view.title)}" width="{width}" '
        f'height="{height}" loading="lazy" referrerpolicy="no-referrer" frameborder="0"></iframe>'
    )
