"""A bulk edit: read one from a form, select its records, apply it to a document, make its drafts.

Each record is changed in a new draft, which is submitted for review.
"""

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

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
from app.desk.approved.store import preload_rows, published_version
from app.desk.draft_form.advice import check_draft
from app.desk.draft_form.catalogue import THING_OF_KIND, Catalogue
from app.desk.drafts import commands as drafts
from app.desk.drafts.references import remove_duplicates, replace_name
from app.desk.drafts.trial_publish import publish_errors_by_id
from app.desk.identity.audit_log import log_action
from app.desk.identity.models import Person
from app.desk.merges import fingerprint
from app.desk.review.withdraw import effects_of, in_short
from app.desk.ui import FormProblem, FormProblems
from app.documents import (
    Document,
    FieldAt,
    blank_row,
    clean,
    code_list,
    document_of,
    errors_in_words,
    with_texts,
)
from app.filtering import is_arrangement
from app.i18n.translate import _
from app.kinds import FORMS, Form, RecordForm, Term, is_private
from app.kinds.base import Holds, holds, kind_named, notes, rows_of
from app.kinds.terms import TERM_TITLES
from app.record.editions import NoEditionError
from app.record.filters import LISTS as RECORD_LISTS
from app.record.filters import ListFilters
from app.record.index.manager import IndexManager
from app.record.lists import backend
from app.record.lists.backend import select_newest
from app.record.names.directory import Directory, read_directory
from app.record.publishing.validation import PublishError
from app.record.search import plain_text
from app.vocabulary.events import ROLES_OF, Role, TermKey
from app.vocabulary.kinds import NAMED_NOUNS, NOUN_OF_KIND, RecordNoun
from app.vocabulary.record import LISTS

WITHDRAW = "withdraw"
"""What is done in place of a replacement."""
FIELD = "field."
"""What precedes the name of a field that is filled in."""


def _changeable(form: type[Form]) -> Iterator[str]:
    """Yield the lists, keys of terms and kinds of records whose codes the public fields hold."""
    for field in form.model_fields.values():
        if (rows := rows_of(field)) is Term:
            yield from TermKey
        elif rows:
            yield from _changeable(rows)
        elif not is_private(field):
            kind = kind_named(field)
            yield from filter(None, (notes(field).codes, kind and NOUN_OF_KIND[kind].value))


CHANGEABLE_CODES: Mapping[str, tuple[str, ...]] = {
    kind: tuple(dict.fromkeys(_changeable(FORMS[kind]))) for kind in THING_OF_KIND
}
"""Lists and kinds whose codes a bulk edit can change, by kind of record."""
IDENTITY = frozenset({"id", "slug", "code", "list"})
SETTABLE: Mapping[str, Mapping[str, str]] = {
    kind: {
        name: field.title or name
        for name, field in FORMS[kind].model_fields.items()
        if not (is_private(field) or rows_of(field) or name in IDENTITY)
    }
    for kind in THING_OF_KIND
}
"""Titles of the fields that can be filled in, by kind of record and name."""


def title_of(what: str) -> str:
    """Return the title of a list of codes or of a kind of named record."""
    titles = {**LISTS, **{noun.value: noun.label for noun in RecordNoun}, **TERM_TITLES}
    return _(titles[what])


@dataclass(frozen=True)
class BulkEdit:
    """One bulk edit: in what it concerns, `new` replaces `old`.

    A term without `old` is added, and one without `new` is removed. A field is filled in.
    """

    what: str
    """A list or kind of codes, `field.` and a name, WITHDRAW, or "" for words in all texts."""
    old: str = ""
    new: str = ""

    @property
    def words(self) -> str:
        """Description for the log and the review, without texts: a purge need not change it."""
        is_text = not self.what or self.what == WITHDRAW or self.what.startswith(FIELD)
        return self.what or "words" if is_text else f"{self.what}: {self.old} → {self.new}"


def in_words(catalogue: Catalogue, kind: str, act: BulkEdit) -> str:
    if act.what == WITHDRAW:
        return _("Withdraw the records")
    old, new, title = act.old, act.new, _("All texts")
    if act.what.startswith(FIELD):
        title = _(SETTABLE[kind][act.what.removeprefix(FIELD)])
    elif act.what:
        title = title_of(act.what)
        old, new = (catalogue.directory.label(act.what, code) for code in (old, new))
    message = _("{what}: {old} → {new}")
    return message.format(what=title, old=old or _("nothing"), new=new or _("nothing"))


