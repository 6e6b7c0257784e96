"""Combine two documents as chosen, and undo the combination."""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.compare import choices
from app.desk.draft_form.documents import ROW, Document
from app.desk.draft_form.merge import Place, differences, merged
from app.desk.drafts.alignment import aligned, told_apart
from app.desk.review.field_changes import Change, changes
from app.forms import Form

FIXED = {"id", "code", "slug"}
"""Fields that identify a record and stay with its id."""


def fingerprint(*documents: Document) -> str:
    """Return a hash by which a posted form proves that the records are unchanged."""
    return hashlib.sha256(json.dumps(documents, sort_keys=True).encode()).hexdigest()[:16]


def side_by_side(
    catalogue: Catalogue, form: type[Form], first: Document, second: Document
) -> Sequence[Change]:
    """Return the differences: fields with two values, and rows that only one record has."""
    found = changes(catalogue, form, first, told_apart(form, second, first))
    return [each for each in found if each.place not in FIXED and each.kind != "moved"]


@dataclass(frozen=True)
class Taken:
    """The editor's choices, by place as in `side_by_side`."""

    first: str
    """Id of the record whose values are used unless chosen otherwise."""
    places: frozenset[str]
    """Fields that get the second record's value, and rows that the merged record includes."""


def combined(
    form: type[Form], first: Document, second: Document, kept: Document, places: Collection[str]
) -> Document:
    """Return both documents as one, with the identifiers of `kept`."""
    other = told_apart(form, second, first)
    rows_of_first = {
        each.place for each in differences(form, first, other) if each.is_row and each.after is None
    }

    def is_seconds(place: Place) -> bool:
        return (".".join(place) in places) != (place in rows_of_first)

    document = merged(form, first, other, is_seconds)
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
    return {**document, **{name: kept[name] for name in FIXED if name in kept}}


def without(form: type[Form], before: Document, after: Document, now: Document) -> Document:
    """Return what a record says now, without the effects of the merge.

    Later changes stay, except rows that came from the other record: they return there.
    """
    state_after_merge = aligned(form, after, now)
    state_before_merge = aligned(form, before, state_after_merge)
    sides = choices(form, state_after_merge, state_before_merge, now)
    rows_from_other = {
        each.place
        for each in differences(form, state_before_merge, state_after_merge)
        if each.is_row and each.before is None
    }
    return merged(
        form,
        state_before_merge,
        now,
        lambda place: sides.get(".".join(place)) != "theirs" and place not in rows_from_other,
    )
