"""Withdraw records, and merge two into one; and undo both: each as one edition, with a reason.

Past editions stay as they were. Each changed record gets a revision, from which it can be undone.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved.models import Draft, Merging, Record, RevisionCause
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import lock_approved_state, published_version, save_all
from app.desk.draft_form.catalogue import THING_OF_KIND, Catalogue
from app.desk.draft_form.compare import FieldChange, changes
from app.desk.drafts import commands as drafts
from app.desk.drafts.commands import ID_LETTERS, RevisionDetails, open_draft, save_revisions
from app.desk.drafts.references import (
    referring_ids,
    remove_duplicates,
    rewrite_references,
)
from app.desk.identity.audit_log import log_action
from app.desk.identity.models import Person
from app.desk.review.commands import UnconfirmedError, all_or_nothing
from app.documents import (
    MINE,
    ROW,
    THEIRS,
    Document,
    align_rows,
    changed_by,
    differences,
    document_of,
    errors_in_words,
    fit_to_form,
    merge_documents,
    validate,
)
from app.errors import InvalidStateError
from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.kinds import FORMS, EventForm, Form, RecordForm
from app.kinds.base import rows_of
from app.record.models import Edition, RecordState, Version
from app.record.publishing.publish import Merge, Withdrawal
from app.record.publishing.validation import PublishError, referenced_records
from app.record.rules.independence import citations_to_reconfirm
from app.vocabulary.record import Why

# Withdrawing ------------------------------------------------------------------------------------

GOES, STAYS = "goes", "stays"
"""What becomes of a record that refers to a withdrawn one: withdrawn, or without the reference."""
NO_EFFECTS: Mapping[str, str] = {}


def effects_of(db: Session, ids: Sequence[str]) -> dict[str, RecordForm | None]:
    """Return what becomes of each published record that refers to these, by its id.

    It stays without the references if it is valid so, as an estimate is without its event; None if
    it needs them, as a citation needs its source. That has its own effects.
    """
    effects: dict[str, RecordForm | None] = {}
    going = [*ids]
    for gone in going:
        for other in _published_references(db, gone):
            if other in going:
                continue
            withdrawn = {_kind_and_name(db, each) for each in going}
            effects[other] = without_references(_approved(db, other).form, withdrawn)
            if effects[other] is None:
                going.append(other)
    return effects


def in_short(effects: Mapping[str, RecordForm | None]) -> dict[str, str]:
    """Return the effects as a page shows them, by which a request proves that they are the same."""
    return {id: STAYS if form else GOES for id, form in effects.items()}


def effects_to_show(catalogue: Catalogue, ids: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return id, title and fate of each published record that refers to these."""
    return [
        (id, catalogue.title(id[0], document_of(_approved(catalogue.db, id).form)), becomes)
        for id, becomes in in_short(effects_of(catalogue.db, ids)).items()
    ]


def without_references(form: RecordForm, gone: Collection[tuple[str, str]]) -> RecordForm | None:
    """Return the record without its references to withdrawn records; None if it needs them."""
    document, names = document_of(form), {name for _kind, name in gone}
    removed_links = {row["id"] for row in document.get("links", []) if row["to"] in names}
    if any(row["about"] in removed_links for row in document.get("citations", [])):
        return None
    if "links" in document:
        document["links"] = [row for row in document["links"] if row["id"] not in removed_links]
    if document.get("event") in names:
        document["event"] = ""
    changed = validate(type(form), document).form
    return None if changed is None or referenced_records(changed) & set(gone) else changed


