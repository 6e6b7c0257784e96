"""The addresses of drafts: beginning, writing, what is read while one types, earlier versions, putting away."""

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.desk.approved import models
from app.desk.approved.draft_models import WRITABLE, Draft, Saved, State, Weight
from app.desk.draft_form import documents, gazetteer
from app.desk.draft_form.actions import act
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.compare import to_choose
from app.desk.draft_form.documents import YES, Document, clean
from app.desk.draft_form.fields import Choice, Problem, SectionView, Sheet, cap, check_draft
from app.desk.draft_form.merge import differences, merged
from app.desk.draft_form.private_values import DraftReader, Opened, opened
from app.desk.draft_form.repeated_citations import article_of, said_again, speakers
from app.desk.drafts import commands, source_page
from app.desk.drafts.alignment import is_behind
from app.desk.drafts.articles import begun_address, begun_from, events_of, new_row
from app.desk.drafts.commands import Conflict, Typed
from app.desk.drafts.comments import Talk, talks
from app.desk.drafts.duplicates import add_to_twin
from app.desk.drafts.new_from_name import begun_for, key_of, named_in
from app.desk.drafts.similar import Similar, similar
from app.desk.drafts.source_page import PageOfDraft
from app.desk.drafts.trial_publish import refusals
from app.desk.identity.models import Person
from app.desk.identity.permissions import Contributor
from app.desk.ui.page_frame import desk_page, see_other
from app.errors import NotNow
from app.i18n.translate import N_, _
from app.record.publishing.validation import MOST_OF_A_REASON
from app.web.forms import Posted
from app.web.page import page
from app.web.sessions import Desk
from app.web.urls import url

router = APIRouter()

CALLED = {
    "E": (N_("New event"), N_("Change event {id}")),
    "M": (N_("New figure"), N_("Change figure {id}")),
    "S": (N_("New source"), N_("Change source {id}")),
    "O": (N_("New outlet"), N_("Change outlet {id}")),
    "P": (N_("New place"), N_("Change place {id}")),
}
NUMBER = r"[0-9]{1,9}"
HIDES_PRIVATE = "hides-private"
"""The field by which a page says that it left out private fields of others."""
HANDING_IN = {"submit", "submit E", "submit M"}
"""What buttons say that hand a draft in, two of which begin the next event or figure of its article."""


@dataclass(frozen=True)
class Following:
    """A button that hands a draft in and goes on with the next, and the keys that stand for it."""

    do: str
    label: str
    keys: str


@dataclass(frozen=True)
class DraftPage:
    """What `desk/drafts/page.html` prints, and the parts of it that answer by themselves."""

    id: int
    record: str
    heading: str
    standing: str
    article: str
    number: int
    sheet: str
    saved_at: datetime
    sections: Sequence[SectionView]
    hidden: Sequence[tuple[str, str]]
    problems: Sequence[Problem]
    """What to fix, once somebody has said that they are done."""
    missing: Sequence[Problem]
    """What still lacks before it can be handed in, also while they are not."""
    is_change: bool
    why: str
    reason: str
    focus: str = ""
    other: str = ""
    """Who saved it meanwhile, where this page could not."""
    is_saved: bool = False
    """Whether nothing that was typed is still unsaved."""
    page: PageOfDraft | None = None
    """What there is of the page of a source; nothing for other records."""
    similar: Sequence[Similar] = ()
    """What may be the same; see `drafts.similar`."""
    talks: Sequence[Talk] = ()
    is_behind: bool = False
    """Whether its record was published anew since it was begun."""
    following: Sequence[Following] = ()
    hides_private: bool = False
    """Whether private fields of others are left out."""
    opened: Opened | None = None
    """For editors: whether the contributor who writes it may see its private fields."""

    @property
    def title(self) -> str:
        return self.heading

    @property
    def whys(self) -> Sequence[Choice]:
        return [Choice(weight, _(weight.label), is_chosen=weight == self.why) for weight in Weight]


# Beginning --------------------------------------------------------------------------------------------------------


@router.post("/desk/drafts", name="drafts")
def begin(request: Request, db: Desk, person: Contributor, posted: Posted) -> Response:
    """Begins a draft of something new or, with `record`, of a change to what was approved."""
    key, kind, record, article = (
        clean(posted.get(name, "")) for name in ("key", "kind", "record", "article")
    )
    if not record and (kind not in CALLED or not key):
        raise HTTPException(422)
    draft = (
        commands.begin_to_change(db, person, record, article)
        if record
        else commands.begin(db, person, key, kind, article=article)
    )
    if draft is None:
        raise HTTPException(404)
    if not commands.may_write(person, draft):
        return see_other(
            request, url("desk"), _("Somebody else is changing that one at the moment.")
        )
    return RedirectResponse(url("draft", id=draft.id) if record else begun_address(draft), 303)


