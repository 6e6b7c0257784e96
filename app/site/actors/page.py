"""The page of one actor: what it is named in, in which part and words, and who says so."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.dates.wording import in_words
from app.filtering import NONE
from app.forms import ActorForm
from app.i18n.translate import _
from app.record.filters import EstimateFilters, EventFilters, ListFilters, SourceFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.models import Version
from app.record.names.directory import Directory, preferred_name
from app.record.names.speaker_labels import kind_of_speaker
from app.record.payloads import PublishedCitation, actor_form, cited_payload, event_payload
from app.record.sql.rows import ListRow
from app.site.components.actor_links import actor_page_link, register_links
from app.site.components.badges import corroboration_badges
from app.site.components.place_links import NameView, names_in_scripts
from app.site.components.urls import PageLink, address, record_address
from app.site.outlets.page import COUNTRIES
from app.site.record_pages.page import RecordPage
from app.vocabulary.actors import ActorKind
from app.vocabulary.citations import Stance
from app.vocabulary.events import ROLES_OF, Role, TermKey
from app.web.urls import url

MAX_NEWEST_EVENTS = 10
MAX_EVENTS_READ = 500
"""Events whose wordings are counted: more are not read for one page."""
MAX_OUTLETS = 12
MAX_SPEAKERS = 12
LAWS = next(key for key in EventFilters.terms() if key.key == "law")


@dataclass(frozen=True)
class CountedLink:
    """A filtered list, or a page, with the number of rows behind it."""

    label: str
    count: int
    address: str
    meaning: str = ""


@dataclass(frozen=True)
class ActorEvent:
    """An event that names the actor: its date, the actor's parts in it, and its support."""

    id: str
    address: str
    title: str
    when: str
    roles: Sequence[str]
    wordings: Sequence[str]
    """What sources call the actor there, where they don't use its name."""
    support: str


@dataclass(frozen=True)
class ActorPage:
    """The page model of `site/actors/page.html`."""

    id: str
    code: str
    name: str
    names: Sequence[NameView]
    kind: str
    kind_address: str
    is_company: bool
    is_indexable: bool
    country: str
    above: Sequence[PageLink]
    """The bodies that it is a part of, nearest first."""
    below: Sequence[CountedLink]
    places: Sequence[PageLink]
    """Places of work that it runs."""
    registers: Sequence[tuple[str, str]]
    remark: str
    reply: str
    reply_on: str
    reply_address: str
    roles: Sequence[CountedLink]
    events: int
    events_address: str
    newest: Sequence[ActorEvent]
    estimates: int
    estimates_address: str
    sources: int
    sources_address: str
    speakers: Sequence[tuple[str, str, int]]
    """Who names it, the kind of speaker if the words don't say it, and in how many entries."""
    outlets: Sequence[CountedLink]
    """Outlets of the sources of what names it."""
    laws: Sequence[CountedLink]
    wordings: Sequence[tuple[str, int]]
    added: int
    changed: int
    json_address: str


def actor_page(
    db: Session, edition: IndexedEdition, row: Version, directory: Directory
) -> ActorPage:
    # Two SQL statements read rows: the newest events, and the estimates with their wordings.
    form = ActorForm.model_validate(actor_form(row))
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
    by_outlet = backend.match(db, edition, sources, directory).counts().facets.get("outlet", {})
    uses = edition.indexes[EventFilters.KIND].term_counts.of("actor")
    name = preferred_name(form.names)
    return ActorPage(
        id=row.id,
        code=code,
        name=name,
        names=names_in_scripts(form.names, directory),
        kind=_(form.kind.label),
        kind_address=f"{url('actors')}?kind={form.kind}",
        is_company=form.kind is ActorKind.COMPANY,
        is_indexable=form.is_indexable,
        country=COUNTRIES.get(form.country, form.country),
        above=[
            actor_page_link(directory, each) for each in directory.actor_and_ancestors(code)[1:]
        ],
        below=[
            CountedLink(directory.label("actor", each), uses.get(each, 0), url("actor", code=each))
            for each in directory.parts_of_actor.get(code, ())
        ],
        places=[
            PageLink(directory.label("place", place.code), record_address(place.id, place.code))
            for place in directory.places.values()
            if place.operator == code
        ],
        registers=list(register_links(actor_form(row))),
        remark=form.remark,
        reply=form.reply,
        reply_on=in_words(form.reply_on, lasts=False) if form.reply_on else "",
        reply_address=form.reply_url,
        roles=_roles(counted.facets.get("actor_role", {}), code, events),
        events=counted.total,
        events_address=address(events),
        newest=[_event(each, code, name, directory) for each in event_rows[:MAX_NEWEST_EVENTS]],
        estimates=backend.match(db, edition, estimates, directory).total,
        estimates_address=address(estimates),
        sources=backend.match(db, edition, sources, directory).total,
        sources_address=address(sources),
        speakers=_speakers([*event_rows, *estimate_rows], code, directory),
        outlets=[
            CountedLink(directory.label("outlet", each), count, address(sources.with_(outlet=each)))
            for each, count in _most_frequent(by_outlet)
        ],
        laws=[
            CountedLink(
                directory.label(LAWS.vocabulary, law), count, address(events.with_(law=law))
            )
            for law, count in _most_frequent(counted.facets.get("law", {}))
        ],
        wordings=Counter(
            wording for each in (*event_rows, *estimate_rows) for wording in _wordings(each, code)
        ).most_common(),
        added=row.added,
        changed=row.changed,
        json_address=f"{record_address(row.id, code)}.json",
    )