def withdraw(
    db: Session, ids: Sequence[str], by: Person, reason: str, shown: Mapping[str, str] = NO_EFFECTS
) -> Edition:
    """Withdraw records, with the effects on those that refer to them, as one edition.

    Each page stays as a tombstone with the reason. PublishError leaves everything unchanged, also
    if the effects are others than those that were shown.
    """
    reason = reason.strip()
    lock_approved_state(db)
    effects = effects_of(db, ids)
    if in_short(effects) != shown:
        raise PublishError([_("other records refer to it: check first what becomes of them")])
    after = {id: form for id, form in effects.items() if form}
    going = [*ids, *(id for id in effects if id not in after)]
    before = {id: _approved(db, id).form for id in after}
    if busy := [
        other for other in after if open_draft(db, other) or _approved(db, other).is_pending
    ]:
        words = _("{id} has an open draft: publish or delete the draft first")
        raise PublishError([words.format(id=other) for other in busy])
    with all_or_nothing(db):
        save_all(db, list(after.values()), Why.UPDATED, reason)
        message = _("Withdrawn: {ids}").format(ids=enumerate_words(going))
        withdrawn = [Withdrawal(each, reason) for each in going]
        edition = publish_approved(
            db, message, signature=by.signature, only=set(after), withdrawn=withdrawn
        )
    if edition is None:
        raise InvalidStateError
    for each in going:
        log_action(db, "withdrew", by, each, reason)
    act = RevisionDetails(f"withdraw {edition.no}", by, RevisionCause.TAKEN_OFF, edition.no, reason)
    for other, form in after.items():
        save_revisions(db, act, before[other], form)
    return edition


# Publishing again -------------------------------------------------------------------------------


def withdrawal_effects(db: Session, id: str) -> tuple[Sequence[str], list[RecordForm]]:
    """Return the effects of a withdrawal on other records, as far as these have not changed since.

    They are the ids of records that were withdrawn in the same edition, and the records whose
    reference to the withdrawn record was removed, as they were before.
    """
    current = published_version(db, id)
    if current is None or current.state != RecordState.WITHDRAWN:
        return [], []
    also = (
        Version.opened == current.opened,
        Version.closed.is_(None),
        Version.state == RecordState.WITHDRAWN,
    )
    hidden = db.scalars(
        select(Version.id).where(*also, Version.id != id).order_by(Version.id)
    ).all()
    named = []
    for other, form, *states in states_of(db, f"withdraw {current.opened}"):
        before, after = (validate(form, state).form for state in states)
        row = db.get(Record, other)
        is_as_then = row is not None and not row.is_pending and row.form == after
        if is_as_then and before and open_draft(db, other) is None:
            named.append(before)
    return hidden, named


def republish(db: Session, id: str, by: Person, reason: str) -> Edition:
    """Publish a withdrawn record again, as approved, and undo the effects on others.

    PublishError leaves everything unchanged.
    """
    lock_approved_state(db)
    current, reason = published_version(db, id), reason.strip()
    if current is None or current.state != RecordState.WITHDRAWN or db.get(Record, id) is None:
        raise InvalidStateError
    hidden, named = withdrawal_effects(db, id)
    shown = [id, *hidden]
    after = {form.id: _approved(db, form.id).form for form in named}
    with all_or_nothing(db):
        save_all(db, named, Why.UPDATED, reason)
        for each in shown:
            row = _approved(db, each)
            row.is_pending, row.why, row.reason = True, Why.UPDATED, reason
        message = _("Published again: {id}").format(id=enumerate_words(shown))
        edition = publish_approved(db, message, signature=by.signature, only={*shown, *after})
    if edition is None:
        raise InvalidStateError
    for each in shown:
        log_action(db, "published-again", by, each, reason)
    act = RevisionDetails(f"put back {edition.no}", by, RevisionCause.RESTORED, edition.no, reason)
    for form in named:
        save_revisions(db, act, after[form.id], form)
    return edition


def _published_references(db: Session, id: str) -> list[str]:
    # Records that were never approved, or were merged, have no references.
    names = referring_ids(db, *_kind_and_name(db, id)) if db.get(Record, id) else []
    return [other for other in names if is_live(db, other)]


