"""The page of one actor: what it is named in, in which part and words, and who says so."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.dates.wording import in_words
from app.filtering import NONE
from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _
from app.kinds import ActorForm, Citation, SourceForm
from app.record.filters import EstimateFilters, EventFilters, ListFilters, SourceFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.models import Version
from app.record.names.directory import Directory, preferred_name
from app.record.payloads import (
    PublishedCitation,
    PublishedTerm,
    cited_payload,
    event_payload,
    form_of,
)
from app.record.sql.rows import ListRow
from app.site.components.citations import chain
from app.site.components.links import actor_page_link, names_in_scripts, register_links
from app.site.components.marks import corroboration_badges
from app.site.components.urls import PageLink, address, record_address
from app.site.presenters.named import COUNTRIES
from app.vocabulary.actors import ActorKind
from app.vocabulary.citations import Stance
from app.vocabulary.events import Role, TermKey
from app.web.urls import url

MAX_NEWEST_EVENTS = 10
MAX_EVENTS_READ = 500
"""Events whose wordings are counted: more are not read for one page."""
MAX_SPEAKERS = 12
MAX_LAWS = 12


ROLE_WORDS: Mapping[Role, tuple[str, str]] = {
    Role.ORDERS: (N_("Ordered"), N_("Gave the order.")),
    Role.AGREES: (N_("Agreed"), N_("Was a party to the agreement.")),
    Role.SAYS: (N_("Said"), N_("Made the statement, warning or demand.")),
    Role.CARRIES_OUT: (N_("Carried out"), N_("Carried out the measure or act.")),
    Role.TOLD: (N_("Received the order"), N_("The order was addressed to it.")),
    Role.AFFECTED: (N_("Affected"), N_("Was affected without receiving an order.")),
    Role.DENIES: (N_("Denied"), N_("Denied the event.")),
}
"""What an actor is reported to have done, in the order of the page."""


@dataclass(frozen=True)
class CountedLink:
    """A filtered list, or a page, with the number of rows behind it."""

    label: str
    count: int
    address: str
    meaning: str = ""


class ActorEvent:
    """An event that names the actor: its date, the actor's parts in it, and its support."""

    def __init__(self, row: ListRow, code: str, name: str, directory: Directory) -> None:
        payload = event_payload(row)
        terms = [
            term
            for term in _actor_terms(row)
            if code in directory.with_ancestors("actor", term.get("code", ""))
        ]
        self.id = row.id
        self.address = record_address(row.id)
        self.title = payload["form"]["title"]
        self.when = payload["happened_words"] or _("date not known")
        self.roles = list(dict.fromkeys(_(ROLE_WORDS[Role(term["role"])][0]) for term in terms))
        # What sources call the actor there, where they don't use its name.
        self.wordings = [
            wording
            for wording in dict.fromkeys(term.get("printed", "") for term in terms)
            if wording and wording.casefold() != name.casefold()
        ]
        self.support = enumerate_words(mark.label for mark in corroboration_badges(payload))


@dataclass(frozen=True)
class ActorSpeaker:
    """A speaker of entries that name the actor, and the outlet in which that was read."""

    speaker: str
    outlet: str
    """Empty if the outlet itself speaks."""
    entries: Sequence[PageLink]


class ActorPage:
    """The page model of `site/actors/page.html`."""

    def __init__(
        self, db: Session, edition: IndexedEdition, row: Version, directory: Directory
    ) -> None:
        form = ActorForm.model_validate(form_of(row))
        code = form.code
        events, estimates, sources = (
            filters.made_of({"actor": (code,)}, {})
            for filters in (EventFilters, EstimateFilters, SourceFilters)
        )
        event_rows = backend.read_page(
            db, edition, events.with_(sort="-happened"), directory, MAX_EVENTS_READ
        ).rows
        estimate_rows = backend.read_page(db, edition, estimates, directory, MAX_EVENTS_READ).rows
        counted = backend.match(db, edition, events, directory).counts()
        uses = edition.indexes[EventFilters.KIND].term_counts.of("actor")
        name = preferred_name(form.names)
        self.form, self.row = form, row
        self.id = row.id
        self.code = code
        self.name = name
        self.names = [each for each in names_in_scripts(form.names, directory) if each.lang]
        # Names of no single language, by which it is found too.
        self.other_names = [
            each.text for each in form.names if not each.language and each.text != name
        ]
        self.kind = _(form.kind.label)
        self.kind_address = f"{url('actors')}?kind={form.kind}"
        self.is_company = form.kind is ActorKind.COMPANY
        self.country = COUNTRIES.get(form.country, form.country)
        # The bodies that it is a part of, nearest first.
        self.above = [
            actor_page_link(directory, each) for each in directory.with_ancestors("actor", code)[1:]
        ]
        self.below = [
            CountedLink(directory.label("actor", each), uses.get(each, 0), url("actor", code=each))
            for each in directory.directly_under("actor", code)
        ]
        # Places of work that it runs.
        self.places = [
            PageLink(directory.label("place", place.code), record_address(place.id, place.code))
            for place in directory.places.values()
            if place.operator == code
        ]
        self.registers = list(register_links(form_of(row)))
        self.reply_on = in_words(form.reply_on, lasts=False) if form.reply_on else ""
        self.roles = _roles(counted.facets.get("actor_role", {}), code, events)
        self.events = counted.total
        self.events_address = address(events)
        self.newest = [
            ActorEvent(each, code, name, directory) for each in event_rows[:MAX_NEWEST_EVENTS]
        ]
        self.estimates = backend.match(db, edition, estimates, directory).total
        self.estimates_address = address(estimates)
        self.sources = backend.match(db, edition, sources, directory).total
        self.sources_address = address(sources)
        self.speakers = _speakers(db, edition, [*event_rows, *estimate_rows], code, directory)
        # Who says so, in the entries that name the actor itself.
        self.is_named_by_citations = all(
            term.get("citation")
            for each in (*event_rows, *estimate_rows)
            for term in _actor_terms(each)
            if term.get("code") == code
        )
        # Laws that it made.
        self.issued = [
            PageLink(directory.label("law", law.code), url("law", code=law.code))
            for law in directory.laws.values()
            if law.issuer == code
        ]
        self.laws = [
            CountedLink(directory.label("law", law), count, address(events.with_(law=law)))
            for law, count in _most_frequent(counted.facets.get("law", {}))
        ]
        self.wordings = Counter(
            wording for each in (*event_rows, *estimate_rows) for wording in _wordings(each, code)
        ).most_common()
        self.changed = row.changed


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


def _most_frequent(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    found = [(code, count) for code, count in counts.items() if count and code != NONE]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:MAX_LAWS]


def _roles(counts: Mapping[str, int], code: str, events: ListFilters) -> list[CountedLink]:
    """Return the parts that the actor, or a body under it, has in events."""
    found = []
    for role, (label, meaning) in ROLE_WORDS.items():
        if count := counts.get(f"{role}:{code}", 0):
            filters = events.with_(actor=None, actor_role=f"{role}:{code}")
            found.append(CountedLink(_(label), count, address(filters), _(meaning)))
    return found


def _wordings(row: ListRow, code: str) -> set[str]:
    return {
        term["printed"]
        for term in _actor_terms(row)
        if term.get("code") == code and term.get("printed")
    }
