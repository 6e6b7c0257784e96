"""Combine two documents as chosen, and undo the combination."""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.compare import FieldChange, changes
from app.documents import (
    MINE,
    ROW,
    THEIRS,
    Document,
    align_rows,
    changed_by,
    differences,
    merge_documents,
)
from app.kinds import Form

IDENTIFIERS = {"id", "code", "slug"}
"""Fields that identify a record and stay with its id."""


def fingerprint(*documents: Document) -> str:
    """Return a hash by which a posted form proves that the records are unchanged."""
    return hashlib.sha256(json.dumps(documents, sort_keys=True).encode()).hexdigest()[:16]


def side_by_side(
    catalogue: Catalogue, form: type[Form], first: Document, second: Document
) -> Sequence[FieldChange]:
    """Return the differences: fields with two values, and rows that only one record has."""
    found = changes(catalogue, form, first, align_rows(form, second, first, only_equal=True))
    return [each for each in found if each.place not in IDENTIFIERS and each.kind != "moved"]


@dataclass(frozen=True)
class Choices:
    """The editor's choices, by place as in `side_by_side`."""

    first: str
    """Id of the record whose values are used unless chosen otherwise."""
    places: frozenset[str]
    """Fields that get the second record's value, and rows that the merged record includes."""


def combine(
    form: type[Form], first: Document, second: Document, kept: Document, places: Collection[str]
) -> Document:
    """Return both documents as one, with the identifiers of `kept`."""
    other = align_rows(form, second, first, only_equal=True)
    rows_of_first = {
        each.name for each in differences(form, first, other) if each.kind == "removed"
    }
    # A row that only the first record has stays if it is chosen: its place takes no second side.
    document = merge_documents(
        form, first, other, dict.fromkeys(rows_of_first.symmetric_difference(places), MINE)
    )
    for name, rows in first.items():
        if isinstance(rows, list):
            keys_of_first = [row[ROW] for row in rows]
            document[name].sort(
                key=lambda row: (
                    keys_of_first.index(row[ROW])
                    if row[ROW] in keys_of_first
                    else len(keys_of_first)
                )
            )
    if "copies" in document:
        document["copies"] = _renumbered(document["copies"], kept["copies"])
    return {**document, **{name: kept[name] for name in IDENTIFIERS if name in kept}}


def _renumbered(copies: Sequence[Document], kept: Sequence[Document]) -> list[Document]:
    """Return the copies without numbers that the kept source has given to others.

    Its citations name them; the other source's copies get new numbers when this is saved.
    """
    own = [_without_key(copy) for copy in kept]
    taken = {copy["id"] for copy in kept}
    return [
        copy if _without_key(copy) in own or copy["id"] not in taken else {**copy, "id": ""}
        for copy in copies
    ]


def _without_key(row: Document) -> Document:
    return {name: value for name, value in row.items() if name != ROW}


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