class BulkEditError(Exception):
    """What is wrong with a field of the form, and what to type there."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.problems = FormProblems([FormProblem(words, field)])


def read_bulk_edit(catalogue: Catalogue, kind: str, posted: Mapping[str, str]) -> BulkEdit:
    """Return the posted bulk edit with names replaced by codes. Raises BulkEditError."""
    if posted.get("do") == WITHDRAW:
        return BulkEdit(WITHDRAW)
    what = posted.get("what", "")
    old, new = (clean(posted.get(name, "")).strip() for name in ("old", "new"))
    if what.startswith(FIELD) and what.removeprefix(FIELD) in SETTABLE[kind]:
        return BulkEdit(what, new=new)
    if not what:
        if not old:
            raise BulkEditError("old", _("Enter the words to replace."))
        return BulkEdit(what, old, new)
    if what not in CHANGEABLE_CODES[kind]:
        raise BulkEditError("what", _("Choose what to change."))
    codes = {name: _code_of(catalogue, what, typed) for name, typed in (("old", old), ("new", new))}
    is_term = what in TermKey.by_code()
    for name, typed in (("old", old), ("new", new)):
        if not codes[name] and (typed or not is_term or not (old or new)):
            raise BulkEditError(name, _("Enter a code, or a name that only one code has."))
    form = catalogue.directory.codes.get(f"{what}:{codes['new']}")
    if form and form.successor:
        words = _("“{old}” is retired. Use “{new}”.")
        raise BulkEditError("new", words.format(old=form.code, new=form.successor))
    return BulkEdit(what, **codes)


def _code_of(catalogue: Catalogue, what: str, text: str) -> str:
    """Return the code for a typed code or name, or an empty string if none or several match."""
    if what in NAMED_NOUNS:
        return catalogue.meant(what, text)
    forms = [form for form in catalogue.directory.codes.values() if form.list == what]
    found = [form.code for form in forms if text.lower() in {form.code, form.label.lower()}]
    return found[0] if len(found) == 1 else ""


def apply_bulk_edit(act: BulkEdit, form: type[Form], document: Document) -> Document:
    """Return the document after the edit; the same object if nothing changes."""
    what, old, new = act.what, act.old, act.new
    if what.startswith(FIELD):
        return {**document, what.removeprefix(FIELD): new}
    if what and not (old and new):
        terms = [row for row in document["terms"] if (row["key"], row["code"]) != (what, old)]
        if new and not any((row["key"], row["code"]) == (what, new) for row in terms):
            # Where the record is, or at whom it is directed: another role is given on its card.
            roles = (Role.AT, Role.TARGET, Role.AFFECTED)
            role = next(each for each in roles if each in ROLES_OF[TermKey(what)])
            terms.append(blank_row(Term, key=what, code=new, role=role))
        return document if terms == document["terms"] else {**document, "terms": terms}
    if what in NAMED_NOUNS:
        changed = replace_name(form, document, what, old, new)
    else:
        changed = with_texts(form, document, lambda at: _replaced(act, at))
    return document if changed == document else remove_duplicates(form, changed)


def _replaced(act: BulkEdit, at: FieldAt) -> str:
    """Return a field's text with the new words, or with the new code if it holds the old one."""
    if act.what:
        is_old = at.text == act.old and code_list(at.form, at.name, at.row) == act.what
        return act.new if is_old else at.text
    field = at.form.model_fields[at.name]
    is_text = holds(field, Holds.LINE) or holds(field, Holds.PARAGRAPHS)
    return at.text.replace(act.old, act.new) if is_text else at.text


# Selection of the records -------------------------------------------------------------------------


MAX_RECORDS = 200
"""Records of one bulk edit."""
MAX_LISTED = 10_000
"""Records of a list that are looked at for those without open drafts."""
IDS = re.compile(r"(?:[A-Z][1-9][0-9]{0,8}[\s,;]*)+", re.ASCII)
KIND_OF_PATH = {f"/{thing}s": kind for kind, thing in THING_OF_KIND.items()}


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
            raise BulkEditError(
                "in", _("This is no list of records. Copy the address of a list, or type ids.")
            )
        if kind in RECORD_LISTS:
            filters, dropped = RECORD_LISTS[kind].from_pairs(parse_qsl(address.query))
            if dropped:
                message = _("“{key}={value}” {reason}.")
                raise BulkEditError(
                    "in",
                    message.format(
                        key=dropped[0].key, value=dropped[0].value[:40], reason=_(dropped[0].reason)
                    ),
                )
            ids = _ids_of_list(db, filters, indexes)
        else:
            query = dict(parse_qsl(address.query)).get("q", "")
            ids = list(_ids_of_names(catalogue.directory, THING_OF_KIND[kind], query))
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


def _ids_of_names(directory: Directory, thing: str, query: str) -> Iterator[str]:
    """Yield the ids of the named records whose code or a name has all words of the query."""
    words = plain_text(query).split()
    for form in directory.named_records[thing].values():
        text = plain_text(" ".join([form.code, *(name.text for name in form.names)]))
        if all(word in text for word in words):
            yield form.id