def draft_of(request: Request, db: Desk, person: Contributor, id: int) -> Draft:
    """The draft at an address, for who may write it; to others it is not there. Who posts has it to themselves."""
    draft = commands.find(db, id, to_write=request.method == "POST") if id < 2**31 else None
    if draft is None or not commands.may_write(person, draft):
        raise HTTPException(404)
    return draft


OwnDraft = Annotated[Draft, Depends(draft_of)]


# Writing ----------------------------------------------------------------------------------------------------------


@router.get("/desk/drafts/{id:int}", name="draft")
def draft_page(request: Request, db: Desk, person: Contributor, draft: OwnDraft) -> Response:
    if draft.state not in WRITABLE:
        return RedirectResponse(url("draft-history", id=draft.id), 303)
    return _draft_page(request, db, person, draft, with_problems="check" in request.query_params)


@router.post("/desk/drafts/{id:int}")
def write(
    request: Request, db: Desk, person: Contributor, draft: OwnDraft, posted: Posted
) -> Response:
    """Keeps what was typed, and then does what the button says."""
    if _was_handed_in(db, draft, posted):
        return _after(request, db, person, draft, posted)
    do = _with_its_town(db, person, draft, posted.get("do", "save"))
    catalogue = Catalogue(db, person)
    typed, focus = _typed(catalogue, draft, posted, do)
    if do == "take-all" and draft.kind == "S":
        typed = replace(typed, document=source_page.taken(db, catalogue, draft, typed.document))
        focus = "page"
    if do == "autosave" and _is_late(db, draft, typed):
        return _saved(request, db, person, draft, typed, is_late=True)
    try:
        commands.save(
            db,
            draft,
            typed,
            person,
            Saved.SAVED if do in {"save", *HANDING_IN} else Saved.BY_ITSELF,
        )
    except Conflict as conflict:
        if do == "autosave":
            return _saved(request, db, person, draft, typed, other=called(db, conflict.by))
        return _choice_page(request, Catalogue(db, person), draft, typed, began=typed.number)
    except NotNow:
        if do == "autosave":
            return _saved(request, db, person, draft, typed, is_late=True)
        return not_now(request, draft)
    here = url("draft", id=draft.id)
    match do.split():
        case ["autosave"]:
            return _saved(request, db, person, draft, typed)
        case ["same", twin]:
            return _same(request, db, person, draft, twin)
        case ["make", path]:
            return _make(request, db, person, draft, path)
        case ["save"]:
            return RedirectResponse(f"{here}?check=1", 303)
        case ["submit"] | ["submit", "E" | "M"]:
            if _can_be_handed_in(db, person, draft):
                commands.move(db, draft, person, commands.SUBMIT, typed.sheet)
                return _after(request, db, person, draft, posted)
            return RedirectResponse(f"{here}?check=1", 303)
        case [ask] if ask in source_page.ASKS and draft.kind == "S":
            # The draft is held meanwhile: nobody else's save waits for long, since fetching has its time.
            source_page.ask(db, request.app.state.settings, draft, person, ask)
            focus = "page"
    return RedirectResponse(f"{here}?focus={focus}#{focus}" if focus else here, 303)


def _typed(
    catalogue: Catalogue, draft: Draft, posted: Mapping[str, str], do: str
) -> tuple[Typed, str]:
    number = posted.get("number", "")
    if not re.fullmatch(NUMBER, number, re.ASCII):
        raise HTTPException(422)
    form = commands.form_of(draft)
    if not documents.is_of(form, posted):
        # Boxes that are disabled while an answer is awaited are not sent: their page does not mean them empty.
        raise HTTPException(422)
    document = documents.read(form, posted)
    document, focus = act(
        form, document, do, new_row(catalogue, draft.article, draft.kind, document)
    )
    if draft.kind in "EM" and not focus:
        document, focus = said_again(catalogue, draft, document, do)
    why = posted.get("change.why", "")
    change = (
        why if why in Weight.by_code() else "",
        clean(posted.get("change.reason", "")).strip(),
    )
    sheet, hides_private = clean(posted.get("sheet", "")), posted.get(HIDES_PRIVATE) == YES
    return Typed(document, int(number), sheet, *change, hides_private), focus


