"""Routes of `/desk/round` and of its feeds (`/desk/feeds`)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Request
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.desk.captures.fetched import FetchError
from app.desk.draft_form.catalogue import Catalogue, Match
from app.desk.identity.audit_log import log_action
from app.desk.identity.commands import names_of_people
from app.desk.identity.confirmations import Confirmation, GuardedAct, request_confirmation
from app.desk.identity.models import DeskRole, Person
from app.desk.identity.permissions import Contributor, Editor
from app.desk.intake import IntakeState, Lead, LeadOrigin, ReaderMessage, WatchedFeed
from app.desk.removals import effects_of, in_short, withdraw
from app.desk.round import checks, items, links
from app.desk.round.items import ITEMS_PER_PAGE, MAX_NOTE_LENGTH, Item
from app.desk.ui import FilledForm, desk_page, see_other
from app.documents import clean
from app.errors import InvalidStateError
from app.i18n.formats import as_sentence, enumerate_words, sentences
from app.i18n.translate import _, ngettext
from app.record.publishing.next_edition import publish_checks, undo_coverage_check
from app.record.publishing.validation import PublishError
from app.vocabulary.reader_message import Kind
from app.vocabulary.record import Outcome
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.state import SettingsDep
from app.web.urls import url

router = APIRouter()
VIEWS = ("open", "closed")
T = TypeVar("T", Lead, ReaderMessage, WatchedFeed)


# List -------------------------------------------------------------------------------------------


@router.get("/desk/round", name="round")
def round_page(request: Request, db: Desk, person: Contributor) -> Response:
    return _round_page(request, db, person)


@router.post("/desk/round")
def add_links(request: Request, db: Desk, person: Contributor, posted: PostedForm) -> Response:
    """Add links. A repeated request adds nothing."""
    typed = {name: clean(text).strip() for name, text in posted.items()}
    found = links.extract_links(typed.get("links", ""))
    note, owner = _note_and_owner(db, typed)
    error = ""
    if not found:
        error = _("The text has no link. A link begins with http:// or https://.")
    elif len(found) > links.MAX_LINKS_PER_FORM:
        error = _("The text has {count} links. Add at most {most} at once.").format(
            count=len(found), most=links.MAX_LINKS_PER_FORM
        )
    if error:
        return _round_page(request, db, person, typed=typed, problem=error)
    known = _known_sources(Catalogue(db, person), [link.url for link in found])
    new = [link for link in found if link.url not in known]
    added = links.add_leads(db, new, by=person, owner=owner, note=note)
    notices = [ngettext("{count} link was added.", "{count} links were added.", len(added))]
    if known:
        ids = enumerate_words(dict.fromkeys(source.code for source in known.values()))
        notices.append(_("Already sources: {ids}.").format(ids=ids))
    return see_other(request, url("round"), " ".join(notices))


def _round_page(
    request: Request,
    db: Session,
    person: Person,
    *,
    typed: Mapping[str, str] | None = None,
    problem: str = "",
    check: FilledForm[checks.CheckInput] | None = None,
) -> Response:
    query = request.query_params
    view = query.get("view", "") if query.get("view") in VIEWS else VIEWS[0]
    catalogue, is_editor = Catalogue(db, person), person.may(DeskRole.EDITOR)
    pages = {name: _number(query.get(name, "")) or 0 for name in ("leads", "letters")}
    leads = items.list_items(db, Lead, view, pages["leads"])
    letters: Sequence[ReaderMessage] = ()
    context: dict[str, Any] = {}
    if is_editor:
        letters = items.list_items(db, ReaderMessage, view, pages["letters"])
        recorded = checks.recorded_checks(db)
        context = {
            "check": check or FilledForm(checks.CheckInput, checks.next_check(recorded)),
            "checks": recorded[:ITEMS_PER_PAGE],
            "due": {
                thing: checks.longest_unchecked(catalogue, recorded, thing)
                for thing in checks.THINGS
            },
            "is_new": check is None,
            "letter_kinds": Kind,
            "outcomes": Outcome,
            "labels": lambda codes, list_: enumerate_words(
                catalogue.directory.label(list_, code) for code in codes
            ),
        }
    more = {
        name: f"{url('round')}?view={view}&{name}={pages[name] + 1}"
        for name, listed in (("leads", leads), ("letters", letters))
        if len(listed) > ITEMS_PER_PAGE
    }
    return desk_page(
        request,
        "desk/round/list.html",
        status=422 if problem or check else 200,
        view=view,
        is_editor=is_editor,
        leads=leads[:ITEMS_PER_PAGE],
        letters=letters[:ITEMS_PER_PAGE],
        more=more,
        typed={"links": "", "note": "", "owner": "", **(typed or {})},
        problem=problem,
        **_about_leads(db, catalogue, leads),
        **context,
    )


def _about_leads(db: Session, catalogue: Catalogue, leads: Sequence[Lead]) -> dict[str, Any]:
    """Return what the templates look up by the address or the id of a lead."""
    return {
        "known": _known_sources(catalogue, [lead.url for lead in leads]),
        "feed_titles": {feed.id: feed.title for feed in db.scalars(select(WatchedFeed))},
        "names": names_of_people(db),
        "people": items.possible_owners(db),
        "origin": LeadOrigin,
    }


def _known_sources(catalogue: Catalogue, addresses: Iterable[str]) -> dict[str, Match]:
    """Return the source, or the draft of one, at each of these addresses that has one."""
    found = {address: catalogue.source_at(address) for address in addresses}
    return {address: catalogue.match("source", id) for address, id in found.items() if id}


def _note_and_owner(db: Session, posted: Mapping[str, str]) -> tuple[str, int | None]:
    """Return a note and the id of who is to handle an item, as a form offers them."""
    note, owner = clean(posted.get("note", "")).strip(), posted.get("owner", "")
    if len(note) > MAX_NOTE_LENGTH or (owner and owner not in dict(items.possible_owners(db))):
        raise HTTPException(422)
    return note, _number(owner)


def _number(typed: str) -> int | None:
    return int(typed) if re.fullmatch(r"[0-9]{1,9}", typed, re.ASCII) else None


# Coverage checks --------------------------------------------------------------------------------


@router.post("/desk/round/check", name="checks")
def record_check(request: Request, db: Desk, editor: Editor, posted: PostedForm) -> Response:
    """Publish that editors looked for news; "nothing new" is the outcome of most checks."""
    catalogue = Catalogue(db, editor)
    filled, check = checks.read_check(catalogue, posted)
    if check is None:
        return _round_page(request, db, editor, check=filled)
    places = enumerate_words(catalogue.label(code, "place") for code in check.places)
    try:
        edition = publish_checks(db, [check], _("Looked for news: {places}").format(places=places))
    except PublishError as refused:
        refusal = filled.but("places", sentences(refused.reasons))
        return _round_page(request, db, editor, check=refusal)
    log_action(db, "checked", editor, f"edition:{edition.no}")
    notice = _("The check was recorded, in edition {edition}.").format(edition=edition.no)
    return see_other(request, url("round"), notice)


@router.post("/desk/round/check/{no}/undo", name="check-take-back")
def undo_check(request: Request, db: Desk, editor: Editor, no: int) -> Response:
    edition = undo_coverage_check(db, no, _("A coverage check was undone")) if no < 2**31 else None
    if edition is None:
        return see_other(request, url("round"), _("This check was already undone."))
    log_action(db, "took-check-back", editor, f"edition:{edition.no}")
    return see_other(request, url("round"), _("The check was undone. Past editions still have it."))


# One link or message ----------------------------------------------------------------------------


def lead_of(request: Request, db: Desk, _person: Contributor, id: int) -> Lead:
    """Return the lead with this id, locked for a POST."""
    return _find(request, db, Lead, id)


def letter_of(request: Request, db: Desk, _editor: Editor, id: int) -> ReaderMessage:
    """Return the message with this id, locked for a POST."""
    return _find(request, db, ReaderMessage, id)


def _find(request: Request, db: Session, kind: type[T], id: int) -> T:
    to_change = request.method == "POST"
    found = db.get(kind, id, with_for_update=to_change) if id < 2**31 else None
    if found is None:
        raise HTTPException(404)
    return found


OneLead = Annotated[Lead, Depends(lead_of)]
OneLetter = Annotated[ReaderMessage, Depends(letter_of)]


@router.get("/desk/round/links/{id:int}", name="lead")
def lead_page(request: Request, db: Desk, person: Contributor, lead: OneLead) -> Response:
    return _item_page(
        request, db, person, lead, lead=lead, **_about_leads(db, Catalogue(db, person), [lead])
    )


@router.post("/desk/round/links/{id:int}")
def change_lead(
    request: Request, db: Desk, person: Contributor, lead: OneLead, posted: PostedForm
) -> Response:
    return _change_item(
        request,
        db,
        person,
        lead,
        posted,
        here=url("round") if posted.get("back") else url("lead", id=lead.id),
    )


@router.post("/desk/round/links/{id:int}/source", name="lead-source")
def begin_report(db: Desk, person: Contributor, lead: OneLead) -> Response:
    """Redirect to the report that is begun with this lead, or to the existing source."""
    id = links.make_source(db, lead, person)
    return RedirectResponse(url("article", id=id), 303)


@router.get("/desk/round/messages/{id:int}", name="letter")
def letter_page(request: Request, db: Desk, editor: Editor, letter: OneLetter) -> Response:
    return _letter_page(request, db, editor, letter)


@router.post("/desk/round/messages/{id:int}")
def change_letter(
    request: Request, db: Desk, editor: Editor, letter: OneLetter, posted: PostedForm
) -> Response:
    return _change_item(request, db, editor, letter, posted, here=url("letter", id=letter.id))


@router.post("/desk/round/messages/{id:int}/hide", name="letter-hide")
def hide(
    request: Request,
    db: Desk,
    editor: Editor,
    letter: OneLetter,
    posted: PostedForm,
    *,
    settings: SettingsDep,
) -> Response:
    """Withdraw a record that the message names, with what the page says of others.

    Its page stays and gives the reason. Where settings require it, a second person must confirm
    the withdrawal afterwards or revert it.
    """
    id, reason = clean(posted.get("record", "")), clean(posted.get("reason", "")).strip()
    if id not in {each["id"] for each in items.affected_records(db, Catalogue(db, editor), letter)}:
        raise HTTPException(404)
    try:
        with db.begin_nested():
            edition = withdraw(db, [id], editor, reason, in_short(effects_of(db, [id])))
            log_action(db, "hid", editor, id, str(letter.id))
            if not settings.one_person_desk:
                arguments = {"edition": edition.no, "letter": letter.id}
                hidden = Confirmation(
                    act=GuardedAct.HIDE, record=id, reason=reason, arguments=arguments
                )
                request_confirmation(db, editor, hidden)
    except (PublishError, InvalidStateError) as refused:
        reasons = refused.reasons if isinstance(refused, PublishError) else ()
        problems = [as_sentence(each) for each in reasons]
        already = _("Nothing was changed: this was already done.")
        return _letter_page(
            request, db, editor, letter, problems=problems or [already], reason=reason
        )
    notice = _(
        "{id} is hidden from readers. Its page gives the reason. To undo this, "
        "publish it again on its desk page."
    ).format(id=id)
    return see_other(request, url("letter", id=letter.id), notice)


def _letter_page(
    request: Request, db: Session, editor: Person, letter: ReaderMessage, **more: Any
) -> Response:
    affected = items.affected_records(db, Catalogue(db, editor), letter)
    return _item_page(
        request,
        db,
        editor,
        letter,
        letter=letter,
        kind=Kind(letter.kind),
        state_for_sender=_(items.STATE_FOR_SENDER[IntakeState(letter.state)].label)
        if letter.code_hash
        else "",
        affected=affected,
        effects={
            each["id"]: in_short(effects_of(db, [each["id"]]))
            for each in affected
            if each["is_live"]
        },
        names=names_of_people(db),
        people=items.possible_owners(db),
        **{"problems": (), "reason": ""} | more,
    )


def _item_page(request: Request, db: Session, person: Person, item: Item, **more: Any) -> Response:
    return desk_page(
        request,
        f"desk/round/{'link' if isinstance(item, Lead) else 'message'}.html",
        status=422 if more.get("problems") else 200,
        item=item,
        me=person.id,
        trail=items.step_history(db, item),
        **more,
    )


def _change_item(
    request: Request,
    db: Session,
    person: Person,
    item: Item,
    posted: Mapping[str, str],
    *,
    here: str,
) -> Response:
    """Change the state of an item, undo the last change, or store its note and owner."""
    action = posted.get("do", "")
    note, owner = _note_and_owner(db, posted)
    if action not in {"undo", "note", *items.STATE_AFTER}:
        raise HTTPException(422)
    notice = _("The last step was undone.") if action == "undo" else _("Saved.")
    if not items.apply_action(db, item, person, action, note=note, owner=owner):
        notice = _("This is not possible in its current state. Nothing was changed.")
    return see_other(request, here, notice)


# Feeds ------------------------------------------------------------------------------------------


@router.get("/desk/feeds", name="feeds")
def feeds_page(request: Request, db: Desk, _editor: Editor) -> Response:
    return _feeds_page(request, db)


@router.post("/desk/feeds")
def watch_feed(
    request: Request, db: Desk, settings: SettingsDep, editor: Editor, posted: PostedForm
) -> Response:
    address = clean(posted.get("url", "")).strip()
    owner = editor.id if posted.get("mine") else None
    try:
        links.add_feed(db, settings, address, editor, owner)
    except FetchError as error:
        return _feeds_page(request, db, address, str(error))
    return see_other(request, url("feeds"), _("The feed is now watched."))


@router.post("/desk/feeds/{id:int}", name="feed")
def change_feed(
    request: Request, db: Desk, editor: Editor, id: int, posted: PostedForm
) -> Response:
    feed = _find(request, db, WatchedFeed, id)
    is_stopped = posted.get("do") == "stop"
    feed.stopped_at = func.now() if is_stopped else None
    log_action(db, "stopped-feed" if is_stopped else "started-feed", editor, words=feed.url)
    return see_other(
        request,
        url("feeds"),
        _("The feed is no longer watched.") if is_stopped else _("The feed is watched again."),
    )


def _feeds_page(request: Request, db: Session, typed: str = "", error: str = "") -> Response:
    return desk_page(
        request,
        "desk/round/feeds.html",
        status=422 if error else 200,
        watched=links.list_feeds(db),
        names=names_of_people(db),
        typed=typed,
        error=error,
    )
