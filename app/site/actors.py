"""The page of one actor: what it is named in, and in which part and words."""

from collections.abc import Iterator
from functools import cached_property

from markupsafe import Markup

from app.dates.wording import in_words
from app.i18n.formats import enumerate_words
from app.i18n.translate import _, inside
from app.record.filters import EstimateFilters
from app.site.components.links import register_links
from app.site.components.text import insert
from app.site.components.urls import PageLink, record_address
from app.site.presenters.event import ACTOR_ROLE_LABELS, EventView
from app.site.presenters.page import NamedPage, NamingList
from app.vocabulary.events import Role, TermKey
from app.vocabulary.named import ActorKind

MAX_NEWEST_EVENTS = 10


class ActorPage(NamedPage):
    """The answer is what the actor is reported to have done, with the newest event."""

    @property
    def answer(self) -> Markup:
        if not self.events.count:
            return self.unnamed
        # The parts that the actor, or a body under it, has in events.
        counts = self.events.counts.facets.get("actor_role", {})
        roles = enumerate_words(
            _("{role} {count}").format(role=inside(_(role.label)), count=count)
            for role in ACTOR_ROLE_LABELS
            if (count := counts.get(f"{role}:{self.code}", 0))
        )
        message = _("Named in {events}, as reported: {roles}.")
        return insert(message, events=self.events.link, roles=roles)

    @property
    def is_company(self) -> bool:
        return self.full.kind is ActorKind.COMPANY

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
            self.link(law.code, "law")
            for law in self.directory.laws.values()
            if law.issuer == self.code
        ]

    @property
    def registers(self) -> list[PageLink]:
        return [PageLink(*link) for link in register_links(self.form)]

    @property
    def reply_on(self) -> str:
        return in_words(self.full.reply_on, lasts=False)

    # Events and estimates that name it ------------------------------------------------------------

    @cached_property
    def estimates(self) -> NamingList:
        return self.naming(EstimateFilters)

    @property
    def newest_events(self) -> Iterator[tuple[EventView, list[str], list[str]]]:
        """Yield each event with the actor's parts in it, and what sources call it there."""
        for row in self.event_rows[:MAX_NEWEST_EVENTS]:
            event = self.event_view(row)
            terms = [
                term
                for term in event.form["terms"]
                if term["key"] == TermKey.ACTOR
                and self.code in self.directory.with_ancestors("actor", term.get("code", ""))
            ]
            wordings = dict.fromkeys(term.get("printed", "") for term in terms)
            yield (
                event,
                list(dict.fromkeys(_(Role(term["role"]).label) for term in terms)),
                [each for each in wordings if each and each.casefold() != self.title.casefold()],
            )
