"""The page of a record at the desk, as it is opened or with the errors of a form on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request
from starlette.responses import Response

from app.database.sessions import DeskSession
from app.desk.draft_form.private_values import readers_of
from app.desk.identity.confirmations import waiting_for
from app.desk.identity.models import Person
from app.desk.identity.roles import DeskRole
from app.desk.merges.views import merges_of
from app.desk.records.history import RecordHistory
from app.desk.review.withdraw import ReferringRecord, withdrawal_effects
from app.desk.ui.form_problems import NO_PROBLEMS, FormProblems
from app.desk.ui.page_frame import desk_page
from app.i18n.translate import _


@dataclass(frozen=True)
class PostedReason:
    """The form for undoing a merge as it was sent: the merge, and what was typed."""

    merging: int = 0
    reason: str = ""

    @property
    def field(self) -> str:
        """The id of its field."""
        return undo_field(self.merging)


def undo_field(merging: int) -> str:
    """Return the id of the field for the reason of undoing a merge."""
    return f"undo-{merging}"


def suggested_reason(view: RecordHistory) -> str:
    """Return the reason to begin with: a withdrawal is undone in one press."""
    return _("The withdrawal was undone.") if view.can_publish_again else ""


def record_page(
    request: Request,
    db: DeskSession,
    person: Person,
    view: RecordHistory,
    *,
    problems: FormProblems = NO_PROBLEMS,
    reason: str = "",
    namings: Sequence[ReferringRecord] = (),
    undo: PostedReason | None = None,
) -> Response:
    """Return the page; with problems, what was typed, and the status of a refused form.

    `reason` is that of withdrawing or publishing again, `undo` the form for undoing a merge.
    """
    return desk_page(
        request,
        "desk/records/page.html",
        status=422 if problems else 200,
        history=view,
        merges=merges_of(db, person, view.record),
        along=withdrawal_effects(db, view.record).ids,
        namings=namings,
        problems=problems,
        reason=reason or suggested_reason(view),
        undo=undo or PostedReason(),
        # For editors: the contributors who may see the record's private values.
        readers=readers_of(db, view.record) if person.may(DeskRole.EDITOR) else None,
        waiting=[
            (each, db.get_one(Person, each.asked_by).called)
            for each in waiting_for(db, view.record)
            if person.may(DeskRole.EDITOR)
        ],
    )
