"""A source as cards and its page show it: its copies, its derivation, the records that cite it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlsplit

from markupsafe import Markup
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.dates.wording import in_words
from app.i18n.formats import conjunction
from app.i18n.translate import N_, _, inside
from app.kinds import Citation, Copy
from app.record.index.edition import IndexedEdition
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.sql.rows import ListRow, list_row
from app.record.terms import term_numbers
from app.site.components.text import highlight, insert, link
from app.site.components.urls import PageLink, page_link, record_address
from app.site.lists.summary import count_in_words
from app.site.presenters.citations import (
    PUBLISHED_BASIS_NOTES,
    TITLE_BASIS_NOTES,
    CitationView,
    citation_views,
)
from app.site.presenters.estimate import EstimateView
from app.site.presenters.event import EventView
from app.site.presenters.page import RecordPage
from app.site.presenters.record import RecordView
from app.site.presenters.title import title_language
from app.vocabulary.citations import Derivation
from app.vocabulary.kinds import CITING_KINDS, LISTED_KINDS, RecordKind
from app.vocabulary.sources import (
    Extent,
    HostKind,
    PublishedBasis,
    Reliability,
    SourceKind,
    TitleBasis,
)

DERIVATIVE_LABELS = {
    Derivation.RELAY: N_("Repeated by"),
    Derivation.TRANSLATION: N_("Translated by"),
    Derivation.SYNDICATION: N_("Republished by"),
    Derivation.SUMMARY: N_("Summarised by"),
    Derivation.QUOTES: N_("Quoted by"),
}
UNLINKED_REASONS = {
    HostKind.MIRROR: N_("Shown without a link: an index or a site unrelated to the outlet."),
    HostKind.NONE: N_("No page of the source is known."),
}


class SourceView(RecordView):
    """A source in a list. `words` are marked in its titles."""

    def __init__(
        self, row: Version | ListRow, directory: Directory, words: Sequence[str] = ()
    ) -> None:
        super().__init__(row, directory)
        self.words = words
        self.basis_code = PublishedBasis(self.form["published_basis"])

    @cached_property
    def title(self) -> Markup:
        """The title, with a capital first letter if it is in our own words."""
        title: str = self.form["title"]
        is_ours = self.form["title_basis"] == TitleBasis.OWN_WORDS
        return highlight(title[:1].upper() + title[1:] if is_ours else title, self.words)

    @property
    def title_language(self) -> str:
        """Empty if the title is in our own words."""
        return title_language(self.form)

    @property
    def title_en(self) -> Markup | None:
        title = self.form.get("title_en", "")
        return highlight(title, self.words) if title and title != self.form["title"] else None

    @cached_property
    def outlet(self) -> PageLink:
        return page_link(self.directory, "outlet", self.form["outlet"])

    @property
    def language(self) -> str:
        code = self.form.get("language", "")
        return self.directory.label("language", code) if code else ""

    @property
    def kind(self) -> str:
        return _(SourceKind(self.form["kind"]).label)

    @property
    def when(self) -> str:
        return self.payload["published_words"] or _("Date not known")

    @property
    def basis(self) -> str:
        """How the date is known; empty if the source states it."""
        note = PUBLISHED_BASIS_NOTES[self.basis_code]
        return _(note) if note else ""

    @property
    def passes_on(self) -> list[tuple[str, PageLink, str]]:
        """How it derives from each source, or from an outlet's report that was not read; its id."""
        return [
            (
                _(Derivation(parent["how"]).label),
                PageLink(parent["source"], record_address(parent["source"]))
                if "source" in parent
                else page_link(self.directory, "outlet", parent["outlet"]),
                parent.get("source", ""),
            )
            for parent in self.form.get("derived_from", [])
        ]

    @cached_property
    def cited_by(self) -> Counter[str]:
        """How many records cite it, by kind."""
        return Counter(id[0] for id in self.payload["cited_by"])

    @property
    def events(self) -> int:
        return self.cited_by[RecordKind.EVENT]

    @property
    def estimates(self) -> int:
        return self.cited_by[RecordKind.ESTIMATE]

    @property
    def link(self) -> str:
        """Its own address; empty if it must not be linked."""
        return str(self.payload["link"])

    @property
    def host(self) -> str:
        return host_of(self.link)

    @property
    def archive(self) -> str:
        copies = self.form.get("copies", [])
        return next((copy["archive"] for copy in copies if "archive" in copy), "")


def host_of(address: str) -> str:
    """Return the host of an address; "" if there is none.

    Forms have accepted addresses such as `http://[`, which are on record.
    """
    try:
        return urlsplit(address).netloc.removeprefix("www.")
    except ValueError:
        return ""


class Tie(NamedTuple):
    """A source or outlet that the source derives from, or a source derived from it."""

    how: str
    source: SourceView | None
    """None if the report was not read."""
    outlet: PageLink