def is_live(db: Session, id: str) -> bool:
    """Return whether readers see the record."""
    published = published_version(db, id)
    return published is not None and published.is_live


def _kind_and_name(db: Session, id: str) -> tuple[str, str]:
    return id[0], _approved(db, id).name


# Two documents as one --------------------------------------------------------------------------

IDENTIFIERS = {"id", "code", "slug"}
"""Fields that identify a record and stay with its id."""


def fingerprint(*documents: Document) -> str:
    """Return a hash by which a posted form proves that the records are unchanged."""
    return hashlib.sha256(json.dumps(documents, sort_keys=True).encode()).hexdigest()[:16]


def side_by_side(
    catalogue: Catalogue, form: type[Form], kept: Document, gone: Document
) -> Sequence[FieldChange]:
    """Return the differences: fields with two values, and rows that only one record has."""
    found = changes(catalogue, form, kept, align_rows(form, gone, kept, only_equal=True))
    return [each for each in found if each.place not in IDENTIFIERS and each.kind != "moved"]


FIELD_GROUPS = (
    {"low", "point", "high", "quantifier", "printed_words"},
    {"as_of", "period"},
    {"latitude", "longitude"},
)
"""Fields that belong together.

Half from another record would give a value that no source reports.
"""


def combine(form: type[Form], kept: Document, gone: Document) -> Document:
    """Return `kept` with all rows of both, and with the other's values where it has none."""
    other, document = align_rows(form, gone, kept, only_equal=True), dict(kept)
    filled = {name for whole in FIELD_GROUPS if any(map(kept.get, whole)) for name in whole}
    for name, field in form.model_fields.items():
        if rows_of(field):
            own = {row[ROW] for row in kept[name]}
            document[name] = [*kept[name], *(row for row in other[name] if row[ROW] not in own)]
        elif not kept[name] and name not in IDENTIFIERS | filled:
            document[name] = other[name]
    # Citations name the copies of the kept source by number; new copies get numbers when saved.
    taken = [copy["id"] for copy in kept.get("copies", ())]
    for at, copy in enumerate(document.get("copies", ())):
        if at >= len(taken) and copy["id"] in taken:
            document["copies"][at] = {**copy, "id": ""}
    return document


def undo_combination(
    form: type[Form], before: Document, after: Document, now: Document
) -> Document:
    """Return what a record says now, without the effects of the merge.

    Later changes stay, except rows that came from the other record: they return there.
    """
    state_after_merge = align_rows(form, after, now)
    state_before_merge = align_rows(form, before, state_after_merge)
    sides = changed_by(form, state_after_merge, state_before_merge, now)
    sides |= {
        each.name: THEIRS
        for each in differences(form, state_before_merge, state_after_merge)
        if each.kind == "added"
    }
    return merge_documents(form, state_before_merge, now, sides, MINE)


# Merging ----------------------------------------------------------------------------------------


def seen(kept: Record, gone: Record) -> str:
    """Return the fingerprint of both, by which a posted form proves that they are unchanged."""
    return fingerprint(document_of(kept.form), document_of(gone.form))


@dataclass(frozen=True)
class PlannedMerge:
    """Both records as they are, the names by which others refer to them, and the merged record."""

    before: dict[str, RecordForm]
    names: Mapping[str, str]
    merged: RecordForm
    doubts: Sequence[str]
    """Citations of either record whose event would be worded differently (rule 13)."""


def plan(db: Session, gone: str, kept: str) -> PlannedMerge:
    rows = {id: _approved(db, id) for id in (gone, kept)}
    before, names = ({id: row.form for id, row in rows.items()}, {id: rows[id].name for id in rows})
    documents = {id: document_of(form) for id, form in before.items()}
    form = type(before[kept])
    document = combine(form, documents[kept], documents[gone])
    merged = _form_of_document(
        kept,
        form,
        rewrite_references(form, document, THING_OF_KIND[kept[0]], names[gone], names[kept]),
    )
    doubts: list[str] = []
    for each in (before[kept], before[gone]):
        if isinstance(each, EventForm) and isinstance(merged, EventForm):
            doubts += citations_to_reconfirm(each, merged)
    return PlannedMerge(before, names, merged, doubts)


