"""The list of sources, grouped by year of publication, and the card of one source."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from app.dates import edtf
from app.dates.bar import Bar, Strip, bar, strip
from app.filtering import DroppedParameter
from app.i18n.translate import N_, _
from app.record.filters import SourceFilters, is_by_date
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.payloads import PublishedParent, PublishedSource, source_payload
from app.record.search import words_to_mark
from app.record.sql.rows import ListRow
from app.site.components.citations import PUBLISHED_BASIS_NOTES
from app.site.components.highlight import HighlightedText, highlight
from app.site.components.record_title import title_language
from app.site.components.urls import record_address
from app.site.lists.listing import Listing, listing
from app.vocabulary.citations import Derivation
from app.vocabulary.kinds import RecordKind
from app.vocabulary.sources import PublishedBasis, SourceKind, TitleBasis
from app.web.urls import url

SOURCES_PER_PAGE = 25


@dataclass(frozen=True)
class DerivationLink:
    """What a source derives from, and how: a source, or an outlet's report that was not read."""

    how: str
    label: str
    address: str


@dataclass(frozen=True)
class SourceCard:
    """One source in a list."""

    id: str
    address: str
    title: HighlightedText
    title_language: str
    """Empty if the title is in our own words."""
    title_en: HighlightedText | None
    outlet: str
    outlet_address: str
    language: str
    kind: str
    when: str
    basis: str
    """How the date is known; empty if the source states it."""
    is_doubtful: bool
    """Whether the date is inferred by us, or from general knowledge."""
    bar: Bar | None
    passes_on: Sequence[DerivationLink]
    events: int
    figures: int
    link: str
    host: str
    archive: str


@dataclass(frozen=True)
class SourceGroup:
    """Sources under one heading: a year."""

    heading: str
    cards: Sequence[SourceCard]
    strip: Strip | None = None


DERIVATION_LABELS = {
    Derivation.RELAY: N_("Repeats"),
    Derivation.TRANSLATION: N_("Translates"),
    Derivation.SYNDICATION: N_("Republishes"),
    Derivation.SUMMARY: N_("Summarises"),
    Derivation.QUOTES: N_("Quotes"),
}
DOUBTFUL_BASES = {PublishedBasis.INFERRED, PublishedBasis.GENERAL_KNOWLEDGE}


def sources(
    db: Session,
    edition: IndexedEdition,
    question: tuple[SourceFilters, Sequence[DroppedParameter]],
    directory: Directory,
) -> tuple[Listing, list[SourceGroup]]:
    """Return the list and its cards, grouped by year if sorted by date."""
    filters, _dropped = question
    page = backend.read_page(db, edition, filters, directory, SOURCES_PER_PAGE)
    around = listing(db, edition, question, directory, page)
    words = words_to_mark(filters.one("q"))
    rows = [(source_card(row, directory, words), row.sort_day) for row in page.rows]
    if not is_by_date(filters.one("sort")):
        return around, [SourceGroup("", [card for card, _day in rows])]
    years = groupby(rows, key=lambda row: row[1].year if row[1] else None)
    return around, [_year_group(year, [card for card, _day in some]) for year, some in years]


def _year_group(year: int | None, cards: Sequence[SourceCard]) -> SourceGroup:
    if year is None:
        return SourceGroup(_("Date not known"), cards)
    return SourceGroup(str(year), cards, strip(edtf.calendar_years(year, year), None))


def source_card(row: ListRow, directory: Directory, words: Sequence[str] = ()) -> SourceCard:
    # Reads the stored dict: validating fifty forms takes longer than rendering their cards.
    payload = source_payload(row)
    form = payload["form"]
    basis = PublishedBasis(form["published_basis"])
    title_en = form.get("title_en", "")
    cited_by = Counter(id[0] for id in payload["cited_by"])
    return SourceCard(
        id=row.id,
        address=record_address(row.id),
        title=highlight(_title(form), words),
        title_language=title_language(form),
        title_en=highlight(title_en, words) if title_en and title_en != form["title"] else None,
        outlet=directory.label("outlet", form["outlet"]),
        outlet_address=url("outlet", code=form["outlet"]),
        language=directory.label("language", form["language"]) if "language" in form else "",
        kind=_(SourceKind(form["kind"]).label),
        when=payload["published_words"] or _("Date not known"),
        basis=_(PUBLISHED_BASIS_NOTES[basis]) if PUBLISHED_BASIS_NOTES[basis] else "",
        is_doubtful=basis in DOUBTFUL_BASES,
        bar=_bar(row, form),
        passes_on=[derivation_link(parent, directory) for parent in form.get("derived_from", [])],
        events=cited_by[RecordKind.EVENT],
        figures=cited_by[RecordKind.ESTIMATE],
        link=payload["link"],
        host=host_of(payload["link"]),
        archive=next((copy["archive"] for copy in form.get("copies", []) if "archive" in copy), ""),
    )


def host_of(address: str) -> str:
    """Return the host of an address; "" if there is none.

    Forms have accepted addresses such as `http://[`, which are on record.
    """
    try:
        return urlsplit(address).netloc.removeprefix("www.")
    except ValueError:
        return ""


def _title(form: PublishedSource) -> str:
    """Return the title, with a capital first letter if it is in our own words."""
    title: str = form["title"]
    return title[:1].upper() + title[1:] if form["title_basis"] == TitleBasis.OWN_WORDS else title


def _bar(row: ListRow, form: PublishedSource) -> Bar | None:
    if row.sort_day is None:
        return None
    year = edtf.calendar_years(row.sort_day.year, row.sort_day.year)
    published = form.get("published", "")
    return bar(
        row.span, row.lo, row.hi, published, "", year, lasts=False, surroundings=row.surroundings
    )


def derivation_link(parent: PublishedParent, directory: Directory) -> DerivationLink:
    how = _(DERIVATION_LABELS[Derivation(parent["how"])])
    if "source" in parent:
        return DerivationLink(how, parent["source"], record_address(parent["source"]))
    return DerivationLink(
        how, directory.label("outlet", parent["outlet"]), url("outlet", code=parent["outlet"])
    )
