"""`/desk/bulk`: choose records, preview one edit of all of them, make its drafts, and undo them.

Each record is changed in a new draft, which is submitted for review.
"""

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from fastapi import APIRouter, Request
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.database.sessions import DeskSession
from app.desk.approved.models import (
    OPEN_STATES,
    WRITABLE_STATES,
    WRITING_CAUSES,
    Draft,
    DraftState,
    Record,
    Revision,
    RevisionCause,
    Significance,
)
from app.desk.approved.store import preload_rows
from app.desk.draft_form.advice import check_draft
from app.desk.draft_form.catalogue import THING_OF_KIND, Catalogue
from app.desk.draft_form.compare import FieldChange, changes
from app.desk.draft_form.private_values import log_reading
from app.desk.drafts import commands as drafts
from app.desk.drafts.references import remove_duplicates
from app.desk.drafts.trial_publish import publish_errors_by_id
from app.desk.identity.audit_log import log_action
from app.desk.identity.commands import names_of_people
from app.desk.identity.confirmations import GuardedAct, confirmation_notice
from app.desk.identity.models import Person
from app.desk.identity.permissions import Editor
from app.desk.operations import attempt
from app.desk.removals import effects_of, effects_to_show, fingerprint, in_short, is_live
from app.desk.ui import NO_PROBLEMS, FormProblem, FormProblems, desk_page, see_other
from app.documents import (
    Document,
    FieldAt,
    align_rows,
    blank_row,
    clean,
    document_of,
    errors_in_words,
    with_texts,
)
from app.filtering import is_arrangement
from app.i18n.translate import N_, _, ngettext
from app.kinds import FORMS, Form, RecordForm, Term, is_private
from app.kinds.base import Holds, holds, rows_of
from app.kinds.terms import TERM_TITLES
from app.record.editions import NoEditionError
from app.record.filters import LISTS, ListFilters
from app.record.index.manager import IndexManager
from app.record.lists import backend
from app.record.lists.backend import select_newest
from app.record.names.directory import read_directory
from app.record.publishing.validation import PublishError
from app.vocabulary.events import ROLES_OF, Role, TermKey
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.state import SettingsDep, app_state
from app.web.urls import url

WITHDRAW = "withdraw"
"""What is done in place of an edit."""
FIELD = "field."
"""What precedes the name of a field that is filled in."""
CHANGED = N_("{id} has changed since you opened this page: check it again")
IDENTITY = {"id", "slug", "code", "list"}
SETTABLE: Mapping[str, Mapping[str, str]] = {
    kind: {
        name: field.title or name
        for name, field in FORMS[kind].model_fields.items()
        if not (is_private(field) or rows_of(field) or name in IDENTITY)
    }
    for kind in THING_OF_KIND
}
"""Titles of the fields that can be filled in, by kind of record and name."""


def terms_of(kind: str) -> Sequence[str]:
    """Return the keys of the terms that records of this kind have."""
    return [*TermKey] if "terms" in FORMS[kind].model_fields else ()


@dataclass(frozen=True)
class BulkEdit:
    """One bulk edit: in what it concerns, `new` replaces `old`.

    A term without `old` is added, and one without `new` is removed. A field is filled in.
    """

    what: str
    """The key of a term, `field.` and a name, WITHDRAW, or "" for words in all texts."""
    old: str = ""
    new: str = ""

    @property
    def words(self) -> str:
        """Description for the log and the review, without texts: a purge need not change it."""
        is_term = self.what in TermKey.by_code()
        return f"{self.what}: {self.old} → {self.new}" if is_term else self.what or "words"


def in_words(catalogue: Catalogue, kind: str, act: BulkEdit) -> str:
    if act.what == WITHDRAW:
        return _("Withdraw the records")
    old, new, title = act.old, act.new, _("All texts")
    if act.what.startswith(FIELD):
        title = _(SETTABLE[kind][act.what.removeprefix(FIELD)])
    elif act.what:
        title = _(TERM_TITLES[act.what])
        old, new = (catalogue.directory.label(act.what, code) for code in (old, new))
    message = _("{what}: {old} → {new}")
    return message.format(what=title, old=old or _("nothing"), new=new or _("nothing"))