def _with_its_town(db: Session, person: Person, draft: Draft, do: str) -> str:
    """A button that adds a city of the gazetteer first makes a place of it, handed in at once, and then names that."""
    found = re.fullmatch(rf"town (\S+) ({NUMBER})", do, re.ASCII)
    town = gazetteer.towns()[0].get(int(found[2])) if found else None
    if found is None or town is None:
        return do
    directory = Catalogue(db, person).directory
    code = next(
        (place.code for place in directory.places.values() if place.geonames == town.geonames), ""
    )
    for document in () if code else gazetteer.places_for(town, directory):
        key = f"town-{town.geonames}-{document['kind']}"
        place = commands.begin(db, person, key, "P", document=document, article=draft.article or "")
        if place.state == State.DRAFT:
            commands.move(db, place, person, commands.SUBMIT)
        code = document["code"]
    return f"set {found[1]} {code}"


def _is_late(db: Session, draft: Draft, typed: Typed) -> bool:
    """Whether the page has saved itself since this was sent: what was typed later is not undone by it."""
    later = commands.states(db, draft, after=typed.number)
    return bool(later) and all(revision.sheet == typed.sheet for revision in later)


def _same(request: Request, db: Session, person: Person, draft: Draft, twin: str) -> Response:
    try:
        other, place = add_to_twin(db, draft, twin, person)
    except NotNow:
        said = _("Somebody else is changing {record} at the moment, or has handed it in.").format(
            record=twin
        )
        return see_other(request, url("draft", id=draft.id), said)
    there = f"{url('draft', id=other.id)}?focus=citations.{place}.paraphrase#citations.{place}"
    return see_other(
        request, there, _("What you cited is added here. The draft that you had begun is deleted.")
    )


def _make(request: Request, db: Session, person: Person, draft: Draft, path: str) -> Response:
    """Begins what a box names and nobody has entered; who hands that in is back here."""
    begun = named_in(_sheet(db, person, draft, DraftReader(db, person, draft)), path)
    if begun is None:
        return RedirectResponse(url("draft", id=draft.id), 303)
    kind, document = begun
    made = commands.begin(db, person, key_of(draft, document), kind, document=document)
    said = _("{record} is saved. Hand this one in, and you are back there.").format(
        record=draft.record
    )
    return see_other(request, begun_address(made), said)


def _can_be_handed_in(db: Session, person: Person, draft: Draft) -> bool:
    catalogue = Catalogue(db, person)
    form = check_draft(commands.form_of(draft), catalogue.visible(draft), catalogue).form
    is_explained = not (_is_change(db, draft) and any(_unexplained(draft)))
    return form is not None and is_explained and not refusals(db, catalogue, form)


def _was_handed_in(db: Session, draft: Draft, posted: Mapping[str, str]) -> bool:
    """Whether this very page did that already: what a double click sends again is answered as the first time."""
    if draft.state != State.IN_REVIEW or posted.get("do") not in HANDING_IN:
        return False
    return commands.states(db, draft)[-1].sheet == clean(posted.get("sheet", "-"))


def _after(
    request: Request, db: Session, person: Person, draft: Draft, posted: Mapping[str, str]
) -> Response:
    """Where one goes on: with the next thing that the article says, if asked for, or what was entered from it."""
    article, kind = article_of(draft), posted.get("do", "").partition(" ")[2]
    waiting = db.get(Draft, begun_for(draft) or 0) if not kind else None
    if waiting is not None and waiting.state in WRITABLE and commands.may_write(person, waiting):
        said = _("{record} is handed in. Now {other} can name it.").format(
            record=draft.record, other=waiting.record
        )
        return see_other(request, url("draft", id=waiting.id), said)
    if not article or not kind:
        return see_other(
            request,
            url("article", id=article) if article else url("desk"),
            _("Handed in for review."),
        )
    begun = begun_from(Catalogue(db, person), kind, article, like=draft.record)
    key = f"{clean(posted.get('sheet', ''))}-{kind}"
    following = commands.begin(db, person, key, kind, document=begun, article=article)
    said = _("{record} is handed in.").format(record=draft.record)
    if draft.kind in "EM":
        said += " " + _(
            "This one begins with what it said of places, terms and speakers: look that over."
        )
    return see_other(request, begun_address(following), said)


def _saved(
    request: Request,
    db: Session,
    person: Person,
    draft: Draft,
    typed: Typed,
    *,
    other: str = "",
    is_late: bool = False,
) -> Response:
    """What a page that saved itself takes from the answer; the boxes stay as they are."""
    shown = _view(
        db, person, draft, sheet=typed.sheet, other=other, number=typed.number if other else None
    )
    shown = replace(shown, is_saved=shown.is_saved and not is_late)
    return page(request, "desk/drafts/saved.html", edition=None, draft=shown)