class SourcePage(RecordPage, SourceView):
    """A source on its page. One SQL statement reads its ancestors, its derivatives and all citing
    records."""

    def __init__(
        self, db: Session, edition: IndexedEdition, row: Version, directory: Directory
    ) -> None:
        super().__init__(db, edition, row, directory)
        is_derived = Version.kind.in_(LISTED_KINDS) & Version.terms.overlap(
            term_numbers([("rests-on", row.id)])
        )
        around = select(Version).where(
            or_(is_derived, Version.id.in_(self.payload["rests_on"])),
            edition.holds(),
            Version.is_live,
        )
        self.around = sorted(
            map(list_row, db.scalars(around)),
            key=lambda other: (other.sort_day is None, other.sort_day, other.number),
        )
        self.citing = [
            (other, [Citation.model_validate(each) for each in other.payload["form"]["citations"]])
            for other in self.around
            if self.id in other.payload.get("sources", ())
        ]

    @property
    def answer(self) -> Markup:
        """What it is, by whom and when, how far it was read, and what it carries."""
        form, kind = self.full, self.kind if self.full.kind != SourceKind.OTHER else _("Text")
        when = self.payload["published_words"] or _("date not known")
        extents = [copy.extent for copy in form.copies] or [Extent.NONE]
        read = min(extents, key=list(Extent).index)
        cited = conjunction(
            count_in_words(kind, count)
            for kind, count in sorted(self.cited_by.items())
            if kind in CITING_KINDS
        )
        carries = (
            _("The record cites it for {records}.")
            if cited
            else _("No event or estimate cites it.")
        )
        outlet = link(self.outlet.label, self.outlet.address)
        return Markup(" ").join(
            [
                insert(_("{kind} by {outlet}, {when}."), kind=kind, outlet=outlet, when=when),
                *(
                    insert(
                        _("{how} a report by {outlet}."),
                        how=tie.how,
                        outlet=link(tie.outlet.label, tie.outlet.address),
                    )
                    for tie in self.above
                ),
                insert(_("{read} by us."), read=_(read.label)),
                insert(carries, records=link(cited, "#rests")),
            ]
        )

    @cached_property
    def cited_by(self) -> Counter[str]:
        """How many records its page lists, by kind: the row still names purged ones."""
        return Counter(row.id[0] for row, _citations in self.citing)

    @property
    def grade(self) -> Reliability:
        outlet = self.directory.outlets.get(self.full.outlet)
        return outlet.reliability if outlet else Reliability.F

    @property
    def title_note(self) -> str:
        note = TITLE_BASIS_NOTES[self.full.title_basis]
        return _(note) if note else ""

    # Copies ---------------------------------------------------------------------------------------

    @property
    def copies(self) -> Iterator[tuple[Copy, str, str, str, str]]:
        """Yield each copy with its host, why it is not linked, the extent read, and the day."""
        for copy in self.full.copies:
            is_own, was_read = copy.host_kind is HostKind.OWN, copy.extent is not Extent.NONE
            reason = UNLINKED_REASONS.get(copy.host_kind)
            yield (
                copy,
                copy.host or (self.outlet.label if is_own else _(copy.host_kind.label)),
                _(reason) if reason else "",
                inside(_(copy.extent.label)),
                in_words(copy.read_on, lasts=False) if was_read else "",
            )

    # Derivation -----------------------------------------------------------------------------------

    @cached_property
    def sources(self) -> dict[str, SourceView]:
        rows = [row for row in self.around if row.id[0] == RecordKind.SOURCE]
        return {row.id: SourceView(row, self.directory) for row in rows}

    @cached_property
    def above(self) -> list[Tie]:
        """What it derives from."""
        return [
            Tie(how, other, other.outlet if other else link)
            for how, link, id in self.passes_on
            for other in [self.sources.get(id)]
        ]

    @cached_property
    def below(self) -> list[Tie]:
        """The sources derived from it."""
        return [
            Tie(_(DERIVATIVE_LABELS[Derivation(parent["how"])]), other, other.outlet)
            for other in self.sources.values()
            for parent in other.form.get("derived_from", [])
            if parent.get("source") == self.id
        ]

    # Records that cite it -------------------------------------------------------------------------

    @property
    def citing_records(self) -> Iterator[tuple[EventView | EstimateView, list[CitationView]]]:
        """Yield the events, then the estimates, each with its citations."""
        for row, citations in sorted(self.citing, key=lambda pair: pair[0].id[0]):
            view = (
                EventView(row, self.directory, self.edition.at.date())
                if row.id[0] == RecordKind.EVENT
                else EstimateView(row, self.directory)
            )
            views = citation_views(
                citations, {self.id: self.full}, self.directory, {}, view.address
            )
            yield view, [each for each in views if each.source]
