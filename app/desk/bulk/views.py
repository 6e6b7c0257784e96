"""Views of bulk edits: the choice of records and operation, the preview, and what was made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.desk.approved import draft_models
from app.desk.approved.draft_models import DraftState, Significance
from app.desk.approved.store import preload_rows
from app.desk.bulk import commands
from app.desk.bulk.commands import MadeRevision, PlannedChange, revisions_of_bulk_edit
from app.desk.bulk.operations import (
    CHANGEABLE_CODES,
    SETTABLE,
    BulkEdit,
    BulkOperation,
    FormErrors,
    title_of,
)
from app.desk.bulk.selection import Selection
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.compare import FieldChange, changes
from app.desk.draft_form.private_values import log_reading
from app.desk.draft_form.views import FieldChoice
from app.desk.drafts import commands as drafts
from app.desk.drafts.change_reasons import ChangeReasonView, change_reason_view
from app.desk.identity.models import Person
from app.desk.review.withdraw import GOES, STAYS, default_choices, referring_records
from app.documents import Document, align_rows, clean, fit_to_form
from app.i18n.formats import as_sentence
from app.i18n.translate import N_, _
from app.kinds import FORMS
from app.vocabulary.events import Role
from app.web.urls import url

FIELD_LABELS = {"in": N_("Which records"), "old": N_("Old"), "new": N_("New"), "role": N_("Role")}


@dataclass(frozen=True)
class BulkEditForm:
    """The posted form and its errors."""

    posted: Mapping[str, str]
    wrong: FormErrors

    def of(self, name: str) -> str:
        return clean(self.posted.get(name, ""))

    def error(self, name: str) -> str:
        return self.wrong.get(name, "")


@dataclass(frozen=True)
class BulkEditView:
    """View of `desk/bulk/page.html`."""

    selection: Selection | None
    records: Sequence[tuple[str, str, bool]]
    """Id, title and tick of each."""
    whats: Sequence[FieldChoice]
    dos: Sequence[FieldChoice]
    roles: Sequence[FieldChoice]
    names: Sequence[tuple[str, str]]
    asked: BulkEditForm
    errors: Sequence[tuple[str, str]]
    lately: Sequence["RecentBulkEditView"]


@dataclass(frozen=True)
class RecentBulkEditView:
    """A recent bulk edit."""

    address: str
    words: str
    by: str
    at: datetime
    count: int


def bulk_edit_view(
    catalogue: Catalogue, selection: Selection | None, asked: BulkEditForm
) -> BulkEditView:
    kind = selection.kind if selection else ""
    ticked = {name for name in asked.posted if name.startswith("take.")}
    codes = CHANGEABLE_CODES.get(kind, ())
    whats = {what: (title_of(what), _("Codes")) for what in codes} | {
        f"field.{name}": (_(title), _("Fields")) for name, title in SETTABLE.get(kind, {}).items()
    }
    return BulkEditView(
        selection=selection,
        records=[
            (id, title, not ticked or f"take.{id}" in ticked)
            for id, title in (selection.records if selection else ())
        ],
        whats=[
            FieldChoice(what, title, heading, what == asked.of("what"))
            for what, (title, heading) in whats.items()
        ],
        dos=[
            FieldChoice(
                do, _(do.label), _(do.definition), do == (asked.of("do") or BulkOperation.REPLACE)
            )
            for do in BulkOperation
        ],
        roles=[FieldChoice(role, _(role.label), "", role == asked.of("role")) for role in Role],
        names=list(_suggestions(catalogue, codes)),
        asked=asked,
        errors=[
            (name, f"{_(FIELD_LABELS[name])}: {error}" if name in FIELD_LABELS else error)
            for name, error in asked.wrong.items()
        ],
        lately=[
            RecentBulkEditView(
                url("bulk-made", name=each.name),
                each.words,
                catalogue.db.get_one(Person, each.by).called,
                each.at,
                each.count,
            )
            for each in commands.recent_bulk_edits(catalogue.db)
        ],
    )


def _suggestions(catalogue: Catalogue, whats: Sequence[str]) -> Sequence[tuple[str, str]]:
    """Return the suggestions for the code fields: each code and its label."""
    names = catalogue.directory
    offered = [
        (form.code, form.label, form.list) for form in names.codes.values() if not form.successor
    ]
    offered += [
        (code, names.label(noun, code), noun)
        for noun, forms in names.named_records.items()
        for code in forms
    ]
    return [
        (code, _("{label} ({what})").format(label=label, what=title_of(what).lower()))
        for code, label, what in sorted(offered, key=lambda each: (each[2], each[1]))
        if what in whats
    ]


# Preview and result -------------------------------------------------------------------------------


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
