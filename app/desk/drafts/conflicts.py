"""Two versions of a draft to choose from: saved from two pages, or approved since it was begun.

Both have one page: it compares what was set aside with the draft, or the draft with the record.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.desk.approved import store
from app.desk.approved.models import (
    WAITING_STATES,
    WRITABLE_STATES,
    Draft,
    DraftState,
    RevisionCause,
)
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.compare import changes
from app.desk.draft_form.private_values import DraftReader
from app.desk.drafts import commands
from app.desk.drafts.commands import PostedDraft
from app.desk.drafts.queue import NUMBER, OwnDraft
from app.desk.identity.audit_log import log_action
from app.desk.identity.models import Person
from app.desk.identity.permissions import Contributor
from app.desk.ui import desk_page, see_other
from app.documents import (
    MINE,
    THEIRS,
    Document,
    align_rows,
    changed_by,
    differences,
    document_of,
    fit_to_form,
    merge_documents,
)
from app.errors import InvalidStateError
from app.i18n.translate import _
from app.web.forms import PostedForm, with_prefix
from app.web.sessions import Desk
from app.web.urls import url

router = APIRouter()
TAKE = "take."
"""Before the name of a difference, in the name of its radio buttons."""


# The approved state -----------------------------------------------------------------------------


def approved_document(db: Session, draft: Draft) -> Document | None:
    """Return the state that the draft changes; None if it introduces the record.

    This is the approved state or, of a record that was never approved, the draft that introduces
    it.
    """
    row = store.find(db, draft.record)
    if row is not None:
        return document_of(row.form)
    first = commands.open_draft(db, draft.record) if draft.base else None
    if first is None or first.id == draft.id:
        return None
    return fit_to_form(commands.form_of(first), first.document)


def base_document(draft: Draft) -> Document:
    """Return the approved state that the draft was started from; empty if the record is new."""
    if draft.base:
        return fit_to_form(commands.form_of(draft), draft.base)
    return {name: [] if isinstance(value, list) else "" for name, value in draft.document.items()}


def align(db: Session, draft: Draft, by: Person) -> bool:
    """Merge what was approved since into the draft; False if both changed the same field.

    The revision does not make this person an author of the draft.
    """
    versions = approved_since(db, draft)
    if versions is None:
        return True
    if not all(versions.sides.values()):
        return False
    draft.document, draft.base = versions.merged(versions.sides), versions.theirs
    commands.next_revision(db, draft, by, RevisionCause.ALIGNED, sheet="")
    return True


def has_conflict(db: Session, draft: Draft) -> bool:
    """Whether the record was approved in another way meanwhile, and both changed the same field."""
    versions = approved_since(db, draft)
    return versions is not None and not all(versions.sides.values())


# Two versions -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Versions:
    """How a document began, and two versions of it since."""

    draft: Draft
    began: Document
    theirs: Document
    mine: Document
    set_aside: int | None
    """The number of the revision that is `mine`; None if that is the draft."""

    @property
    def sides(self) -> dict[str, str]:
        """By difference, the side that alone changed it; "" if both did."""
        return changed_by(commands.form_of(self.draft), self.began, self.theirs, self.mine)

    def merged(self, sides: Mapping[str, str]) -> Document:
        return merge_documents(commands.form_of(self.draft), self.theirs, self.mine, sides)

    def visible(self, db: Session, person: Person) -> "Versions":
        """Return them as this person may see them."""
        visible = DraftReader(db, person, self.draft).visible
        began, theirs, mine = map(visible, (self.began, self.theirs, self.mine))
        return replace(self, began=began, theirs=theirs, mine=mine)


def approved_since(db: Session, draft: Draft) -> Versions | None:
    """Return the approved state and the draft; None if it was approved in no other way since."""
    approved, base = approved_document(db, draft), base_document(draft)
    theirs = align_rows(commands.form_of(draft), approved, base) if approved else base
    return Versions(draft, base, theirs, draft.document, None) if theirs != base else None


def set_aside_since(db: Session, draft: Draft, number: int) -> Versions | None:
    """Return the draft and what was set aside under this number; None if nothing was."""
    typed = commands.revision(db, draft, number)
    if typed is None or typed.saved != RevisionCause.SET_ASIDE:
        return None
    began = commands.state_at(db, draft, int(typed.words or 0)) or draft
    form = commands.form_of(draft)
    began_as, theirs, mine = (fit_to_form(form, s.document) for s in (began, draft, typed))
    return Versions(draft, began_as, theirs, mine, number)


def choose(
    db: Session, versions: Versions, by: Person, chosen: Mapping[str, str], sheet: str
) -> bool:
    """Save the chosen side of each difference; False if one has none.

    Differences that this person can't see stay as they are in the other version, unless only this
    one changed them.
    """
    draft, shown = versions.draft, versions.visible(db, by)
    found = differences(commands.form_of(draft), shown.theirs, shown.mine)
    names = {each.name for each in found if each.place[-1] != "id"}
    if any(chosen.get(name) not in {MINE, THEIRS} for name in names):
        return False
    document = versions.merged({**versions.sides, **{name: chosen[name] for name in names}})
    if versions.set_aside is not None:
        typed = commands.revision(db, draft, versions.set_aside) or draft
        new = PostedDraft(document, draft.number, sheet, typed.why or "", typed.reason or "")
        commands.save(db, draft, new, by)
        return True
    if draft.state not in WRITABLE_STATES | {DraftState.IN_REVIEW}:
        raise InvalidStateError
    draft.document, draft.base = document, versions.theirs
    commands.next_revision(db, draft, by, RevisionCause.MERGED, sheet=sheet)
    log_action(db, "merged", by, draft.record)
    return True


# The page ---------------------------------------------------------------------------------------


def draft_url(draft: Draft) -> str:
    return url("review" if draft.state in WAITING_STATES else "draft", id=draft.id)


def _asked(request: Request, db: Session, draft: Draft) -> Versions | None:
    """Return the versions that an address asks for; None if they are no longer two."""
    typed = request.query_params.get("typed", "")
    if re.fullmatch(NUMBER, typed, re.ASCII):
        return set_aside_since(db, draft, int(typed))
    return approved_since(db, draft)


@router.get("/desk/drafts/{id:int}/update", name="draft-update")
def update_page(request: Request, db: Desk, person: Contributor, draft: OwnDraft) -> Response:
    versions = _asked(request, db, draft)
    if versions is None:
        return see_other(request, draft_url(draft))
    shown = versions.visible(db, person)
    found = changes(Catalogue(db, person), commands.form_of(draft), shown.theirs, shown.mine)
    who = db.get_one(Person, commands.states(db, draft)[-1].by).called
    return desk_page(
        request,
        "desk/drafts/versions.html",
        draft=draft,
        back=draft_url(draft),
        action=str(request.url),
        who=who if versions.set_aside is not None else "",
        differences=found,
        sides=shown.sides,
    )


@router.post("/desk/drafts/{id:int}/update")
def update(
    request: Request, db: Desk, person: Contributor, draft: OwnDraft, posted: PostedForm
) -> Response:
    """Save the chosen version of each field. Browsers send no page on which a choice is missing."""
    versions, here = _asked(request, db, draft), str(request.url)
    chosen = with_prefix(posted, TAKE)
    changed = _("It has changed since you opened it. Nothing was saved; check it again.")
    try:
        if versions is None or posted.get("number", "") != str(draft.number):
            return see_other(request, here if versions else draft_url(draft), changed)
        if not choose(db, versions, person, chosen, secrets.token_hex(8)):
            return see_other(request, here, _("Choose a value for each difference."))
    except InvalidStateError:
        return see_other(request, here, changed)
    return see_other(request, draft_url(draft), _("Your choices were saved."))
