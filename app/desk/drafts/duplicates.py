"""Resolve a duplicate: move the draft's citations to the existing record and delete the draft."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.desk.approved import public_ids
from app.desk.approved.draft_models import WRITABLE_STATES, Draft, RevisionCause
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.compare import ComparedField, compare_field
from app.desk.drafts import commands
from app.desk.identity.models import Person
from app.documents import ROW, Document, align_rows, differences, new_key
from app.errors import InvalidStateError
from app.vocabulary.kinds import RowKind


@dataclass(frozen=True)
class DuplicateComparison:
    """What becomes of a draft whose record exists already, shown before anything is done."""

    record: str
    title: str
    dropped: Sequence[ComparedField]
    """Values of the draft (`after`) that the record does not have; `before` is what it has."""
    citations: Sequence[str]
    """The citations that would be added."""


def compare_with_duplicate(
    catalogue: Catalogue, draft: Draft, twin: str
) -> DuplicateComparison | None:
    """Return what would be dropped; None if the draft can't be merged into that record."""
    theirs = catalogue.document(twin) if _can_be_same(draft, twin) else None
    if theirs is None:
        return None
    mine = catalogue.visible(draft)
    return DuplicateComparison(
        twin,
        catalogue.title(draft.kind, theirs),
        list(_dropped(catalogue, draft, theirs, mine)),
        [row["paraphrase"] or row["source"] for row in _filled(mine["citations"])],
    )


def _dropped(
    catalogue: Catalogue, draft: Draft, theirs: Document, mine: Document
) -> Iterator[ComparedField]:
    form = commands.form_of(draft)
    aligned = align_rows(form, mine, theirs, only_equal=True)
    for each in differences(form, theirs, aligned):
        name = each.place[-1]
        if each.place[0] in {"citations", "id"} or each.kind in {"removed", "moved"}:
            continue
        if each.kind == "changed" and not each.holders[1][name].strip():
            continue
        yield compare_field(catalogue, form, theirs, aligned, each)


def _can_be_same(draft: Draft, twin: str) -> bool:
    return (
        twin[:1] == draft.kind
        and twin != draft.record
        and draft.base is None
        and draft.state in WRITABLE_STATES
    )


def merge_into_duplicate(db: Session, draft: Draft, twin: str, by: Person) -> tuple[Draft, int]:
    """Append this draft's citations to the other record's draft, and delete this one.

    Returns the other draft and the position of the first citation moved. Only citations are moved:
    the rest may differ, and the deleted draft can be restored for comparison. Raises
    InvalidStateError if the other record does not exist or is being changed.
    """
    if not _can_be_same(draft, twin):
        raise InvalidStateError
    other = commands.begin_to_change(db, by, twin, draft.article or "")
    if other is None or not commands.may_write(by, other):
        raise InvalidStateError
    db.refresh(other, with_for_update=True)
    if other.state not in WRITABLE_STATES:
        raise InvalidStateError
    own, moved = other.document["citations"], _copy_citations(db, draft.document["citations"])
    if moved:
        other.document = {**other.document, "citations": [*own, *moved]}
        commands.next_revision(db, other, by, RevisionCause.SAVED, sheet=secrets.token_hex(8))
    commands.move(db, draft, by, commands.DELETE, words=twin)
    return other, len(own)


def _copy_citations(db: Session, citations: Sequence[Document]) -> list[Document]:
    """Return the citations with new ids, since the deleted draft keeps its own.

    References between them are kept.
    """
    filled = _filled(citations)
    ids = {row["id"]: public_ids.issue_id(db, RowKind.CITATION) for row in filled}
    return [
        {**row, ROW: new_key(), "id": ids[row["id"]], "about": ids.get(row["about"], "")}
        for row in filled
    ]


def _filled(citations: Sequence[Document]) -> list[Document]:
    return [row for row in citations if row["source"].strip() or row["paraphrase"].strip()]
