"""The page of one outlet: its sources, its reliability grade, and its role in reporting events."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup
from sqlalchemy import Row, select

from app.i18n.translate import N_, _
from app.record.filters import EstimateFilters, EventFilters
from app.record.lists import backend
from app.record.models import Version
from app.record.sql.rows import IS_LIVE_BY_SEQ
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

EVENTS_SHOWN = select(
    Version.seq,
    Version.id,
    Version.payload["form"]["title"].astext.label("title"),
    Version.payload["happened_words"].astext.label("when"),
).where(*IS_LIVE_BY_SEQ)


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
    def roles(self) -> list[tuple[str, str, str, int, list[Row[Any]]]]:
        """Code, title and meaning of each role that it has, with the number of its events.

        The newest of these are read by one statement, without what no line of them shows.
        """
        played = {
            role: backend.latest_rows(
                self.db,
                self.edition,
                EventFilters(),
                self.directory,
                most=MAX_LISTED_EVENTS,
                having=[[("part", f"{role}:{self.code}")]],
            )
            for role in ROLES
        }
        seqs = [seq for each in played.values() for seq in each.seqs]
        events = {row.seq: row for row in self.db.execute(EVENTS_SHOWN, {"seqs": seqs})}
        return [
            (
                role,
                _(title),
                _(meaning),
                played[role].count,
                [events[seq] for seq in played[role].seqs if seq in events],
            )
            for role, (title, meaning) in ROLES.items()
            if played[role].count
        ]
