"""Rows of two states of a record: which row of the one is which row of the other."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from app.kinds import Form, is_private, public
from app.kinds.base import rows_of
from app.vocabulary.code import Code

F = TypeVar("F", bound=Form)


class PrivateValueLossError(ValueError):
    """A row with private values has no counterpart in an import, which has no private columns."""

    def __init__(self, field: str, row: Form) -> None:
        texts = [
            str(value)
            for name in type(row).model_fields
            if (value := getattr(public(row), name)) and value != []
        ]
        super().__init__(
            f"what the desk alone knows of “{' · '.join(texts[:2])}” would be lost, since no row "
            "here is the same: change that one at the desk"
        )
        self.field = field


def add_private_values(form: F, old: Form, *, loses_nothing: bool = False) -> F:
    """Add the private values of `old` to a form from a format without them, and validate again.

    With `loses_nothing`, an edited row without an id is matched by position, and a private value
    without a matching row raises PrivateValueLossError.
    """
    both = _with_private(form, old, loses_nothing)
    return form if both == form else type(form).model_validate(both.model_dump())


def _with_private(form: F, old: Form, loses_nothing: bool) -> F:
    values: dict[str, Any] = {}
    for name, field in type(form).model_fields.items():
        old_value = getattr(old, name, None)
        if is_private(field):
            values[name] = getattr(form, name) or old_value
        elif rows_of(field) and old_value:
            rows = getattr(form, name)
            matches = match_earlier_rows(
                [getattr(row, "id", "") for row in rows], old_value, _has_same_public_values(rows)
            )
            if loses_nothing:
                matches = _match_all(name, rows, old_value, matches)
            values[name] = [
                _with_private(row, match, loses_nothing) if match else row
                for row, match in zip(rows, matches, strict=True)
            ]
    return form.model_copy(update=values)


def _match_all(
    field: str, rows: Sequence[F], old_rows: Sequence[F], matches: Sequence[F | None]
) -> list[F | None]:
    """Pair each row with its previous version, also if the row was edited.

    An edited row must keep its position and at least one value. Otherwise a row with private values
    raises PrivateValueLossError.
    """
    found = list(matches)
    for at, old in enumerate(old_rows):
        if public(old) == old or any(old is each for each in matches):
            continue
        is_in_place = len(rows) == len(old_rows) and found[at] is None
        if not is_in_place or not _share_a_value(rows[at], old):
            raise PrivateValueLossError(field, old)
        found[at] = old
    return found


def _share_a_value(row: F, old: F) -> bool:
    if getattr(row, "id", "") or getattr(old, "id", ""):
        return False
    # A shared code, such as the role of a speaker, does not identify a row.
    old_values = (
        (name, value) for name, value in public(old) if value and not isinstance(value, Code)
    )
    return any(value == getattr(row, name) for name, value in old_values)


def _has_same_public_values(rows: Sequence[Form]) -> Callable[[int, Form], bool]:
    return lambda index, old: public(rows[index]) == public(old)


def match_earlier_rows(
    ids: Sequence[str], old_rows: Sequence[F], is_same: Callable[[int, F], bool]
) -> list[F | None]:
    """Return the previous version of each row, or None.

    Rows match by id, or without an id by `is_same`. Each previous row is used once. Positions are
    ignored, because an inserted or deleted row shifts all rows after it.
    """
    by_id = {getattr(row, "id", ""): row for row in old_rows}
    left = [
        row for row in old_rows if not getattr(row, "id", "") or getattr(row, "id", "") not in ids
    ]
    found: list[F | None] = []
    for index, id in enumerate(ids):
        if id:
            found.append(by_id.get(id))
            continue
        at = next((at for at, row in enumerate(left) if is_same(index, row)), None)
        found.append(None if at is None else left.pop(at))
    return found