# Preview, drafts and undoing ----------------------------------------------------------------------


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


# Preview ----------------------------------------------------------------------------------------


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
        refusals = [_open_draft_reason(db, catalogue.person, draft)]
    elif act.what == WITHDRAW:
        published = published_version(db, id)
        is_live = published is not None and published.is_live
        refusals = [] if is_live else [_("it is not published")]
    elif after == before:
        refusals = [_("it has nothing to change")]
    else:
        errors = check_draft(form, after, catalogue).errors
        refusals = errors_in_words(form, errors, after)
    return PlannedChange(id, before, after, refusals)


def _open_draft_reason(db: Session, person: Person, draft: Draft) -> str:
    if draft.owner == person.id:
        return _("you have an open draft of it: publish or delete the draft first")
    who = db.get_one(Person, draft.owner).called
    return _("{who} has an open draft of it: the draft must be published or deleted first").format(
        who=who
    )


# Making drafts ----------------------------------------------------------------------------------


def make_drafts(
    db: Session,
    catalogue: Catalogue,
    act: BulkEdit,
    seen: Mapping[str, str],
    *,
    why: str,
    reason: str,
) -> str:
    """Make a revision of every record and return the name of the bulk edit.

    `seen` are the fingerprints of the records in the preview. Makes no revision and raises
    PublishError if one of them can't be changed.
    """
    missing = [] if reason else [_("enter a reason for the change: readers will see it")]
    if why not in Significance.by_code():
        missing.append(_("choose the type of change"))
    planned = _checked_plan(db, catalogue, act, seen, missing)
    name, by = secrets.token_hex(8), catalogue.person
    drafts.lock_records(db, list(seen))
    words = _("{id} has changed since you opened this page: check it again")
    with preload_rows(db, seen):
        for each in planned:
            draft = drafts.begin_to_change(db, by, each.id)
            if draft is None or (draft.number, draft.owner) != (0, by.id):
                raise PublishError([words.format(id=each.id)])
            draft.document = apply_bulk_edit(act, drafts.form_of(draft), draft.document)
            draft.why, draft.reason = why, reason
            cause = RevisionCause.TOGETHER
            drafts.next_revision(db, draft, by, cause, sheet=name, words=act.words)
            drafts.move(db, draft, by, drafts.SUBMIT, name)
    log_action(db, "changed-together", by, name, f"{act.words} ({len(planned)})")
    return name


def _checked_plan(
    db: Session,
    catalogue: Catalogue,
    act: BulkEdit,
    seen: Mapping[str, str],
    missing: Sequence[str],
) -> list[PlannedChange]:
    """Return the planned changes. Raises PublishError if one of them is impossible by now."""
    planned = plan_changes(db, catalogue, act, seen)
    reasons = [f"{each.id}: {reason}" for each in planned for reason in each.refusals]
    changed = _("{id} has changed since you opened this page: check it again")
    reasons += [changed.format(id=each.id) for each in planned if each.seen != seen[each.id]]
    reasons += missing
    if not planned:
        reasons.append(_("no record is ticked"))
    if reasons:
        raise PublishError(reasons)
    return planned


def withdrawal_arguments(
    db: Session, catalogue: Catalogue, seen: Mapping[str, str], reason: str
) -> tuple[str, dict[str, Any]]:
    """Return the first record and the arguments with which it and the others are withdrawn.

    Records that refer to them lose the reference or, if they need it, are withdrawn too.
    """
    missing = [] if reason else [_("enter a reason: readers will see it")]
    ids = [each.id for each in _checked_plan(db, catalogue, BulkEdit(WITHDRAW), seen, missing)]
    return ids[0], {"chosen": in_short(effects_of(db, ids)), "others": ids[1:]}


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


def undo_bulk_edit(db: Session, by: Person, name: str) -> tuple[int, int]:
    """Delete the drafts made for the bulk edit.

    Returns how many were undone and how many were left, because they were approved, published or
    edited since.
    """
    made = select(Revision).where(Revision.saved == RevisionCause.TOGETHER, Revision.sheet == name)
    revisions, undone = db.scalars(made.order_by(Revision.draft)).all(), 0
    for revision in revisions:
        draft = drafts.find(db, revision.draft)
        if draft is None or draft.state not in UNDOABLE_STATES:
            continue
        later = drafts.revisions(db, draft, after=revision.number)
        if any(each.saved in WRITING_CAUSES for each in later):
            continue
        if draft.state == DraftState.IN_REVIEW:
            drafts.move(db, draft, by, drafts.TAKE_BACK, name)
        drafts.move(db, draft, by, drafts.DELETE, name)
        undone += 1
    if undone:
        log_action(db, "took-together-back", by, name, f"{undone}")
    return undone, len(revisions) - undone