class BulkEditError(Exception):
    """What is wrong with a field of the form, and what to type there."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.problems = FormProblems([FormProblem(words, field)])


def read_bulk_edit(catalogue: Catalogue, kind: str, posted: Mapping[str, str]) -> BulkEdit:
    """Return the posted bulk edit with names replaced by codes. Raises BulkEditError.

    Codes and fields are checked with each record.
    """
    if posted.get("do") == WITHDRAW:
        return BulkEdit(WITHDRAW)
    what = posted.get("what", "")
    old, new = (clean(posted.get(name, "")).strip() for name in ("old", "new"))
    if what.startswith(FIELD) and what.removeprefix(FIELD) in SETTABLE[kind]:
        return BulkEdit(what, new=new)
    if what in terms_of(kind):
        labels = {form.label.lower(): form.code for form in catalogue.codes(what)}
        typed = (
            blank_row(Term, key=what, code=labels.get(text.lower(), text)) for text in (old, new)
        )
        old, new = (catalogue.understand(Term, "code", row) for row in typed)
    elif what:
        raise BulkEditError("what", _("Choose what to change."))
    if not (old or (what and new)):
        raise BulkEditError("old", _("Enter the words or the code to replace."))
    return BulkEdit(what, old, new)


def apply_bulk_edit(act: BulkEdit, form: type[Form], document: Document) -> Document:
    """Return the document after the edit; the same object if nothing changes."""
    what, old, new = act.what, act.old, act.new
    if what.startswith(FIELD):
        return {**document, what.removeprefix(FIELD): new}
    if what:
        changed = {**document, "terms": _replaced_terms(act, document["terms"])}
    else:
        changed = with_texts(form, document, lambda at: _replaced_words(at, old, new))
    return document if changed == document else remove_duplicates(form, changed)


def _replaced_terms(act: BulkEdit, terms: Sequence[Document]) -> list[Document]:
    old, new = (act.what, act.old), (act.what, act.new)
    found = [(row, (row["key"], row["code"])) for row in terms]
    if act.old:
        kept = [{**row, "code": act.new} if term == old else row for row, term in found]
        return [row for row in kept if row["code"]]
    if new in [term for _row, term in found]:
        return [*terms]
    # Where the record is, or at whom it is directed: another role is given on its card.
    roles = (Role.AT, Role.TARGET, Role.AFFECTED)
    role = next(each for each in roles if each in ROLES_OF[TermKey(act.what)])
    return [*terms, blank_row(Term, key=act.what, code=act.new, role=role)]


def _replaced_words(at: FieldAt, old: str, new: str) -> str:
    field = at.form.model_fields[at.name]
    is_text = holds(field, Holds.LINE) or holds(field, Holds.PARAGRAPHS)
    return at.text.replace(old, new) if is_text else at.text


# Selection of the records -------------------------------------------------------------------------


MAX_RECORDS = 200
"""Records of one bulk edit."""
MAX_LISTED = 10_000
"""Records of a list that are looked at for those without open drafts."""
IDS = re.compile(r"(?:[A-Z][1-9][0-9]{0,8}[\s,;]*)+", re.ASCII)
KIND_OF_PATH = {f"/{THING_OF_KIND[kind]}s": kind for kind in LISTS}


@dataclass(frozen=True)
class Selection:
    """The first `MAX_RECORDS` records, without those that have an open draft, and the totals."""

    kind: str
    records: Sequence[tuple[str, str]]
    """Id and title of each."""
    total: int
    waiting: int
    """Number of records left out because they have an open draft."""


def select_records(
    db: Session, catalogue: Catalogue, typed: str, indexes: IndexManager
) -> Selection:
    """Return the records of ids, or of the address of a list. Raises BulkEditError."""
    if IDS.fullmatch(typed.strip()):
        ids = list(dict.fromkeys(re.findall(r"[A-Z][0-9]+", typed, re.ASCII)))
        kind = ids[0][0]
        if len({id[0] for id in ids}) > 1:
            raise BulkEditError("in", _("Choose records of one kind."))
        if kind not in THING_OF_KIND:
            raise BulkEditError("in", _("There are no such records. Check the ids."))
    else:
        address = urlsplit(typed.strip())
        kind = KIND_OF_PATH.get(address.path.rstrip("/"), "")
        if not kind:
            words = _(
                "This is no list of events, estimates or sources. Copy the address of one, or "
                "type ids."
            )
            raise BulkEditError("in", words)
        filters, dropped = LISTS[kind].from_pairs(parse_qsl(address.query))
        if dropped:
            wrong = dropped[0]
            words = _("“{key}={value}” {reason}.")
            words = words.format(key=wrong.key, value=wrong.value[:40], reason=_(wrong.reason))
            raise BulkEditError("in", words)
        ids = _ids_of_list(db, filters, indexes)
    busy = set(
        db.scalars(select(Draft.record).where(Draft.kind == kind, Draft.state.in_(OPEN_STATES)))
    )
    free = [id for id in ids if id not in busy]
    with preload_rows(db, free[:MAX_RECORDS]):
        rows = [row for id in free[:MAX_RECORDS] if (row := db.get(Record, id))]
        records = [(row.id, catalogue.title(kind, document_of(row.form))) for row in rows]
    return Selection(kind, records, len(ids), len(ids) - len(free))


def _ids_of_list(db: Session, filters: ListFilters, indexes: IndexManager) -> list[str]:
    """Return the ids of the records of the newest edition that match."""
    filters = filters.with_(**{key.key: None for key in filters.FILTERS if is_arrangement(key)})
    try:
        edition = select_newest(db, indexes)
    except NoEditionError:
        return []
    names = read_directory(db, edition)
    page = backend.read_page(db, edition, names.led_on(filters), names, MAX_LISTED)
    return [row.id for row in page.rows]


# Preview and drafts -------------------------------------------------------------------------------


@dataclass(frozen=True)
class PlannedChange:
    """The planned change of one record."""

    id: str
    before: Document
    after: Document
    refusals: Sequence[str] = ()

    @property
    def seen(self) -> str:
        """Fingerprint of the record, to detect changes made after the preview."""
        return fingerprint(self.before)


def plan_changes(
    db: Session, catalogue: Catalogue, act: BulkEdit, ids: Iterable[str]
) -> list[PlannedChange]:
    """Return the planned change of each existing record, with the reasons that prevent it."""
    record_ids = list(dict.fromkeys(ids))
    with preload_rows(db, record_ids):
        planned = [found for id in record_ids if (found := _plan_record(db, catalogue, act, id))]
    forms: list[RecordForm] = [
        form
        for each in planned
        if not each.refusals
        and (form := check_draft(FORMS[each.id[0]], each.after, catalogue).form) is not None
    ]
    refusals = {} if act.what == WITHDRAW else publish_errors_by_id(db, catalogue, forms)
    return [
        replace(each, refusals=refusals[each.id]) if each.id in refusals else each
        for each in planned
    ]


def _plan_record(db: Session, catalogue: Catalogue, act: BulkEdit, id: str) -> PlannedChange | None:
    row, draft = db.get(Record, id), drafts.open_draft(db, id)
    if row is None:
        return None
    form, before = FORMS[id[0]], document_of(row.form)
    after = before if act.what == WITHDRAW else apply_bulk_edit(act, form, before)
    if draft:
        who = db.get_one(Person, draft.owner).called
        words = _("{who} has an open draft of it: the draft must be published or deleted first")
        refusals = [words.format(who=who)]
    elif act.what == WITHDRAW:
        refusals = [] if is_live(db, id) else [_("it is not published")]
    elif after == before:
        refusals = [_("it has nothing to change")]
    else:
        errors = check_draft(form, after, catalogue).errors
        refusals = errors_in_words(form, errors, after)
    return PlannedChange(id, before, after, refusals)


def checked_plan(
    db: Session,
    catalogue: Catalogue,
    act: BulkEdit,
    seen: Mapping[str, str],
    missing: Sequence[str],
) -> list[PlannedChange]:
    """Return the planned changes of the records that are ticked in the preview.

    `seen` are their fingerprints there, and `missing` what the form lacks. Raises PublishError if
    anything is missing, or a record can't be changed by now.
    """
    planned = plan_changes(db, catalogue, act, seen)
    reasons = [f"{each.id}: {reason}" for each in planned for reason in each.refusals]
    reasons += [_(CHANGED).format(id=each.id) for each in planned if each.seen != seen[each.id]]
    reasons += missing
    if not planned:
        reasons.append(_("no record is ticked"))
    if reasons:
        raise PublishError(reasons)
    return planned


def make_drafts(
    db: Session,
    by: Person,
    act: BulkEdit,
    planned: Sequence[PlannedChange],
    *,
    why: str,
    reason: str,
) -> str:
    """Make a revision of every record and return the name of the bulk edit.

    Raises PublishError if somebody has begun to change one of the records.
    """
    name, ids = secrets.token_hex(8), [each.id for each in planned]
    drafts.lock_records(db, ids)
    with preload_rows(db, ids):
        for id in ids:
            draft = drafts.begin_to_change(db, by, id)
            if draft is None or (draft.number, draft.owner) != (0, by.id):
                raise PublishError([_(CHANGED).format(id=id)])
            draft.document = apply_bulk_edit(act, drafts.form_of(draft), draft.document)
            draft.why, draft.reason = why, reason
            cause = RevisionCause.TOGETHER
            drafts.next_revision(db, draft, by, cause, sheet=name, words=act.words)
            drafts.move(db, draft, by, drafts.SUBMIT, name)
    log_action(db, "changed-together", by, name, f"{act.words} ({len(ids)})")
    return name


# Undoing ----------------------------------------------------------------------------------------

UNDOABLE_STATES = WRITABLE_STATES | {DraftState.IN_REVIEW}
MAX_RECENT_EDITS = 8


def recent_bulk_edits(db: Session) -> Sequence[Any]:
    """Return name, words, person, time and records of the latest bulk edits, and the undoable."""
    by = (Revision.sheet.label("name"), Revision.words, Revision.by)
    at, is_undoable = func.min(Revision.at), Draft.state.in_(UNDOABLE_STATES)
    found = select(
        *by,
        at.label("at"),
        func.count().label("records"),
        func.count().filter(is_undoable).label("undoable"),
    )
    found = found.join(Draft, Draft.id == Revision.draft)
    found = found.where(Revision.saved == RevisionCause.TOGETHER).group_by(*by)
    return db.execute(found.order_by(at.desc()).limit(MAX_RECENT_EDITS)).all()


# Routes -----------------------------------------------------------------------------------------


router = APIRouter()

ID = r"[A-Z][1-9][0-9]{0,8}"


@router.get("/desk/bulk", name="bulk")
def bulk_page(request: Request, db: Desk, editor: Editor) -> Response:
    return _choosing_page(request, db, editor, dict(request.query_params))


@router.post("/desk/bulk")
def bulk_edit(
    request: Request, db: Desk, editor: Editor, posted: PostedForm, *, settings: SettingsDep
) -> Response:
    """Preview the edit of the ticked records, or do it if the preview was confirmed.

    Drafts are made, which are reviewed; a withdrawal of more than a few waits for a second person.
    """
    catalogue = Catalogue(db, editor)
    ticked = {
        name.removeprefix("take."): value
        for name, value in posted.items()
        if re.fullmatch(rf"take\.{ID}", name, re.ASCII)
    }
    # All records of the preview, ticked or not.
    shown = re.findall(ID, posted.get("shown", ""), re.ASCII)[:MAX_RECORDS]
    kind = next((id[0] for id in (*ticked, *shown) if id[0] in THING_OF_KIND), "")
    ticked = {id: value for id, value in ticked.items() if id[0] == kind}
    is_confirmed = posted.get("step") == "make"
    try:
        if not kind or not (ticked or is_confirmed) or len(ticked) > MAX_RECORDS:
            words = _("Tick the records to change, at most {most}.").format(most=MAX_RECORDS)
            raise BulkEditError("take", words)
        act = read_bulk_edit(catalogue, kind, posted)
    except BulkEditError as wrong:
        return _choosing_page(request, db, editor, posted, wrong.problems)
    if not is_confirmed:
        return _preview_page(request, catalogue, act, posted=posted, ids=list(ticked))
    why, reason = posted.get("why", ""), clean(posted.get("reason", "")).strip()
    is_withdrawal = act.what == WITHDRAW
    missing = [] if reason else [_("enter a reason: readers will see it")]
    if not is_withdrawal and why not in Significance.by_code():
        missing.append(_("choose the type of change"))
    savepoint = db.begin_nested()
    try:
        planned = checked_plan(db, catalogue, act, ticked, missing)
        if is_withdrawal:
            first, *others = (each.id for each in planned)
            # Records that refer to them lose the reference or, if they need it, go along.
            becomes = in_short(effects_of(db, [first, *others]))
            arguments = {"chosen": becomes, "others": others}
            edition = attempt(
                db,
                editor,
                GuardedAct.WITHDRAW,
                first,
                reason=reason,
                arguments=arguments,
                settings=settings,
            )
            words = _("The records were withdrawn in edition {edition}.")
            done = words.format(edition=edition) if edition else confirmation_notice()
            return see_other(request, url("bulk"), done)
        name = make_drafts(db, editor, act, planned, why=why, reason=reason)
    except PublishError as refused:
        savepoint.rollback()
        return _preview_page(
            request,
            Catalogue(db, editor),
            act,
            posted=posted,
            ids=shown,
            problems=FormProblems.of_reasons(refused.reasons),
        )
    savepoint.commit()
    done = ngettext(
        "{count} record was changed in a draft.",
        "{count} records were changed in drafts.",
        len(ticked),
    )
    return see_other(request, url("bulk-review", name=name), done)


@router.post("/desk/bulk/{name}", name="bulk-undo")
def undo(request: Request, db: Desk, editor: Editor, name: str) -> Response:
    """Delete the drafts of a bulk edit that were not approved, published or edited since."""
    name = clean(name)
    made = select(Revision).where(Revision.saved == RevisionCause.TOGETHER, Revision.sheet == name)
    revisions, undone = db.scalars(made.order_by(Revision.draft)).all(), 0
    if not revisions:
        raise HTTPException(404)
    for revision in revisions:
        draft = drafts.find(db, revision.draft)
        if draft is None or draft.state not in UNDOABLE_STATES:
            continue
        later = drafts.revisions(db, draft, after=revision.number)
        if any(each.saved in WRITING_CAUSES for each in later):
            continue
        if draft.state == DraftState.IN_REVIEW:
            drafts.move(db, draft, editor, drafts.TAKE_BACK, name)
        drafts.move(db, draft, editor, drafts.DELETE, name)
        undone += 1
    if undone:
        log_action(db, "took-together-back", editor, name, f"{undone}")
    notice = _("Undone: {count} of {total}.")
    return see_other(request, url("bulk"), notice.format(count=undone, total=len(revisions)))


# Pages ------------------------------------------------------------------------------------------


def _choosing_page(
    request: Request,
    db: DeskSession,
    editor: Person,
    posted: Mapping[str, str],
    problems: FormProblems = NO_PROBLEMS,
) -> Response:
    catalogue, selection = Catalogue(db, editor), None
    typed = clean(posted.get("in", ""))
    try:
        selection = (
            select_records(db, catalogue, typed, app_state(request).indexes) if typed else None
        )
    except BulkEditError as wrong:
        problems = wrong.problems
    kind = selection.kind if selection else ""
    terms = terms_of(kind) if selection else ()
    return desk_page(
        request,
        "desk/bulk/page.html",
        status=422 if problems else 200,
        selection=selection,
        posted={name: clean(value) for name, value in posted.items()},
        has_ticks=any(name.startswith("take.") for name in posted),
        problems=problems,
        terms={key: TERM_TITLES[key] for key in terms},
        fields=SETTABLE.get(kind, {}),
        suggestions=[each for key in terms for each in _suggestions(catalogue, key)],
        lately=recent_bulk_edits(db),
        names=names_of_people(db),
    )


def _suggestions(catalogue: Catalogue, key: str) -> list[tuple[str, str]]:
    """Return each code that a term can have, and its label."""
    names = catalogue.directory
    codes = names.named_records.get(key) or [form.code for form in catalogue.codes(key)]
    return [(code, names.label(key, code)) for code in codes]


def _preview_page(
    request: Request,
    catalogue: Catalogue,
    act: BulkEdit,
    *,
    posted: Mapping[str, str],
    ids: Sequence[str],
    problems: FormProblems = NO_PROBLEMS,
) -> Response:
    planned = plan_changes(catalogue.db, catalogue, act, ids)
    free = [each for each in planned if not each.refusals]
    is_withdrawal = act.what == WITHDRAW
    return desk_page(
        request,
        "desk/bulk/preview.html",
        status=422 if problems else 200,
        words=in_words(catalogue, ids[0][0] if ids else "", act),
        posted=posted,
        title=lambda each: catalogue.title(each.id[0], each.before),
        refused=[each for each in planned if each.refusals],
        rows=[(each, _changes(catalogue, each.id, each.before, each.after)) for each in free],
        is_withdrawal=is_withdrawal,
        effects=effects_to_show(catalogue, [each.id for each in free]) if is_withdrawal else (),
        weights=Significance,
        problems=problems,
    )


def _changes(
    catalogue: Catalogue, record: str, before: Document, after: Document
) -> list[FieldChange]:
    """Return the differing fields. Logs the display of private values, such as an exact place."""
    form = FORMS[record[0]]
    shown = changes(catalogue, form, before, align_rows(form, after, before))
    if any(change.is_private for change in shown):
        log_reading(catalogue.db, catalogue.person, record)
    return shown
