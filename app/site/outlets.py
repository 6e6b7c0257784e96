"""The page of one outlet: its sources, its reliability grade, and its role in reporting events."""

from collections.abc import Sequence

from markupsafe import Markup

from app.i18n.translate import N_, _
from app.record.filters import EstimateFilters, EventFilters
from app.record.reads.outlet_roles import RoleEvents, events_by_role
from app.site.components.text import insert, strong
from app.site.components.urls import PageLink, address
from app.site.presenters.page import NamedPage, NamingList
from app.site.presenters.source import SourceView
from app.vocabulary.sources import PublishedBasis, Reliability

MAX_NEWEST_SOURCES = 10
"""Sources shown as cards. A link leads to all of them."""
MAX_LISTED_EVENTS = 100

ROLES = {
    "first": (
        N_("Repeated by others"),
        N_("It reported first, and at least one other outlet repeated it."),
    ),
    "relayed": (
        N_("Repeats others"),
        N_("It repeats a report by another outlet."),
    ),
    "alone": (
        N_("Only source"),
        N_("All support for the event goes back to it."),
    ),
}


class OutletPage(NamedPage):
    @property
    def answer(self) -> Markup:
        listed = _("The record has {sources} by {name}.")
        if not self.sources.count:
            listed = _("The record has no source by {name}: others repeat its reports.")
        grade, reason = strong(_(self.full.reliability.label)), self.full.reliability_reason
        graded = _("Its reliability: {grade}. {reason}")
        if not reason:
            graded = _("Its reliability: {grade}.")
        if self.full.reliability is Reliability.F:
            graded = _("Its reliability was not judged.")
        return Markup(" ").join(
            [
                insert(listed, sources=self.sources.link, name=self.title),
                insert(graded, grade=grade, reason=reason),
            ]
        )

    @property
    def languages(self) -> list[str]:
        return [self.directory.label("language", code) for code in self.full.languages]

    @property
    def above(self) -> Sequence[PageLink]:
        return [self.link(self.full.belongs_to)] if self.full.belongs_to else []

    @property
    def services(self) -> list[PageLink]:
        return [
            self.link(code)
            for code, other in self.directory.outlets.items()
            if other.belongs_to == self.code
        ]

    # Its sources ----------------------------------------------------------------------------------

    @property
    def undated_address(self) -> str:
        return address(self.sources.filters.with_(basis=PublishedBasis.UNKNOWN))

    @property
    def newest_sources(self) -> list[SourceView]:
        rows = self.sources.rows(most=MAX_NEWEST_SOURCES)
        return [SourceView(source, self.directory) for source in rows]

    # Its role in events ---------------------------------------------------------------------------

    @property
    def lists(self) -> list[tuple[NamingList, str]]:
        """The other lists that name it, each with what it does there."""
        return [
            (self.events, _("cited in {found}")),
            (self.naming(EventFilters, "origin"), _("first to report {found}")),
            (self.naming(EstimateFilters), _("cited for {found}")),
        ]

    @property
    def roles(self) -> list[tuple[str, str, str, RoleEvents]]:
        """Code, title and meaning of each role that it has, with the events."""
        played = events_by_role(self.db, self.edition, self.directory, self.code, MAX_LISTED_EVENTS)
        return [
            (code, _(title), _(meaning), played[code])
            for code, (title, meaning) in ROLES.items()
            if played[code].count
        ]
