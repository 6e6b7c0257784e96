"""What is not the same in two states of a document, field by field and row by row, and one document made of both.

Rows are known by their keys, so that a row that moved is the same row, and one that was taken out is said to be so.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.desk.draft_form.documents import ROW, Document
from app.forms.base import Form, rows_of

Place = tuple[str, ...]
"""A field by the names and keys that lead to it, such as `("citations", "3f0c", "paraphrase")`."""

Choice = Callable[[Place], bool]

ORDER = "order"


@dataclass(frozen=True)
class Difference:
    """One field, one whole row or the order of rows, in either state; None where there is no such row."""

    place: Place
    form: type[Form]
    """That of the field, or of the row."""
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
    form: type[Form], before: Document, after: Document, at: Place = ()
) -> Iterator[Difference]:
    for name, described in form.model_fields.items():
        here = (*at, name)
        child = rows_of(described)
        if child is None:
            if before[name] != after[name]:
                yield Difference(here, form, before[name], after[name])
            continue
        old, new = _by_key(before[name]), _by_key(after[name])
        for key in [*old, *(key for key in new if key not in old)]:
            if key in old and key in new:
                yield from differences(child, old[key], new[key], (*here, key))
            else:
                yield Difference((*here, key), child, old.get(key), new.get(key))
        orders = [" ".join(key for key in some if key in old and key in new) for some in (old, new)]
        if orders[0] != orders[1]:
            yield Difference((*here, ORDER), child, *orders)


def merged(form: type[Form], theirs: Document, mine: Document, is_mine: Choice) -> Document:
    """One document of two: where they differ, mine or theirs, as somebody chose."""
    return _merged(form, theirs, mine, is_mine, ())


def _merged(
    form: type[Form], theirs: Document, mine: Document, is_mine: Choice, at: Place
) -> Document:
    document: Document = {ROW: theirs[ROW]} if ROW in theirs else {}
    for name, described in form.model_fields.items():
        here = (*at, name)
        child = rows_of(described)
        if child is None:
            document[name] = (
                mine[name] if theirs[name] != mine[name] and is_mine(here) else theirs[name]
            )
            continue
        old, new = _by_key(theirs[name]), _by_key(mine[name])
        rows = []
        for key in _in_order(list(old), list(new), is_mine((*here, ORDER))):
            if key in old and key in new:
                rows.append(_merged(child, old[key], new[key], is_mine, (*here, key)))
            elif (key in new) == is_mine((*here, key)):
                rows.append(new[key] if key in new else old[key])
        document[name] = rows
    return document


def _in_order(old: Sequence[str], new: Sequence[str], is_new: bool) -> list[str]:
    """The keys of both: in the order of one of them, what only the other has after what it follows there."""
    first, second = (new, old) if is_new else (old, new)
    keys = list(first)
    for index, key in enumerate(second):
        if key not in keys:
            keys.insert(keys.index(second[index - 1]) + 1 if index else 0, key)
    return keys


def _by_key(rows: Sequence[Document]) -> dict[str, Document]:
    return {row[ROW]: row for row in rows}