def _draft_page(
    request: Request, db: Session, person: Person, draft: Draft, *, with_problems: bool = False
) -> Response:
    focus = request.query_params.get("focus", "")
    shown = _view(
        db, person, draft, sheet=secrets.token_hex(8), focus=focus, with_problems=with_problems
    )
    if draft.kind == "S":
        settings = request.app.state.settings
        shown = replace(shown, page=source_page.page_of_draft(db, settings, draft, person))
    return desk_page(request, "desk/drafts/page.html", draft=shown)


def _view(
    db: Session,
    person: Person,
    draft: Draft,
    *,
    sheet: str,
    focus: str = "",
    other: str = "",
    number: int | None = None,
    with_problems: bool = False,
) -> DraftPage:
    is_change = _is_change(db, draft)
    reader = DraftReader(db, person, draft)
    made = _sheet(db, person, draft, reader, is_quiet=not with_problems)
    if draft.kind in "EM":
        made.speakers = speakers(made.catalogue, draft)
    if draft.kind == "S":
        made.proposed = source_page.proposed(db, made.catalogue, draft)
    missing = [*made.problems, *(_unexplained(draft) if is_change else ())]
    refused = _refusals(db, person, draft) if with_problems and not made.problems else []
    new, change = CALLED[draft.kind]
    return DraftPage(
        id=draft.id,
        record=draft.record,
        heading=_(change).format(id=draft.record) if is_change else _(new),
        standing=_standing(draft, is_change),
        article=draft.article or "",
        number=draft.number if number is None else number,
        sheet=sheet,
        saved_at=draft.saved_at,
        sections=made.sections,
        hidden=made.hidden,
        problems=[*refused, *missing] if with_problems else [],
        missing=missing,
        is_change=is_change,
        why=draft.why or "",
        reason=draft.reason or "",
        focus=focus,
        other=other,
        is_saved=not other,
        talks=talks(db, draft, reader.access),
        is_behind=is_behind(db, draft),
        similar=similar(db, made.catalogue, draft.record, made.document),
        following=_following(draft),
        hides_private=not reader.access.sees_all,
        opened=opened(db, person, draft) if is_change else None,
    )


def _following(draft: Draft) -> list[Following]:
    """First what is likelier: events and figures mostly come in rows."""
    if not article_of(draft):
        return []
    labels = {"E": _("Submit, then an event"), "M": _("Submit, then a figure")}
    kinds = "ME" if draft.kind == "M" else "EM"
    keys = ("Control+Enter", "Control+Shift+Enter")
    return [
        Following(f"submit {kind}", labels[kind], key)
        for kind, key in zip(kinds, keys, strict=True)
    ]


def _unexplained(draft: Draft) -> Iterator[Problem]:
    if not draft.reason:
        yield Problem(
            "change.reason", _("Why this change: {error}").format(error=_("Fill this in."))
        )
    elif len(draft.reason) > MOST_OF_A_REASON:
        error = _("This is too long: {max_length} characters at most.").format(
            max_length=MOST_OF_A_REASON
        )
        yield Problem("change.reason", _("Why this change: {error}").format(error=error))
    if not draft.why:
        yield Problem(
            "s-change", _("What kind of change: {error}").format(error=_("Choose one of these."))
        )


def _refusals(db: Session, person: Person, draft: Draft) -> list[Problem]:
    """What is wrong although every field is right: only the record as a whole shows it."""
    catalogue = Catalogue(db, person)
    form = check_draft(commands.form_of(draft), catalogue.visible(draft), catalogue).form
    return [Problem("", cap(reason)) for reason in refusals(db, catalogue, form)] if form else []


def _standing(draft: Draft, is_change: bool) -> str:
    if draft.state == State.RETURNED:
        return _(
            "Returned to you. Your changes stay on the desk until they are reviewed and published."
        )
    if is_change:
        return _(
            "Approved before. Your changes stay on the desk until they are reviewed and published."
        )
    return _("It stays on the desk until it is reviewed and published.")


def _is_change(db: Session, draft: Draft) -> bool:
    return db.get(models.MODELS[draft.kind], draft.record) is not None