def _most_frequent(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    found = [(code, count) for code, count in counts.items() if count and code != NONE]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:MAX_OUTLETS]


def _roles(counts: Mapping[str, int], code: str, events: ListFilters) -> list[CountedLink]:
    """Return the parts that the actor, or a body under it, has in events."""
    found = []
    for role in Role:
        count = counts.get(f"{role}:{code}", 0) if role in ROLES_OF[TermKey.ACTOR] else 0
        if count:
            filters = events.with_(actor=None, actor_role=f"{role}:{code}")
            found.append(CountedLink(_(role.label), count, address(filters), _(role.definition)))
    return found


def _speakers(
    rows: Sequence[ListRow], code: str, directory: Directory
) -> list[tuple[str, str, int]]:
    """Return the first speakers of what supports each entry, most frequent first.

    Where the actor's term names a citation, only its speaker says that the actor has this part.
    """
    found: Counter[tuple[str, str]] = Counter()
    for row in rows:
        form = cited_payload(row)["form"]
        terms = [
            term
            for term in form.get("terms", ())
            if term["key"] == TermKey.ACTOR
            and code in directory.actor_and_ancestors(term.get("code", ""))
        ]
        supporting = [
            cited
            for cited in form.get("citations", ())
            if cited["stance"] == Stance.SUPPORTS and not cited.get("about")
        ]
        named_by = {term.get("citation", "") for term in terms}
        if "" not in named_by:
            supporting = [cited for cited in supporting if cited.get("id") in named_by]
        found.update({_speaker(cited, directory) for cited in supporting if cited["chain"]})
    return [(words, kind, count) for (words, kind), count in found.most_common(MAX_SPEAKERS)]


def _speaker(cited: PublishedCitation, directory: Directory) -> tuple[str, str]:
    """Return the first speaker in words, and what kind that is unless the words are the kind."""
    first = cited["chain"][0]
    kind = kind_of_speaker(first["attribution"], first.get("named"))
    if first.get("outlet"):
        return directory.label("outlet", first["outlet"]), kind
    words = first.get("words", "")
    if not words or words.casefold() == kind.casefold():
        return kind, ""
    return words, kind


def _wordings(row: ListRow, code: str) -> set[str]:
    return {
        term["printed"]
        for term in cited_payload(row)["form"].get("terms", ())
        if term["key"] == TermKey.ACTOR and term.get("code") == code and term.get("printed")
    }


def _event(row: ListRow, code: str, name: str, directory: Directory) -> ActorEvent:
    payload = event_payload(row)
    terms = [
        term
        for term in payload["form"].get("terms", ())
        if term["key"] == TermKey.ACTOR
        and code in directory.actor_and_ancestors(term.get("code", ""))
    ]
    labels = {str(role): role.label for role in Role}
    return ActorEvent(
        row.id,
        record_address(row.id),
        payload["form"]["title"],
        payload["happened_words"] or _("date not known"),
        list(dict.fromkeys(_(labels[term["role"]]) for term in terms)),
        [
            wording
            for wording in dict.fromkeys(term.get("printed", "") for term in terms)
            if wording and wording.casefold() != name.casefold()
        ],
        ", ".join(mark.label for mark in corroboration_badges(payload)),
    )


ACTOR = RecordPage("actor", "site/actors/page.html", actor_page)
