"""The differences between two documents of one form, by field and row.

Drafts, reviews, merges and the public changelog word them, each in its own way.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from app.kinds.base import Form, rows_of

Fields = Mapping[str, Any]
"""A form, or one of its rows, as JSON. Fields may be missing."""

FieldPath = tuple[str, ...]
"""A field's path by names and row keys: `("citations", "3f0c", "paraphrase")`."""

ORDER = "order"


@dataclass(frozen=True)
class DocumentDifference:
    """A field, a row, the order of rows, or all rows without a key; None if a side has no row."""

    kind: Literal["changed", "added", "removed", "moved", "replaced"]
    place: FieldPath
    form: type[Form]
    """The form of the field or of the rows."""
    before: Any
    after: Any
    holders: Sequence[Any] = ()
    """The documents or rows that hold the field, before and after."""

    @property
    def name(self) -> str:
        return ".".join(self.place)


def differences(
    form: type[Form], before: Fields, after: Fields, key: str, at: FieldPath = ()
) -> Iterator[DocumentDifference]:
    """Yield the differences in the order of the form's fields.

    Rows are matched by their value of `key`, so that a moved row is still the same row.
    """
    for name, field in form.model_fields.items():
        was, now, place = before.get(name), after.get(name), (*at, name)
        if was == now:
            continue
        if child := rows_of(field):
            yield from _row_differences(child, was or (), now or (), key, place)
        else:
            yield DocumentDifference("changed", place, form, was, now, (before, after))


def _row_differences(
    form: type[Form], was: Sequence[Fields], now: Sequence[Fields], key: str, place: FieldPath
) -> Iterator[DocumentDifference]:
    old, new = ({row[key]: row for row in rows if key in row} for rows in (was, now))
    for of_row in dict.fromkeys([*old, *new]):
        path = (*place, of_row)
        if of_row not in new:
            yield DocumentDifference("removed", path, form, old[of_row], None)
        elif of_row not in old:
            yield DocumentDifference("added", path, form, None, new[of_row])
        else:
            yield from differences(form, old[of_row], new[of_row], key, path)
    if [each for each in old if each in new] != [each for each in new if each in old]:
        yield DocumentDifference("moved", (*place, ORDER), form, was, now)
    removed = [row for row in was if key not in row and row not in now]
    added = [row for row in now if key not in row and row not in was]
    if removed or added:
        yield DocumentDifference("replaced", place, form, removed, added)
