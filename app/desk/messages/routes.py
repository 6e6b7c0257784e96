"""Routes of `/desk/requests`: list and edit readers' messages, and hide records they name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.desk.draft_form.catalogue import Catalogue
from app.desk.identity.models import Person
from app.desk.identity.permissions import Editor
from app.desk.inbox.routes import parse_number, possible_owners
from app.desk.intake.models import OPEN_STATES, IntakeState, ReaderMessage
from app.desk.leads import states
from app.desk.leads.leads import MAX_NOTE_LENGTH
from app.desk.leads.states import TRANSITIONS, StepView, TransitionError
from app.desk.messages import messages
from app.desk.messages.messages import MESSAGE_VIEWS, AffectedRecord
from app.desk.review.withdraw import GOES, STAYS, default_choices
from app.desk.ui.page_frame import desk_page, see_other
from app.documents import clean
from app.errors import InvalidStateError as NotPublished
from app.i18n.formats import as_sentence, enumerate_words
from app.i18n.translate import N_, _
from app.record.publishing.validation import PublishError
from app.vocabulary.reader_message import Kind
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.state import SettingsDep
from app.web.urls import url

router = APIRouter()

VIEW_LABELS = {"open": N_("Open"), "closed": N_("Closed")}


@dataclass(frozen=True)
class MessageRow:
    """A message in the list."""

    id: int
    kind: str
    is_removal: bool
    is_rushed: bool
    about: str
    words: str
    reach: str
    at: datetime
    state: str
    state_for_sender: str
    """Empty if the sender has no code."""
    owner: str
    note: str


@dataclass(frozen=True)
class MessageList:
    """View of `desk/messages/list.html`."""

    lines: Sequence[MessageRow]
    views: Sequence[tuple[str, str, int, bool]]
    more: str
    kinds: Sequence[tuple[str, str]]
    typed: dict[str, str]
    error: str


@dataclass(frozen=True)
class MessagePage:
    """View of `desk/messages/page.html`."""

    letter: MessageRow
    affected: Sequence[AffectedRecord]
    people: Sequence[tuple[str, str]]
    owner: str
    buttons: Sequence[tuple[str, str]]
    trail: Sequence[StepView]
    can_undo: bool
    problems: Sequence[str]
    reason: str
    forced: "ForcedHiding | None"


@dataclass(frozen=True)
class ForcedHiding:
    """A record to hide after confirmation, and the ids of others that stay or are hidden too."""

    id: str
    stay: str
    go: str


# List -------------------------------------------------------------------------------------------


@router.get("/desk/requests", name="letters")
def letters_page(request: Request, db: Desk, _editor: Editor) -> Response:
    return _letters_page(request, db)


@router.post("/desk/requests")
def enter_letter(request: Request, db: Desk, editor: Editor, posted: PostedForm) -> Response:
    """Enter a message that came by mail or in conversation."""
    typed = {
        name: clean(posted.get(name, "")).strip() for name in ("kind", "about", "words", "reach")
    }
    kind = Kind.by_code().get(typed["kind"])
    texts = {name: typed[name] for name in ("about", "words", "reach")}
    if kind is None or not typed["words"] or messages.is_too_long(texts):
        return _letters_page(
            request,
            db,
            typed,
            _("Choose a kind, and enter the message in at most 5,000 characters."),
        )
    letter = messages.enter_message(db, editor, kind=kind, **texts)
    return see_other(
        request, url("letter", id=letter.id), _("The message was saved and assigned to you.")
    )


def _letters_page(
    request: Request, db: Session, typed: dict[str, str] | None = None, error: str = ""
) -> Response:
    requested_view = request.query_params.get("view", "")
    view = requested_view if requested_view in MESSAGE_VIEWS else MESSAGE_VIEWS[0]
    found = messages.list_messages(db, view, parse_number(request.query_params.get("after", "")))
    shown, counts, names = (
        found[: messages.MESSAGES_PER_PAGE],
        messages.count_messages(db),
        states.names_of_people(db),
    )
    list_url = url("letters")
    view_model = MessageList(
        lines=[_line(letter, names) for letter in shown],
        views=[
            (_(VIEW_LABELS[each]), f"{list_url}?view={each}", counts[each], each == view)
            for each in MESSAGE_VIEWS
        ],
        more=f"{list_url}?view={view}&after={shown[-1].id}" if len(found) > len(shown) else "",
        kinds=[(kind.value, _(kind.label)) for kind in Kind],
        typed=typed or dict.fromkeys(("kind", "about", "words", "reach"), ""),
        error=error,
    )
    return desk_page(
        request, "desk/messages/list.html", status=422 if error else 200, letters=view_model
    )


def _line(letter: ReaderMessage, names: dict[int, str]) -> MessageRow:
    return MessageRow(
        id=letter.id,
        kind=_(Kind(letter.kind).label),
        is_removal=letter.kind == Kind.REMOVAL,
        is_rushed=letter.rushed,
        about=letter.about,
        words=letter.words,
        reach=letter.reach,
        at=letter.came_at,
        state=_(IntakeState(letter.state).label),
        state_for_sender=_(messages.STATE_FOR_SENDER[IntakeState(letter.state)].label)
        if letter.code_hash
        else "",
        owner=names[letter.owner] if letter.owner else "",
        note=letter.note,
    )


# One message ------------------------------------------------------------------------------------


def letter_of(request: Request, db: Desk, _editor: Editor, id: int) -> ReaderMessage:
    """Return the message with this id, locked for a POST."""
    letter = messages.find_message(db, id, to_change=request.method == "POST")
    if letter is None:
        raise HTTPException(404)
    return letter


OneLetter = Annotated[ReaderMessage, Depends(letter_of)]


@router.get("/desk/requests/{id:int}", name="letter")
def letter_page(request: Request, db: Desk, editor: Editor, letter: OneLetter) -> Response:
    return _letter_page(request, db, editor, letter)


@router.post("/desk/requests/{id:int}")
def change_letter(
    request: Request, db: Desk, editor: Editor, letter: OneLetter, posted: PostedForm
) -> Response:
    """Change the state of a message, undo the last change, or store its note and owner."""
    action = posted.get("do", "")
    try:
        if action == "undo":
            states.undo(db, letter, editor)
        elif action == "note":
            _note(db, editor, letter, posted)
        elif action in TRANSITIONS:
            messages.change_state(db, letter, editor, action)
        else:
            raise HTTPException(422)
    except TransitionError:
        return see_other(
            request,
            url("letter", id=letter.id),
            _("This is not possible in its current state. Nothing was changed."),
        )
    return see_other(
        request,
        url("letter", id=letter.id),
        _("The last step was undone.") if action == "undo" else _("Saved."),
    )


def _note(db: Session, editor: Person, letter: ReaderMessage, posted: dict[str, str]) -> None:
    note, typed = clean(posted.get("note", "")).strip(), posted.get("owner", "")
    if len(note) > MAX_NOTE_LENGTH or (typed and typed not in dict(possible_owners(db))):
        raise HTTPException(422)
    owner, state = parse_number(typed), IntakeState(letter.state)
    if state in OPEN_STATES:
        state = IntakeState.TAKEN if owner else IntakeState.NEW
    states.change(db, letter, editor, state=state, owner=owner, note=note)


@router.post("/desk/requests/{id:int}/hide", name="letter-hide")
def hide(
    request: Request,
    db: Desk,
    editor: Editor,
    letter: OneLetter,
    posted: PostedForm,
    *,
    settings: SettingsDep,
) -> Response:
    """Withdraw a record that the message names. Its page stays and gives the reason."""
    id, reason = clean(posted.get("record", "")), clean(posted.get("reason", "")).strip()
    if id not in {each.id for each in messages.affected_records(db, Catalogue(db, editor), letter)}:
        raise HTTPException(404)
    others = default_choices(db, Catalogue(db, editor), id)
    is_confirmed = posted.get("others") == "at-once"
    attempt = db.begin_nested()
    try:
        messages.hide_record(
            db, letter, id, editor, reason, chosen=others if is_confirmed else {}, settings=settings
        )
    except (PublishError, NotPublished) as refused:
        attempt.rollback()
        problems = (
            refused.reasons
            if isinstance(refused, PublishError)
            else [_("Nothing was changed: this was already done.")]
        )
        problems_in_words = [as_sentence(problem) for problem in problems]
        forced = (
            None
            if is_confirmed or not others
            else ForcedHiding(id, _ids(others, STAYS), _ids(others, GOES))
        )
        return _letter_page(
            request, db, editor, letter, problems=problems_in_words, reason=reason, forced=forced
        )
    attempt.commit()
    notice = _(
        "{id} is hidden from readers. Its page gives the reason. To undo this, "
        "publish it again on its desk page."
    ).format(id=id)
    return see_other(request, url("letter", id=letter.id), notice)


def _ids(others: Mapping[str, str], outcome: str) -> str:
    return enumerate_words(id for id, choice in others.items() if choice == outcome)


def _letter_page(
    request: Request,
    db: Session,
    editor: Person,
    letter: ReaderMessage,
    *,
    problems: Sequence[str] = (),
    reason: str = "",
    forced: ForcedHiding | None = None,
) -> Response:
    names = states.names_of_people(db)
    trail = states.step_history(db, letter, names)
    view = MessagePage(
        letter=_line(letter, names),
        affected=messages.affected_records(db, Catalogue(db, editor), letter),
        people=possible_owners(db),
        owner=str(letter.owner or ""),
        buttons=states.possible_transitions(letter, editor),
        trail=trail,
        can_undo=len(trail) > 1,
        problems=problems,
        reason=reason or _("Under review; it may be published again."),
        forced=forced,
    )
    return desk_page(request, "desk/messages/page.html", status=422 if problems else 200, page=view)
