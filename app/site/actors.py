"""The page of one actor: what it is named in, in which part and words, and who says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.dates.wording import in_words
from app.i18n.formats import enumerate_words
from app.i18n.translate import _, inside
from app.kinds import Citation, SourceForm
from app.record.filters import EstimateFilters, EventFilters
from app.record.index.edition import IndexedEdition
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.payloads import (
    PublishedCitation,
    PublishedTerm,
    cited_payload,
)
from app.record.sql.rows import ListRow
from app.site.components.links import register_links
from app.site.components.text import TextPart, insert_parts
from app.site.components.urls import PageLink, address, record_address
from app.site.presenters.citations import chain
from app.site.presenters.event import ACTOR_ROLE_LABELS
from app.site.presenters.page import CountedLink, NamedPage, NamingEvent, NamingList
from app.vocabulary.actors import ActorKind
from app.vocabulary.citations import Stance
from app.vocabulary.events import Role, TermKey
from app.web.urls import url

MAX_NEWEST_EVENTS = 10
MAX_SPEAKERS = 12


class ActorEvent(NamingEvent):
    """An event that names the actor, with the actor's parts in it."""

    def __init__(self, row: ListRow, code: str, name: str, directory: Directory) -> None:
        super().__init__(row, directory)
        terms = [
            term
            for term in _actor_terms(row)
            if code in directory.with_ancestors("actor", term.get("code", ""))
        ]
        self.roles = list(dict.fromkeys(_(Role(term["role"]).label) for term in terms))
        # What sources call the actor there, where they don't use its name.
        self.wordings = [
            wording
            for wording in dict.fromkeys(term.get("printed", "") for term in terms)
            if wording and wording.casefold() != name.casefold()
        ]


@dataclass(frozen=True)
class ActorSpeaker:
    """A speaker of entries that name the actor, and the outlet in which that was read."""

    speaker: str
    outlet: str
    """Empty if the outlet itself speaks."""
    entries: Sequence[PageLink]


class ActorPage(NamedPage):
    """The answer is what the actor is reported to have done, with the newest event."""

    @property
    def sentences(self) -> Sequence[Sequence[TextPart]]:
        if not self.events.count:
            return [self.unnamed]
        named = insert_parts(
            _("Named in {events}, as reported: {roles}."),
            events=self.events.part,
            roles=TextPart(
                enumerate_words(
                    _("{role} {count}").format(role=inside(role.label), count=role.count)
                    for role in self.roles
                )
            ),
        )
        return [named]

    @property
    def is_company(self) -> bool:
        return self.full.kind is ActorKind.COMPANY

    @cached_property
    def below(self) -> list[CountedLink]:
        uses = self.edition.indexes[EventFilters.KIND].term_counts.of("actor")
        return [
            CountedLink(
                self.directory.label("actor", each), url("actor", code=each), uses.get(each, 0)
            )
            for each in self.directory.directly_under("actor", self.code)
        ]

    @property
    def places(self) -> list[PageLink]:
        """Places of work that it runs."""
        return [
            PageLink(
                self.directory.label("place", place.code), record_address(place.id, place.code)
            )
            for place in self.directory.places.values()
            if place.operator == self.code
        ]

    @property
    def issued(self) -> list[PageLink]:
        """Laws that it made."""
        return [
            PageLink(self.directory.label("law", law.code), url("law", code=law.code))
            for law in self.directory.laws.values()
            if law.issuer == self.code
        ]

    @property
    def registers(self) -> list[PageLink]:
        return [PageLink(*link) for link in register_links(self.form)]

    @property
    def reply_on(self) -> str:
        return in_words(self.full.reply_on, lasts=False) if self.full.reply_on else ""

    # Events and estimates that name it ------------------------------------------------------------

    @cached_property
    def estimates(self) -> NamingList:
        return self.naming(EstimateFilters)

    @cached_property
    def rows(self) -> Sequence[ListRow]:
        return [*self.event_rows, *self.estimates.rows()]

    @property
    def newest_events(self) -> list[ActorEvent]:
        return [
            ActorEvent(row, self.code, self.title, self.directory)
            for row in self.event_rows[:MAX_NEWEST_EVENTS]
        ]

    @cached_property
    def roles(self) -> list[CountedLink]:
        """The parts that the actor, or a body under it, has in events."""
        counts, events = self.events.counts.facets.get("actor_role", {}), self.events.filters
        return [
            CountedLink(
                _(role.label),
                address(events.with_(actor=None, actor_role=f"{role}:{self.code}")),
                count,
            )
            for role in ACTOR_ROLE_LABELS
            if (count := counts.get(f"{role}:{self.code}", 0))
        ]

    @cached_property
    def speakers(self) -> list[ActorSpeaker]:
        return _speakers(self.db, self.edition, self.rows, self.code, self.directory)


def _speakers(
    db: Session,
    edition: IndexedEdition,
    rows: Sequence[ListRow],
    code: str,
    directory: Directory,
) -> list[ActorSpeaker]:
    """Return who says so, with most entries first; one statement reads the sources."""
    cited = [
        (row, Citation.model_validate(citation))
        for row in rows
        if (named := [term for term in _actor_terms(row) if term.get("code") == code])
        for citation in cited_payload(row)["form"].get("citations", ())
        if _says_so(citation, named)
    ]
    sources = _sources(db, edition, {citation.source for _row, citation in cited})
    entries: dict[tuple[str, str], dict[str, PageLink]] = {}
    for row, citation in cited:
        steps = chain(citation, sources.get(citation.source), directory)
        outlet = steps[-1].words if len(steps) > 1 else ""
        link = PageLink(row.id, f"{record_address(row.id)}#{citation.id}")
        entries.setdefault((steps[0].words, outlet), {}).setdefault(row.id, link)
    found = [ActorSpeaker(*who, list(links.values())) for who, links in entries.items()]
    return sorted(found, key=lambda each: -len(each.entries))[:MAX_SPEAKERS]


def _says_so(citation: PublishedCitation, named: Sequence[PublishedTerm]) -> bool:
    """Whether a citation supports the entry, or is the one given for a term."""
    own = {term.get("citation", "") for term in named}
    return citation.get("id") in own or ("" in own and citation["stance"] == Stance.SUPPORTS)


def _sources(db: Session, edition: IndexedEdition, ids: set[str]) -> dict[str, SourceForm]:
    rows = db.execute(
        select(Version.id, Version.payload).where(
            Version.id.in_(ids), edition.holds(), Version.is_live
        )
    )
    return {row.id: SourceForm.model_validate(row.payload["form"]) for row in rows}


def _actor_terms(row: ListRow) -> list[PublishedTerm]:
    terms = cited_payload(row)["form"].get("terms", ())
    return [term for term in terms if term["key"] == TermKey.ACTOR]