def merge(
    db: Session, by: Person, gone: str, kept: str, reason: str, *, confirmed: Collection[str] = ()
) -> Edition:
    """Merge a record into another.

    Raises PublishError with the reasons if they can't be merged, and UnconfirmedError if
    `confirmed` lacks one of the citations in doubt: they must support or dispute the merged event.
    """
    lock_approved_state(db)
    _raise_if_any(_errors_of_merge(db, gone, kept))
    planned = plan(db, gone, kept)
    before, names, after = planned.before, planned.names, {kept: planned.merged}
    if not set(planned.doubts) <= set(confirmed):
        raise UnconfirmedError
    for id in referring_ids(db, gone[0], names[gone]):
        if id not in before:
            before[id] = _approved(db, id).form
            other = rewrite_references(
                type(before[id]),
                document_of(before[id]),
                THING_OF_KIND[gone[0]],
                names[gone],
                names[kept],
            )
            after[id] = _form_of_document(id, type(before[id]), other)
    _raise_if_any(_errors_of_pending(db, before))

    with all_or_nothing(db):
        # Unique values, such as an address, must be free before the other record takes them.
        db.delete(_approved(db, gone))
        db.flush()
        save_all(db, [after[kept]], Why.UPDATED, reason)
        save_all(db, [after[id] for id in after if id != kept], Why.CLARIFIED, reason)
        message = _("Merged: {gone} into {kept}").format(gone=gone, kept=kept)
        edition = publish_approved(
            db,
            message,
            signature=by.signature,
            only=_published_ids(db, after),
            merged=[Merge(gone, kept, reason)],
        )
    assert edition is not None  # a row was closed
    merging = Merging(
        gone=gone, kept=kept, gone_name=names[gone], kept_name=names[kept], reason=reason
    )
    merging.by, merging.edition = by.id, edition.no
    db.add(merging)
    db.flush()
    act = RevisionDetails(f"merge {merging.id}", by, RevisionCause.COMBINED, edition.no, reason)
    for id, form in before.items():
        save_revisions(db, act, form, after.get(id, form))
    log_action(db, "combined", by, gone, _("into {id}: {reason}").format(id=kept, reason=reason))
    return edition


def undo(db: Session, by: Person, merging: Merging, reason: str) -> Edition:
    """Restore both records.

    Later changes stay in the merged record, except citations that came from the other one.
    """
    lock_approved_state(db)
    db.refresh(merging)
    if merging.undone_in is not None:
        raise InvalidStateError
    _raise_if_any(_errors_of_undo(db, merging))
    before: dict[str, RecordForm] = {}
    after: dict[str, RecordForm] = {}
    for record, form, was, became in states_of(db, f"merge {merging.id}"):
        row = _row(db, record)
        if record == merging.gone:
            document = _with_present_rows(was, document_of(_approved(db, merging.kept).form))
        elif row is not None:
            before[record] = row.form
            document = undo_combination(form, was, became, document_of(before[record]))
        else:
            continue  # it was itself merged or removed since
        after[record] = _form_of_document(record, form, remove_duplicates(form, document))
    _raise_if_any(_errors_of_pending(db, before))

    with all_or_nothing(db):
        save_all(db, list(after.values()), Why.UPDATED, reason)
        message = _("Merge undone: {gone} and {kept}").format(gone=merging.gone, kept=merging.kept)
        others = _published_ids(db, after.keys() - {merging.gone})
        edition = publish_approved(
            db, message, signature=by.signature, only={*others, merging.gone}, parted={merging.gone}
        )
    assert edition is not None  # the row that was merged is open again
    merging.undone_by, merging.undone_in = by.id, edition.no
    act = RevisionDetails(f"part {merging.id}", by, RevisionCause.TAKEN_APART, edition.no, reason)
    for id, form_after in after.items():
        save_revisions(db, act, before.get(id, form_after), form_after)
    log_action(
        db,
        "took-apart",
        by,
        merging.gone,
        _("from {id}: {reason}").format(id=merging.kept, reason=reason),
    )
    return edition