def _sheet(
    db: Session,
    person: Person,
    draft: Draft,
    reader: DraftReader,
    *,
    document: Document | None = None,
    is_quiet: bool = True,
) -> Sheet:
    """The boxes of a draft as this person may see them; of `document` instead, where it is newer than what is saved."""
    catalogue, form, article = Catalogue(db, person), commands.form_of(draft), draft.article
    document = reader.visible(document or draft.document)
    source = catalogue.document(article) if article else None
    errors = check_draft(form, document, catalogue).errors
    published = source["published"] if source else ""
    beside = [event for event in events_of(catalogue, article) if event != document["id"]]
    return Sheet(
        form, document, catalogue, errors, published, is_quiet, events=beside, access=reader.access
    )


# Two versions -----------------------------------------------------------------------------------------------------


def _choice_page(
    request: Request,
    catalogue: Catalogue,
    draft: Draft,
    typed: Typed,
    *,
    began: int,
    chosen: Mapping[str, str] | None = None,
) -> Response:
    """Both versions field by field. What was typed travels with the page until somebody has chosen."""
    form = commands.form_of(draft)
    revision = commands.standing(catalogue.db, draft, began)
    start = documents.fitting(form, revision.document) if revision else draft.document
    full = commands.put_back_hidden(catalogue.db, draft, typed, catalogue.person, start)
    reader = DraftReader(catalogue.db, catalogue.person, draft)
    shown = [reader.visible(document) for document in (start, draft.document, full.document)]
    differences = to_choose(catalogue, form, *shown)
    if chosen is not None:
        differences = [replace(each, choice=chosen.get(each.name, "")) for each in differences]
    change = [("change.why", typed.why), ("change.reason", typed.reason)]
    if typed.hides_private:
        change.append((HIDES_PRIVATE, YES))
    return desk_page(
        request,
        "desk/drafts/conflict.html",
        draft=draft,
        began=began,
        sheet=secrets.token_hex(8),
        other=called(catalogue.db, commands.states(catalogue.db, draft)[-1].by),
        typed=[*documents.flat(form, typed.document), *change],
        differences=differences,
        missing=chosen is not None,
    )


@router.post("/desk/drafts/{id:int}/choose", name="draft-choose")
def choose(
    request: Request, db: Desk, person: Contributor, draft: OwnDraft, posted: Posted
) -> Response:
    """One version of two. Where a choice is missing, or somebody saved again meanwhile, both are shown once more."""
    form = commands.form_of(draft)
    typed, _focus = _typed(Catalogue(db, person), draft, posted, "")
    began = posted.get("began", "")
    theirs = commands.standing(db, draft, typed.number)
    if theirs is None or not re.fullmatch(NUMBER, began, re.ASCII):
        raise HTTPException(422)
    start = commands.standing(db, draft, int(began)) or theirs
    full = commands.put_back_hidden(db, draft, typed, person, start.document, theirs.document)
    names = {each.name for each in differences(form, theirs.document, full.document)}
    chosen = {
        name: side
        for name in names
        if (side := posted.get(f"take.{name}", "")) in {"mine", "theirs"}
    }
    if len(chosen) < len(names):
        return _choice_page(
            request, Catalogue(db, person), draft, typed, began=int(began), chosen=chosen
        )
    document = merged(
        form, theirs.document, full.document, lambda place: chosen.get(".".join(place)) == "mine"
    )
    try:
        commands.save(db, draft, replace(typed, document=document), person)
    except Conflict:
        typed = replace(typed, document=DraftReader(db, person, draft).visible(document))
        return _choice_page(request, Catalogue(db, person), draft, typed, began=typed.number)
    except NotNow:
        return not_now(request, draft)
    return RedirectResponse(f"{url('draft', id=draft.id)}?check=1", 303)


def not_now(request: Request, draft: Draft) -> Response:
    return see_other(
        request,
        url("draft", id=draft.id),
        _("That can’t be done with this draft now; nothing was changed."),
    )


def called(db: Session, id: int) -> str:
    return db.get_one(Person, id).called


# While one types --------------------------------------------------------------------------------------------------


@router.get("/desk/drafts/{id:int}/reading", name="draft-reading")
def reading(request: Request, db: Desk, person: Contributor, draft: OwnDraft) -> Response:
    """How one box is read, with what was typed into it since the draft was saved."""
    path = request.query_params.get("path", "")
    reader = DraftReader(db, person, draft)
    document = documents.fitting(commands.form_of(draft), draft.document)
    try:
        documents.put(document, path, request.query_params.get(path, ""))
    except LookupError:
        # Its row went since the page asked: an error would lead away from what is being typed.
        return Response(status_code=204)
    box = _sheet(db, person, draft, reader, document=document).box_at(path)
    return page(request, "desk/drafts/date_reading.html", edition=None, box=box)
