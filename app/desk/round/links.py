"""Leads: links that editors pasted, sent from a page, or found in feeds, until each is handled."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.desk.approved import store
from app.desk.approved.models import Record, ReferenceRow
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import commands as draft_commands
from app.desk.drafts.articles import new_source_at
from app.desk.identity.audit_log import Action, log_action
from app.desk.identity.models import Person
from app.desk.intake import IntakeState, Lead, LeadOrigin, WatchedFeed
from app.desk.round.items import change, notify_of_assignment, store_step
from app.record.reads.source_urls import normalised_url, urls_of_merged_sources
from app.vocabulary.kinds import RecordKind

LINK_PATTERN = re.compile(r"https?://[^\s<>\"“”„»«]+")
TRAILING_PUNCTUATION = ".,;:!?)]}'’"
MAX_LINKS_PER_FORM = 200
MAX_TITLE_LENGTH = 300
MAX_URL_LENGTH = 2_000


@dataclass(frozen=True)
class FoundLink:
    """A link and its title, taken from the text next to it."""

    url: str
    title: str = ""


def extract_links(text: str) -> list[FoundLink]:
    """Return each link of a pasted text once. The words before a link in its line are its title."""
    found: dict[str, FoundLink] = {}
    for line in text.splitlines():
        start = 0
        for match in LINK_PATTERN.finditer(line):
            link = match[0].rstrip(TRAILING_PUNCTUATION)
            # Keep a closing bracket whose opening bracket is part of the URL.
            if match[0][len(link) :].startswith(")") and link.count("(") > link.count(")"):
                link += ")"
            title = line[start : match.start()].strip(' \t-–—:,;·*•|[](<>“”"').strip()
            start = match.end()
            normalised = normalised_url(link)
            if normalised and len(link) <= MAX_URL_LENGTH:
                found.setdefault(normalised, FoundLink(link, title[:MAX_TITLE_LENGTH]))
    return list(found.values())


def add_leads(
    db: Session,
    links: Iterable[FoundLink],
    *,
    by: Person | None = None,
    feed: WatchedFeed | None = None,
    owner: int | None = None,
    note: str = "",
) -> list[Lead]:
    """Add links to the round and return the new leads. A link that is there already is ignored."""
    values: dict[str, Any] = {
        "state": IntakeState.TAKEN if owner else IntakeState.NEW,
        "owner": owner,
        "note": note,
        "way": LeadOrigin.FEED if feed else LeadOrigin.PASTED,
        "added_by": by.id if by else None,
        "feed": feed.id if feed else None,
    }
    added = []
    for link in links:
        values |= {
            "url": link.url,
            "url_normalised": normalised_url(link.url),
            "title": link.title,
        }
        adding = insert(Lead).values(values).on_conflict_do_nothing().returning(Lead)
        if lead := db.scalar(adding):
            store_step(db, lead, by)
            notify_of_assignment(db, lead, by)
            added.append(lead)
    return added


# Existing sources -------------------------------------------------------------------------------


def sources_at(db: Session, catalogue: Catalogue, links: Sequence[str]) -> dict[str, str]:
    """Return the id of the source, or draft of a source, at each link; also of merged sources."""
    by_normalised = {link: normalised_url(link) or "" for link in links}
    statement = select(Record.address, Record.id).where(
        Record.address.in_(set(by_normalised.values()) - {""})
    )
    sources = {str(url): id for url, id in db.execute(statement)}
    copies = store.sources_by_copy(db, links)
    drafts = {
        normalised: record
        for record, _article, document in catalogue.drafts_of(RecordKind.SOURCE)
        if (normalised := normalised_url(document.get("url", "")))
    }
    merged = urls_of_merged_sources(db)
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


@dataclass(frozen=True)
class KnownSource:
    """The source at a link, and the records that cite it."""

    id: str
    label: str
    cited_by: Sequence[str]


def known_sources(
    db: Session, catalogue: Catalogue, links: Sequence[str]
) -> dict[str, KnownSource]:
    """Return the source at each link that has one."""
    by_link = sources_at(db, catalogue, links)
    citing: dict[str, list[str]] = {id: [] for id in by_link.values()}
    rows = select(ReferenceRow.target, ReferenceRow.record).where(
        ReferenceRow.path == "citations.source", ReferenceRow.target.in_(citing)
    )
    for source, record in db.execute(rows):
        citing[source].append(record)
    for records in citing.values():
        records.sort(key=lambda record: (record[0], int(record[1:])))
    return {link: KnownSource(id, catalogue.label(id), citing[id]) for link, id in by_link.items()}


# Conversion to a source -------------------------------------------------------------------------


def make_source(db: Session, lead: Lead, by: Person) -> str:
    """Close a lead and return the id of its source: the existing one at its URL, or a new draft."""
    catalogue = Catalogue(db, by)
    id = catalogue.source_at(lead.url)
    draft = draft_commands.open_draft(db, id) if id else None
    if id is None:
        document = new_source_at(catalogue, lead.url) | (
            {"title": lead.title} if lead.title else {}
        )
        draft = draft_commands.begin(
            db, by, f"lead {lead.id} {lead.since.isoformat()}", RecordKind.SOURCE, document=document
        )
        id = draft.record
    if draft is not None:
        lead.draft = draft.id
    change(db, lead, by, state=IntakeState.DONE, owner=lead.owner or by.id, note=lead.note)
    log_action(db, Action.MADE_SOURCE, by, id, f"{lead.id}")
    return id