# Conditions -------------------------------------------------------------------------------------


def _errors_of_merge(db: Session, gone: str, kept: str) -> Iterable[str]:
    if gone == kept or gone[0] != kept[0]:
        yield _("{gone} and {kept} are not records of the same kind").format(gone=gone, kept=kept)
    for id in (gone, kept):
        if not is_live(db, id):
            yield _("{id} is not published: only published records can be merged").format(id=id)
    if draft := open_draft(db, gone):
        yield _(
            "{who} has an open draft of {id}: the draft must be published or deleted first"
        ).format(who=db.get_one(Person, draft.owner).called, id=gone)


def _errors_of_undo(db: Session, merging: Merging) -> Iterable[str]:
    gone = published_version(db, merging.gone)
    if gone is None or gone.state != RecordState.MERGED or gone.payload["into"] != merging.kept:
        yield _("{id} is no longer merged into {other}").format(id=merging.gone, other=merging.kept)
    if not is_live(db, merging.kept):
        words = _("{id} was later withdrawn, merged or removed: undo that first")
        yield words.format(id=merging.kept)


def _errors_of_pending(db: Session, ids: Iterable[str]) -> Iterable[str]:
    """Yield an error for each record that waits to be published in another way."""
    for id in ids:
        if (row := _row(db, id)) is not None and row.is_pending:
            yield _(
                "{id} has an approved change that is not published yet: publish it first"
            ).format(id=id)


def _raise_if_any(reasons: Iterable[str]) -> None:
    if found := list(reasons):
        raise PublishError(found)


# The records ------------------------------------------------------------------------------------


def _row(db: Session, id: str) -> Record | None:
    return db.get(Record, id, populate_existing=True) if id[:1] in THING_OF_KIND else None


def _approved(db: Session, id: str) -> Record:
    row = _row(db, id)
    if row is None:
        raise PublishError([_("there is no record {id}").format(id=id)])
    return row


def _form_of_document(id: str, form: type[Form], document: Document) -> RecordForm:
    checked = validate(form, document)
    if checked.form is None:
        raise PublishError(
            [f"{id}: {said}" for said in errors_in_words(form, checked.errors, document)]
        )
    return cast(RecordForm, checked.form)


def _published_ids(db: Session, ids: Iterable[str]) -> set[str]:
    """Return the ids that are published; others are not marked as pending.

    A withdrawn record also gets its references rewritten, but stays withdrawn.
    """
    published_ids = set()
    for id in ids:
        if is_live(db, id):
            published_ids.add(id)
        else:
            row = _approved(db, id)
            row.is_pending, row.why, row.reason = False, None, None
    return published_ids


def _with_present_rows(was: Document, kept: Document) -> Document:
    """Return the removed record with the present text of its citations and links."""
    document = dict(was)
    for name in ID_LETTERS:
        present = {row["id"]: row for row in kept.get(name, [])}
        if name in document:
            document[name] = [
                {**present.get(row["id"], row), "row": row["row"]} for row in document[name]
            ]
    return document


def states_of(db: Session, act: str) -> Iterator[tuple[str, type[RecordForm], Document, Document]]:
    """Yield the records that an act changed, with their documents before and after."""
    changed = select(Draft).where(Draft.key.startswith(f"{act} ")).order_by(Draft.id)
    for draft in db.scalars(changed):
        form = FORMS[draft.kind]
        before, after = (
            fit_to_form(form, revision.document) for revision in drafts.revisions(db, draft)
        )
        yield draft.record, form, before, after
