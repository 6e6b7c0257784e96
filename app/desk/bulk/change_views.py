"""Views of one bulk edit: the preview of its changes, and the drafts that it made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.desk.approved import draft_models
from app.desk.approved.draft_models import DraftState, Significance
from app.desk.approved.store import preload_rows
from app.desk.bulk.commands import MadeRevision, PlannedChange, revisions_of_bulk_edit
from app.desk.bulk.operations import SETTABLE, BulkEdit, BulkOperation, title_of
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.compare import FieldChange, changes
from app.desk.draft_form.private_values import log_reading
from app.desk.drafts import commands as drafts
from app.desk.drafts.change_reasons import ChangeReasonView, change_reason_view
from app.desk.identity.models import Person
from app.desk.review.withdraw import GOES, STAYS, default_choices, referring_records
from app.documents import Document, align_rows, fit_to_form
from app.i18n.formats import as_sentence
from app.i18n.translate import _
from app.kinds import FORMS
from app.vocabulary.events import Role
from app.web.urls import url

# Preview -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PlannedChangeView:
    """A record of the preview: its changes, or the reasons that prevent them."""

    id: str
    title: str
    address: str
    seen: str
    changes: Sequence[FieldChange]
    refusals: Sequence[str]


@dataclass(frozen=True)
class BulkEditPreview:
    """View of `desk/bulk/preview.html`."""

    words: str
    hidden: Sequence[tuple[str, str]]
    """The bulk edit as hidden form fields."""
    lines: Sequence[PlannedChangeView]
    ticked: Sequence[str]
    refused: Sequence[PlannedChangeView]
    is_withdrawal: bool
    effects: Sequence[tuple[str, str, str]]
    """What a withdrawal does to further records: id, title and what happens."""
    why: ChangeReasonView
    problems: Sequence[str]


def preview_view(
    catalogue: Catalogue,
    act: BulkEdit,
    planned: Sequence[PlannedChange],
    *,
    posted: Mapping[str, str],
    problems: Sequence[str] = (),
) -> BulkEditPreview:
    lines = [_line(catalogue, each) for each in planned]
    kind = planned[0].id[0] if planned else ""
    changeable = [line for line in lines if not line.refusals]
    return BulkEditPreview(
        words=_describe(catalogue, kind, act),
        hidden=[
            (name, value)
            for name, value in {
                "in": posted.get("in", ""),
                "what": f"field.{act.what}" if act.do is BulkOperation.SET else act.what,
                "do": act.do.value,
                "old": act.old,
                "new": act.new,
                "role": act.role,
            }.items()
            if value
        ],
        lines=changeable,
        ticked=[line.id for line in changeable if f"take.{line.id}" in posted],
        refused=[line for line in lines if line.refusals],
        is_withdrawal=act.do is BulkOperation.WITHDRAW,
        effects=_withdrawal_effects(catalogue, [line.id for line in changeable])
        if act.do is BulkOperation.WITHDRAW
        else (),
        why=change_reason_view(posted),
        problems=[as_sentence(problem) for problem in problems],
    )


def _withdrawal_effects(catalogue: Catalogue, ids: Sequence[str]) -> list[tuple[str, str, str]]:
    if not ids:
        return []
    first, *others = ids
    chosen = default_choices(catalogue.db, catalogue, first, others=others)
    words = {GOES: _("is withdrawn, too"), STAYS: _("loses the reference")}
    return [
        (each.id, each.title, words[each.chosen])
        for each in referring_records(catalogue.db, catalogue, first, chosen, others=others)
    ]


def _changes(
    catalogue: Catalogue, record: str, before: Document, after: Document
) -> list[FieldChange]:
    """Return the differing fields. Logs the display of private values, such as an exact place."""
    form = FORMS[record[0]]
    shown = changes(catalogue, form, before, align_rows(form, after, before))
    if any(change.is_private for change in shown):
        log_reading(catalogue.db, catalogue.person, record)
    return shown


def _line(catalogue: Catalogue, each: PlannedChange) -> PlannedChangeView:
    return PlannedChangeView(
        id=each.id,
        title=catalogue.title(each.id[0], each.before),
        address=url("desk-record", record=each.id),
        seen=each.seen,
        changes=_changes(catalogue, each.id, each.before, each.after) if not each.refusals else [],
        refusals=[as_sentence(reason) for reason in each.refusals],
    )


def _describe(catalogue: Catalogue, kind: str, act: BulkEdit) -> str:
    old, new = act.old, act.new
    match act.do:
        case BulkOperation.WORDS:
            return _("Replace “{old}” with “{new}” in all texts").format(old=old, new=new)
        case BulkOperation.WITHDRAW:
            return _("Withdraw the records")
        case BulkOperation.SET:
            title = _(SETTABLE[kind][act.what]) if kind else act.what
            return _("{field}: fill in “{value}”").format(field=title, value=new)
        case BulkOperation.ADD:
            message = _("{what}: add “{new}” ({role})")
        case BulkOperation.REMOVE:
            message = _("{what}: remove “{old}”")
        case _:
            message = _("{what}: replace “{old}” with “{new}”")
    old, new = (catalogue.directory.label(act.what, code) for code in (old, new))
    role = _(Role(act.role).label).lower() if act.role else ""
    return message.format(what=title_of(act.what), old=old, new=new, role=role)


# Result -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MadeRevisionView:
    """A changed record, the state of its draft, and the changed fields."""

    id: str
    title: str
    state: str
    address: str
    changes: Sequence[FieldChange]


@dataclass(frozen=True)
class BulkEditResultView:
    """View of `desk/bulk/made.html`."""

    name: str
    words: str
    by: str
    at: datetime
    reason: str
    weight: str
    lines: Sequence[MadeRevisionView]
    in_review: int
    """Number of its drafts that wait for review."""
    can_be_taken_back: int


def made_view(db: Session, catalogue: Catalogue, name: str) -> BulkEditResultView | None:
    made = revisions_of_bulk_edit(db, name)
    if not made:
        return None
    first = made[0].revision
    with preload_rows(db, [each.draft.record for each in made]):
        lines = [_made_line(catalogue, each) for each in made]
    explained = next((each.revision for each in made if each.revision.reason), first)
    return BulkEditResultView(
        name=name,
        words=first.words or "",
        by=db.get_one(Person, first.by).called,
        at=first.at,
        reason=explained.reason or "",
        weight=_(Significance(explained.why).label)
        if explained.why in Significance.by_code()
        else "",
        lines=lines,
        in_review=sum(each.draft.state == DraftState.IN_REVIEW for each in made),
        can_be_taken_back=sum(each.can_be_taken_back for each in made),
    )


def _made_line(catalogue: Catalogue, made: MadeRevision) -> MadeRevisionView:
    draft, form = made.draft, drafts.form_of(made.draft)
    before, after = (fit_to_form(form, state.document) for state in (made.before, made.revision))
    is_waiting = draft.state in draft_models.WAITING_STATES
    return MadeRevisionView(
        id=draft.record,
        title=catalogue.title(draft.kind, after),
        state=_(DraftState(draft.state).label),
        address=url("review" if is_waiting else "draft", id=draft.id),
        changes=_changes(catalogue, draft.record, before, after),
    )
