"""Links to be worked on: pasted, sent from a page or brought by a feed, until each is a source or set aside."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.desk.approved import models
from app.desk.approved.draft_models import Draft, State
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import commands as draft_commands
from app.desk.drafts.articles import begun_at
from app.desk.identity.audit_log import Action, note
from app.desk.identity.models import Person
from app.desk.intake.models import OPEN, Feed, Lead, Standing, Way
from app.desk.leads import states as standings
from app.record.reads.source_urls import normalised_url, of_merged_sources

LINK = re.compile(r"https?://[^\s<>\"“”„»«]+")
AT_ITS_END = ".,;:!?)]}'’"
MOST_AT_ONCE = 200
LONGEST_TITLE = 300
LONGEST_URL = 2_000
LONGEST_NOTE = 2_000


@dataclass(frozen=True)
class Found:
    """A link and what stands beside it, which is taken for its title."""

    url: str
    title: str = ""


def links_in(text: str) -> list[Found]:
    """Every link of a text that somebody pasted, once; the words before one in its line are its title."""
    found: dict[str, Found] = {}
    for line in text.splitlines():
        start = 0
        for match in LINK.finditer(line):
            link = match[0].rstrip(AT_ITS_END)
            # An address may end in a bracket that it opened itself.
            if match[0][len(link) :].startswith(")") and link.count("(") > link.count(")"):
                link += ")"
            title = line[start : match.start()].strip(' \t-–—:,;·*•|[](<>“”"').strip()
            start = match.end()
            normalised = normalised_url(link)
            if normalised and len(link) <= LONGEST_URL:
                found.setdefault(normalised, Found(link, title[:LONGEST_TITLE]))
    return list(found.values())


def add(
    db: Session,
    links: Iterable[Found],
    *,
    way: Way,
    by: Person | None = None,
    feed: Feed | None = None,
    owner: int | None = None,
    note: str = "",
) -> list[Lead]:
    """Puts links into the inbox; gives those that were not there yet. One that comes twice at once is there once."""
    state = Standing.TAKEN if owner else Standing.NEW
    added = []
    for link in links:
        values: dict[str, Any] = {
            "url": link.url,
            "url_normalised": normalised_url(link.url),
            "title": link.title,
        }
        values |= {"state": state.value, "owner": owner, "note": note}
        values |= {
            "way": way.value,
            "added_by": by.id if by else None,
            "feed": feed.id if feed else None,
        }
        adding = (
            insert(Lead).values(values).on_conflict_do_nothing(index_elements=["url_normalised"])
        )
        made = db.scalar(adding.returning(Lead))
        if made is not None:
            standings.begin(db, made, by)
            added.append(made)
    return added


def here(db: Session, links: Iterable[str]) -> Sequence[Lead]:
    """Those of these links that are in the inbox."""
    wanted = {normalised for link in links if (normalised := normalised_url(link))}
    return db.scalars(select(Lead).where(Lead.url_normalised.in_(wanted)).order_by(Lead.id)).all()


def find(db: Session, id: int, *, to_change: bool = False) -> Lead | None:
    return db.get(Lead, id, with_for_update=to_change) if id < 2**31 else None


# Known already ----------------------------------------------------------------------------------------------------


def known(db: Session, catalogue: Catalogue, links: Sequence[str]) -> dict[str, str]:
    """The ids of sources, or of drafts of sources, that were found at these addresses, merged since or not."""
    by_normalised = {link: normalised_url(link) or "" for link in links}
    source, copy = models.Source, models.SourceCopy
    asked = select(source.url_normalised, source.id).where(
        source.url_normalised.in_(set(by_normalised.values()))
    )
    sources = {str(url): id for url, id in db.execute(asked)}
    copies = {
        str(url): id
        for url, id in db.execute(select(copy.url, copy.source).where(copy.url.in_(links)))
    }
    drafts = {
        normalised: draft.record
        for draft in catalogue.drafts.values()
        if draft.kind == "S" and (normalised := normalised_url(draft.document.get("url", "")))
    }
    merged = of_merged_sources(db)
    found = {}
    for link, normalised in by_normalised.items():
        if (
            id := sources.get(normalised)
            or copies.get(link)
            or drafts.get(normalised)
            or merged.get(normalised)
        ):
            found[link] = id
    return found


# Into a source ----------------------------------------------------------------------------------------------------


def make_source(db: Session, lead: Lead, by: Person) -> str:
    """The id of the source that it is made into: a new draft of one, or the one that is known at its address."""
    catalogue = Catalogue(db, by)
    id = catalogue.source_at(lead.url)
    draft = draft_commands.open_draft(db, id) if id else None
    if id is None:
        document = begun_at(catalogue, lead.url) | ({"title": lead.title} if lead.title else {})
        draft = draft_commands.begin(
            db, by, f"lead {lead.id} {lead.since.isoformat()}", "S", document=document
        )
        id = draft.record
    if draft is not None:
        lead.draft = draft.id
    standings.change(db, lead, by, state=Standing.DONE, owner=lead.owner or by.id, note=lead.note)
    note(db, Action.MADE_SOURCE, by, id, f"{lead.id}")
    return id


def records(db: Session, leads: Sequence[Lead]) -> dict[int, tuple[str, bool]]:
    """By lead, the id of the source that it became, and whether its draft was put away since."""
    asked = select(Lead.id, Draft.record, Draft.state).join(Draft, Draft.id == Lead.draft)
    rows = db.execute(asked.where(Lead.id.in_([lead.id for lead in leads])))
    return {id: (record, state == State.DELETED) for id, record, state in rows}


# The list ---------------------------------------------------------------------------------------------------------

VIEWS = ("open", "mine", "new", "done", "set-aside")
LEADS_A_PAGE = 50


def listed(db: Session, person: Person, view: str, q: str, before: int | None) -> Sequence[Lead]:
    """A page of the inbox, the newest first; one more than fits tells that there are more."""
    asked = (
        select(Lead).where(_in_view(person, view)).order_by(Lead.id.desc()).limit(LEADS_A_PAGE + 1)
    )
    for word in q.split()[:6]:
        asked = asked.where(
            or_(
                *(
                    text.icontains(word, autoescape=True)
                    for text in (Lead.url, Lead.title, Lead.note)
                )
            )
        )
    return db.scalars(asked.where(Lead.id < before) if before else asked).all()


def counts(db: Session, person: Person) -> dict[str, int]:
    """How many there are in each view."""
    columns = [func.count().filter(_in_view(person, view)).label(view) for view in VIEWS]
    return dict(zip(VIEWS, db.execute(select(*columns).select_from(Lead)).one(), strict=True))


def _in_view(person: Person, view: str) -> ColumnElement[bool]:
    match view:
        case "open":
            return Lead.state.in_(OPEN)
        case "mine":
            return Lead.state.in_(OPEN) & (Lead.owner == person.id)
    return Lead.state == view
