"""Merge two records into one, and undo that: each as its own edition, with a reason.

References to the removed record are rewritten, its page redirects, and past editions stay as they
were. Each changed record gets a revision, from which the merge can be undone.
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
from app.desk.drafts.commands import ID_LETTERS, RevisionDetails, save_revisions
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
from app.i18n.translate import _
from app.kinds import FORMS, EventForm, Form, RecordForm
from app.kinds.base import rows_of
from app.record.models import Edition, RecordState
from app.record.publishing.publish import Merge
from app.record.publishing.validation import PublishError
from app.record.rules.independence import citations_to_reconfirm
from app.vocabulary.record import Why

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
    _raise_if_any(_errors_of_merge(db, gone, kept, reason))
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
    act = RevisionDetails(f"merge {merging.id}", by.id, RevisionCause.COMBINED, edition.no, reason)
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
    _raise_if_any(_errors_of_undo(db, merging, reason))
    before: dict[str, RecordForm] = {}
    after: dict[str, RecordForm] = {}
    for record, form, was, became in _states_of_merge(db, merging):
        row = _row(db, record)
        if record == merging.gone:
            document = _with_present_rows(was, document_of(_approved(db, merging.kept).form))
        elif row is not None:
            before[record] = row.form
            document = undo_combination(form, was, became, document_of(before[record]))
        else:
            continue  # it was itself merged or removed since
        after[record] = _form_of_document(
            record,
            form,
            _rewrite_merged_since(db, form, remove_duplicates(form, document), merging),
        )
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
    act = RevisionDetails(
        f"part {merging.id}", by.id, RevisionCause.TAKEN_APART, edition.no, reason
    )
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


def _errors_of_merge(db: Session, gone: str, kept: str, reason: str) -> Iterable[str]:
    if gone == kept or gone[0] != kept[0]:
        yield _("{gone} and {kept} are not records of the same kind").format(gone=gone, kept=kept)
    if not reason.strip():
        yield _("enter a reason for the merge: readers will see it")
    for id in (gone, kept):
        published = published_version(db, id)
        if published is None or not published.is_live:
            yield _("{id} is not published: only published records can be merged").format(id=id)
    if draft := drafts.open_draft(db, gone):
        yield _(
            "{who} has an open draft of {id}: the draft must be published or deleted first"
        ).format(who=db.get_one(Person, draft.owner).called, id=gone)


def _errors_of_undo(db: Session, merging: Merging, reason: str) -> Iterable[str]:
    if not reason.strip():
        yield _("enter a reason for undoing the merge: readers will see it")
    gone, kept = (published_version(db, id) for id in (merging.gone, merging.kept))
    if gone is None or gone.state != RecordState.MERGED or gone.payload["into"] != merging.kept:
        yield _("{id} is no longer merged into {other}").format(id=merging.gone, other=merging.kept)
    if kept is None or not kept.is_live:
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
        published, row = published_version(db, id), _approved(db, id)
        if published is not None and published.is_live:
            published_ids.add(id)
        else:
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


def _rewrite_merged_since(
    db: Session, form: type[Form], document: Document, but: Merging
) -> Document:
    """Rewrite references to records that were merged in the meantime."""
    others = select(Merging).where(Merging.undone_in.is_(None), Merging.id != but.id)
    for merging in db.scalars(others.order_by(Merging.id)):
        document = rewrite_references(
            form, document, THING_OF_KIND[merging.gone[0]], merging.gone_name, merging.kept_name
        )
    return document


def _states_of_merge(
    db: Session, merging: Merging
) -> Iterator[tuple[str, type[RecordForm], Document, Document]]:
    """Yield the records that a merge changed, with their documents before and after."""
    drafts_of_merge = (
        select(Draft).where(Draft.key.startswith(f"merge {merging.id} ")).order_by(Draft.id)
    )
    for draft in db.scalars(drafts_of_merge):
        form = FORMS[draft.kind]
        document_before, document_after = (
            fit_to_form(form, revision.document) for revision in drafts.revisions(db, draft)
        )
        yield draft.record, form, document_before, document_after
