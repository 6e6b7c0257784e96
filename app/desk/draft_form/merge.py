"""Diff two documents by field and row, and merge them.

Rows are matched by their keys, so that a moved row is still the same row.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.desk.draft_form.documents import ROW, Document
from app.forms.base import Form, rows_of

FieldPath = tuple[str, ...]
"""A field's path by names and row keys: `("citations", "3f0c", "paraphrase")`."""

SideChooser = Callable[[FieldPath], bool]

ORDER = "order"


@dataclass(frozen=True)
class MergeDifference:
    """A field, a row or the order of rows in both states; None where the row is missing."""

    place: FieldPath
    form: type[Form]
    """The form of the field or of the row."""
    before: str | Document | None
    after: str | Document | None

    @property
    def name(self) -> str:
        return ".".join(self.place)

    @property
    def is_row(self) -> bool:
        return not isinstance(self.before, str) and not isinstance(self.after, str)

    @property
    def is_order(self) -> bool:
        return self.place[-1] == ORDER


def differences(
    form: type[Form], before: Document, after: Document, at: FieldPath = ()
) -> Iterator[MergeDifference]:
    for name, field_info in form.model_fields.items():
        path = (*at, name)
        child = rows_of(field_info)
        if child is None:
            if before[name] != after[name]:
                yield MergeDifference(path, form, before[name], after[name])
            continue
        old, new = _by_key(before[name]), _by_key(after[name])
        for key in [*old, *(key for key in new if key not in old)]:
            if key in old and key in new:
                yield from differences(child, old[key], new[key], (*path, key))
            else:
                yield MergeDifference((*path, key), child, old.get(key), new.get(key))
        orders = [" ".join(key for key in keys if key in old and key in new) for keys in (old, new)]
        if orders[0] != orders[1]:
            yield MergeDifference((*path, ORDER), child, *orders)


def merge_documents(
    form: type[Form], theirs: Document, mine: Document, is_mine: SideChooser
) -> Document:
    """Merge two documents; where they differ, take mine or theirs."""
    return _merged(form, theirs, mine, is_mine, ())


def _merged(
    form: type[Form], theirs: Document, mine: Document, is_mine: SideChooser, at: FieldPath
) -> Document:
    document: Document = {ROW: theirs[ROW]} if ROW in theirs else {}
    for name, field_info in form.model_fields.items():
        path = (*at, name)
        child = rows_of(field_info)
        if child is None:
            document[name] = (
                mine[name] if theirs[name] != mine[name] and is_mine(path) else theirs[name]
            )
            continue
        old, new = _by_key(theirs[name]), _by_key(mine[name])
        rows = []
        for key in _merge_order(list(old), list(new), is_mine((*path, ORDER))):
            if key in old and key in new:
                rows.append(_merged(child, old[key], new[key], is_mine, (*path, key)))
            elif (key in new) == is_mine((*path, key)):
                rows.append(new[key] if key in new else old[key])
        document[name] = rows
    return document


def _merge_order(old: Sequence[str], new: Sequence[str], is_new: bool) -> list[str]:
    """Return the keys of both, in the order of one.

    Keys that only the other has follow their predecessor there.
    """
    first, second = (new, old) if is_new else (old, new)
    keys = list(first)
    for index, key in enumerate(second):
        if key not in keys:
            keys.insert(keys.index(second[index - 1]) + 1 if index else 0, key)
    return keys


def _by_key(rows: Sequence[Document]) -> dict[str, Document]:
    return {row[ROW]: row for row in rows}
