"""Routes of `/desk/inbox`: list leads, add links, change a lead, and make a source of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Depends, Request
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.desk.approved.models import ReferenceRow
from app.desk.draft_form.catalogue import Catalogue
from app.desk.identity.models import Person
from app.desk.identity.permissions import Contributor
from app.desk.identity.roles import DeskRole
from app.desk.intake.models import OPEN_STATES, IntakeState, Lead, LeadOrigin, WatchedFeed
from app.desk.leads import leads, states
from app.desk.leads.leads import (
    LEAD_VIEWS,
    MAX_LINKS_PER_FORM,
    MAX_NOTE_LENGTH,
    MAX_TITLE_LENGTH,
    extract_links,
)
from app.desk.leads.states import TRANSITIONS, StepView, TransitionError
from app.desk.ui.page_frame import desk_page, see_other
from app.documents import clean
from app.i18n.translate import N_, _
from app.kinds.locale_names import guess_language
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.urls import absolute_url, url

router = APIRouter()

VIEW_LABELS = {
    "open": N_("Open"),
    "mine": N_("Mine"),
    "new": N_("New"),
    "done": N_("Done"),
    "set-aside": N_("Set aside"),
}


@dataclass(frozen=True)
class KnownSource:
    """The source at a link, and the records that cite the source."""

    id: str
    label: str
    rests: Sequence[str]


@dataclass(frozen=True)
class LeadRow:
    """A lead in the list and on its own page."""

    id: int
    url: str
    title: str
    language: str
    """Language of the title, guessed from its script."""
    host: str
    way: str
    at: datetime
    state: str
    state_code: str
    owner: str
    note: str
    known: KnownSource | None
    became: str
    is_put_away: bool
    """Whether the draft made of the lead was deleted."""
    buttons: Sequence[tuple[str, str]]

    @property
    def is_open(self) -> bool:
        return self.state_code in OPEN_STATES


@dataclass(frozen=True)
class LinksForm:
    """Values of the form that adds links."""

    links: str = ""
    note: str = ""
    owner: str = ""
    way: str = LeadOrigin.PASTED.value


@dataclass(frozen=True)
class AddedLinks:
    """Result of adding links."""

    added: Sequence[LeadRow]
    here_already: Sequence[LeadRow]
    known: Sequence[tuple[str, KnownSource]]


@dataclass(frozen=True)
class InboxView:
    """View of `desk/inbox/list.html`."""

    lines: Sequence[LeadRow]
    views: Sequence[tuple[str, str, int, bool]]
    view: str
    q: str
    older: str
    typed: LinksForm
    error: str
    result: AddedLinks | None
    people: Sequence[tuple[str, str]]
    bookmarklet: str
    just_done: LeadRow | None
    may_watch: bool


# List -------------------------------------------------------------------------------------------


@router.get("/desk/inbox", name="inbox")
def inbox_page(request: Request, db: Desk, person: Contributor) -> Response:
    return _inbox_page(request, db, person)


@router.get("/desk/inbox/new", name="lead-new")
def bookmarklet_page(request: Request, db: Desk, person: Contributor) -> Response:
    """Show the form filled in by the bookmarklet. The link is added once the form is sent."""
    title = " ".join(clean(request.query_params.get("title", "")).split())[:MAX_TITLE_LENGTH]
    link = clean(request.query_params.get("url", "")).strip()
    typed = LinksForm(
        f"{title} {link}".strip(), owner=str(person.id), way=LeadOrigin.BOOKMARKLET.value
    )
    return _inbox_page(request, db, person, typed=typed)


@router.post("/desk/inbox")
def add(request: Request, db: Desk, person: Contributor, posted: PostedForm) -> Response:
    """Add links to the inbox. A repeated request adds nothing."""
    fields = (clean(posted.get(name, "")).strip() for name in ("links", "note", "owner", "way"))
    typed = LinksForm(*fields)
    found = extract_links(typed.links)
    owner = _person(db, typed.owner)
    if error := _error(typed, len(found), owner):
        return _inbox_page(request, db, person, typed=typed, error=error, status=422)
    catalogue = Catalogue(db, person)
    known = leads.sources_at(db, catalogue, [link.url for link in found])
    new = [link for link in found if link.url not in known]
    way = (
        LeadOrigin(typed.way)
        if typed.way in {LeadOrigin.PASTED, LeadOrigin.BOOKMARKLET}
        else LeadOrigin.PASTED
    )
    added = leads.add_leads(
        db, new, way=way, by=person, owner=owner.id if owner else None, note=typed.note
    )
    ids = {lead.id for lead in added}
    before = [lead for lead in leads.leads_at(db, [link.url for link in new]) if lead.id not in ids]
    sources = _known_sources(db, catalogue, known)
    result = AddedLinks(
        _lines(db, person, catalogue, added),
        _lines(db, person, catalogue, before),
        [(link, sources[id]) for link, id in known.items()],
    )
    return _inbox_page(request, db, person, result=result)


def _error(typed: LinksForm, count: int, owner: Person | None) -> str:
    if not count:
        return _("The text has no link. A link begins with http:// or https://.")
    if count > MAX_LINKS_PER_FORM:
        return _("The text has {count} links. Add at most {most} at once.").format(
            count=count, most=MAX_LINKS_PER_FORM
        )
    if len(typed.note) > MAX_NOTE_LENGTH:
        return _("The note is too long. Use at most {most} characters.").format(
            most=MAX_NOTE_LENGTH
        )
    if typed.owner and owner is None:
        return _("Choose a person from the list.")
    return ""


def _inbox_page(
    request: Request,
    db: Session,
    person: Person,
    *,
    typed: LinksForm | None = None,
    error: str = "",
    result: AddedLinks | None = None,
    status: int = 200,
) -> Response:
    query = request.query_params
    view = query.get("view", "") if query.get("view", "") in LEAD_VIEWS else LEAD_VIEWS[0]
    q, before = clean(query.get("q", "")).strip()[:200], parse_number(query.get("before", ""))
    found = leads.list_leads(db, person, view, q, before)
    shown, catalogue = found[: leads.LEADS_PER_PAGE], Catalogue(db, person)
    counts = leads.count_leads(db, person)
    just_done = (
        leads.find_lead(db, number) if (number := parse_number(query.get("did", ""))) else None
    )
    older = (
        {"view": view, "before": str(shown[-1].id)} | ({"q": q} if q else {})
        if len(found) > len(shown)
        else {}
    )
    inbox = InboxView(
        lines=_lines(db, person, catalogue, shown),
        views=[
            (_(VIEW_LABELS[each]), f"{url('inbox')}?view={each}", counts[each], each == view)
            for each in LEAD_VIEWS
        ],
        view=view,
        q=q,
        older=f"{url('inbox')}?{urlencode(older)}" if older else "",
        typed=typed or LinksForm(),
        error=error,
        result=result,
        people=possible_owners(db),
        bookmarklet=_bookmarklet(absolute_url(request, url("lead-new"))),
        just_done=_lines(db, person, catalogue, [just_done])[0] if just_done else None,
        may_watch=person.may(DeskRole.EDITOR),
    )
    return desk_page(request, "desk/inbox/list.html", inbox=inbox, status=status)


def _bookmarklet(address: str) -> str:
    """Return a bookmarklet that opens the form with the current page. Our pages never run it."""
    return (
        f"javascript:void open('{address}?url='+encodeURIComponent(location.href)"
        "+'&title='+encodeURIComponent(document.title),'_blank','noopener')"
    )


# One lead ---------------------------------------------------------------------------------------


def lead_of(request: Request, db: Desk, _person: Contributor, id: int) -> Lead:
    """Return the lead with this id, locked for a POST."""
    lead = leads.find_lead(db, id, to_change=request.method == "POST")
    if lead is None:
        raise HTTPException(404)
    return lead


OneLead = Annotated[Lead, Depends(lead_of)]


@dataclass(frozen=True)
class LeadPage:
    """View of `desk/inbox/page.html`."""

    lead: LeadRow
    people: Sequence[tuple[str, str]]
    owner: str
    trail: Sequence[StepView]
    can_undo: bool


@router.get("/desk/inbox/{id:int}", name="lead")
def lead_page(request: Request, db: Desk, person: Contributor, lead: OneLead) -> Response:
    line = _lines(db, person, Catalogue(db, person), [lead])[0]
    trail = states.step_history(db, lead, states.names_of_people(db))
    view = LeadPage(line, possible_owners(db), str(lead.owner or ""), trail, len(trail) > 1)
    return desk_page(request, "desk/inbox/page.html", page=view)


@router.post("/desk/inbox/{id:int}")
def change_lead(
    request: Request, db: Desk, person: Contributor, lead: OneLead, posted: PostedForm
) -> Response:
    """Change the state of a lead, undo the last change, or store its note and owner."""
    action, view = posted.get("do", ""), posted.get("view", "")
    try:
        if action == "undo":
            states.undo(db, lead, person)
        elif action == "note":
            _note(db, person, lead, posted)
        elif action in TRANSITIONS:
            states.apply_transition(db, lead, person, action)
        else:
            raise HTTPException(422)
    except TransitionError:
        return see_other(
            request,
            url("lead", id=lead.id),
            _("This is not possible in its current state. Nothing was changed."),
        )
    if view in LEAD_VIEWS:
        return RedirectResponse(f"{url('inbox')}?{urlencode({'view': view, 'did': lead.id})}", 303)
    return see_other(
        request,
        url("lead", id=lead.id),
        _("The last step was undone.") if action == "undo" else _("Saved."),
    )


def _note(db: Session, person: Person, lead: Lead, posted: dict[str, str]) -> None:
    note, typed = clean(posted.get("note", "")).strip(), posted.get("owner", "")
    owner = _person(db, typed)
    if len(note) > MAX_NOTE_LENGTH or (typed and owner is None):
        raise HTTPException(422)
    state = IntakeState(lead.state)
    if state in OPEN_STATES:
        state = IntakeState.TAKEN if owner else IntakeState.NEW
    states.change(db, lead, person, state=state, owner=owner.id if owner else None, note=note)


@router.post("/desk/inbox/{id:int}/source", name="lead-source")
def make_source(db: Desk, person: Contributor, lead: OneLead) -> Response:
    """Redirect to the new draft of a source for this lead, or to the existing source."""
    id = leads.make_source(db, lead, person)
    draft = Catalogue(db, person).draft_of(id)
    is_of_lead = draft is not None and draft.id == lead.draft
    return RedirectResponse(
        url("draft", id=draft.id) if draft and is_of_lead else url("article", id=id), 303
    )


# Display ----------------------------------------------------------------------------------------


def _lines(
    db: Session, person: Person, catalogue: Catalogue, found: Sequence[Lead]
) -> list[LeadRow]:
    names = states.names_of_people(db)
    feeds = {feed.id: feed.title for feed in db.scalars(select(WatchedFeed))}
    by_link = leads.sources_at(db, catalogue, [lead.url for lead in found])
    known = _known_sources(db, catalogue, by_link)
    became = leads.sources_of_leads(db, found)
    lines = []
    for lead in found:
        origin = feeds[lead.feed] if lead.feed else names[lead.added_by] if lead.added_by else ""
        record, is_put_away = became.get(lead.id, ("", False))
        lines.append(
            LeadRow(
                id=lead.id,
                url=lead.url,
                title=lead.title or lead.url,
                language=guess_language(lead.title),
                host=urlsplit(lead.url).netloc,
                way=_("{way}: {whose}").format(way=_(LeadOrigin(lead.way).label), whose=origin),
                at=lead.added_at,
                state=_(IntakeState(lead.state).label),
                state_code=lead.state,
                owner=names[lead.owner] if lead.owner else "",
                note=lead.note,
                known=known.get(by_link.get(lead.url, "")),
                became=record,
                is_put_away=is_put_away,
                buttons=states.possible_transitions(lead, person),
            )
        )
    return lines


def _known_sources(
    db: Session, catalogue: Catalogue, by_link: dict[str, str]
) -> dict[str, KnownSource]:
    """Return the known sources by id, each with the records that cite the source."""
    ids = set(by_link.values())
    rows = db.execute(
        select(ReferenceRow.target, ReferenceRow.record).where(
            ReferenceRow.path == "citations.source", ReferenceRow.target.in_(ids)
        )
    )
    citing: dict[str, list[str]] = {id: [] for id in ids}
    for source, record in rows:
        citing[source].append(record)
    sorted_ids = {
        id: sorted(records, key=lambda record: (record[0], int(record[1:])))
        for id, records in citing.items()
    }
    return {id: KnownSource(id, catalogue.label(id), sorted_ids[id]) for id in ids}


def possible_owners(db: Session) -> list[tuple[str, str]]:
    """Return id and name of the possible owners: all people who can sign in."""
    people = select(Person).where(Person.disabled_at.is_(None), Person.password_hash.is_not(None))
    return sorted(
        ((str(each.id), each.called) for each in db.scalars(people)),
        key=lambda each: each[1].lower(),
    )


def _person(db: Session, typed: str) -> Person | None:
    found = db.get(Person, number) if (number := parse_number(typed)) else None
    return found if found and found.disabled_at is None else None


def parse_number(typed: Any) -> int | None:
    return int(typed) if re.fullmatch(r"[0-9]{1,9}", typed, re.ASCII) else None
