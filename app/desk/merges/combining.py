"""One document of two records, as somebody chose; and of a merged one, what it says without the other."""

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
"""What a record is known by is not chosen: it stays with the id that stays."""


def fingerprint(*documents: Document) -> str:
    """By which a page that comes back knows whether the records are still as it showed them."""
    return hashlib.sha256(json.dumps(documents, sort_keys=True).encode()).hexdigest()[:16]


def side_by_side(
    catalogue: Catalogue, form: type[Form], first: Document, second: Document
) -> Sequence[Change]:
    """In what the two differ: fields with a value in each, and rows that only one of them has."""
    found = changes(catalogue, form, first, told_apart(form, second, first))
    return [each for each in found if each.place not in FIXED and each.kind != "moved"]


@dataclass(frozen=True)
class Taken:
    """What somebody chose of two records: by place, as `side_by_side` names them."""

    first: str
    """The id of the record whose values stand unless they are named."""
    places: frozenset[str]
    """Fields with the second's value, and those rows of either that are in both as one."""


def combined(
    form: type[Form], first: Document, second: Document, kept: Document, places: Collection[str]
) -> Document:
    """Both in one, under the id of `kept`."""
    other = told_apart(form, second, first)
    rows_of_first = {
        each.place for each in differences(form, first, other) if each.is_row and each.after is None
    }

    def is_seconds(place: Place) -> bool:
        return (".".join(place) in places) != (place in rows_of_first)

    document = merged(form, first, other, is_seconds)
    for name, rows in first.items():
        if isinstance(rows, list):
            firsts = [row[ROW] for row in rows]
            document[name].sort(
                key=lambda row: firsts.index(row[ROW]) if row[ROW] in firsts else len(firsts)
            )
    return {**document, **{name: kept[name] for name in FIXED if name in kept}}


def without(form: type[Form], before: Document, after: Document, now: Document) -> Document:
    """What a record says now, without what the merge did to it. What was written since stays, but for rows that came
    from the other: those go back there."""
    began = aligned(form, after, now)
    restored = aligned(form, before, began)
    sides = choices(form, began, restored, now)
    came = {
        each.place
        for each in differences(form, restored, began)
        if each.is_row and each.before is None
    }
    return merged(
        form,
        restored,
        now,
        lambda place: sides.get(".".join(place)) != "theirs" and place not in came,
    )
