"""Diff two documents of drafts by field and row, and merge them."""

from collections.abc import Callable, Iterator, Sequence

from app.desk.draft_form.documents import ROW, Document
from app.kinds import diff
from app.kinds.base import Form, rows_of
from app.kinds.diff import ORDER, DocumentDifference, FieldPath

SideChooser = Callable[[FieldPath], bool]


def differences(
    form: type[Form], before: Document, after: Document
) -> Iterator[DocumentDifference]:
    return diff.differences(form, before, after, key=ROW)


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
