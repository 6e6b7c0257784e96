"""Two states of a draft side by side, in words: for who must choose between them, and for its history."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import EnumType
from typing import Any, get_args

from app.desk.drafts.differences import Difference, Place, differences
from app.desk.drafts.documents import ROW, YES, Document
from app.forms.base import Form, is_private, rows_of
from app.language import _
from app.vocabulary import Code

LONGEST = 300
"""Characters of a whole row: enough to know it again."""


Called = Callable[[type[Form], Document], str]
"""How a row is called, by what stands in it."""


@dataclass(frozen=True)
class Compared:
    """One field, row or order of rows in two states."""

    name: str
    title: str
    before: str
    after: str
    is_private: bool
    choice: str = ""
    """`mine` or `theirs` where only one of two people changed it; nothing where both did."""


def compared(form: type[Form], before: Document, after: Document) -> list[Compared]:
    return [_compared(form, before, after, each) for each in differences(form, before, after)]


def to_choose(form: type[Form], began: Document, theirs: Document, mine: Document) -> list[Compared]:
    """Where two people's versions differ; what only one of them changed is taken from that one, unless they object."""
    by_them = [each.place for each in differences(form, began, theirs)]
    by_me = [each.place for each in differences(form, began, mine)]
    found = []
    for each in differences(form, theirs, mine):
        sides = {"theirs": _touched(each.place, by_them), "mine": _touched(each.place, by_me)}
        choice = next(side for side, is_so in sides.items() if is_so) if sum(sides.values()) == 1 else ""
        shown = _compared(form, theirs, mine, each)
        found.append(Compared(shown.name, shown.title, shown.before, shown.after, shown.is_private, choice))
    return found


def _touched(place: Place, changed: Iterable[Place]) -> bool:
    return any(place[: len(other)] == other or other[: len(place)] == place for other in changed)


def _compared(form: type[Form], before: Document, after: Document, each: Difference) -> Compared:
    described = None if each.is_row or each.is_order else each.form.model_fields[each.place[-1]]
    if each.is_order:
        texts = [_order(state, each.place, form) for state in (before, after)]
    else:
        texts = [_shown(each, state) for state in (each.before, each.after)]
    return Compared(
        each.name,
        _(", ").join(titles(form, each.place, after, before)),
        texts[0],
        texts[1],
        is_private=described is not None and is_private(described),
    )


def titles_of(form: type[Form], name: str, document: Document) -> str:
    """What a field's name means, in words; of no field, nothing."""
    return _(", ").join(titles(form, tuple(name.split(".")), document)) if name else ""


def errors_in_words(form: type[Form], errors: Mapping[str, str], document: Document) -> list[str]:
    """Each with the field that it is of; errors name rows by their order, as a form does."""
    named = {path: titles_of(form, _by_keys(path, document), document) for path in errors}
    return [f"{title}: {errors[path]}" if title else errors[path] for path, title in named.items()]


def _by_keys(path: str, document: Document) -> str:
    keys: list[str] = []
    here: Any = document
    for part in path.split(".") if path else ():
        here = here[int(part)] if isinstance(here, list) else here[part]
        keys.append(here[ROW] if part.isdigit() else part)
    return ".".join(keys)


def titles(form: type[Form], place: Place, *states: Document, called: Called | None = None) -> Iterator[str]:
    """What leads to a place, in words: "Citation 2", "What it says".

    With `called`, a row is named too, as the last state has it, unless the place is the row.
    """
    rows: list[Sequence[Document]] = []
    for number, part in enumerate(place, 1):
        if rows:
            if part == "order":
                yield _("Order")
                return
            found = next((index for some in rows for index, row in enumerate(some) if row[ROW] == part), 0)
            states = tuple(row for some in rows for row in some if row[ROW] == part)
            rows = []
            name = called(form, states[-1]) if called and number < len(place) else ""
            yield _("{number}: {row}").format(number=found + 1, row=name) if name else str(found + 1)
            continue
        described = form.model_fields[part]
        yield _(described.title or "")
        if child := rows_of(described):
            form, rows = child, [state[part] for state in states]


def _shown(each: Difference, state: str | Document | None) -> str:
    match state:
        case None:
            return _("not there")
        case str():
            return text_of(each.form, each.place[-1], state) or _("empty")
    return _(" · ").join(_row(each.form, state))[:LONGEST] or _("empty")


def _row(form: type[Form], row: Document) -> Iterator[str]:
    for name, described in form.model_fields.items():
        if child := rows_of(described):
            for inner in row[name]:
                yield from _row(child, inner)
        elif row[name]:
            yield text_of(form, name, row[name])


def text_of(form: type[Form], name: str, text: str) -> str:
    """A field as it is read: codes and marks in words."""
    described = form.model_fields[name]
    if described.annotation is bool:
        return _("yes") if text == YES else _("no")
    for kind in (described.annotation, *get_args(described.annotation)):
        if isinstance(kind, EnumType) and issubclass(kind, Code) and text in kind.by_code():
            return _(kind.by_code()[text].label)
    return text


def _order(state: Document, place: Place, form: type[Form]) -> str:
    """The rows in their order, each by what it begins with."""
    rows: Any = state
    for part in place[:-1]:
        rows = next(row for row in rows if row[ROW] == part) if isinstance(rows, list) else rows[part]
        form = form if isinstance(rows, dict) else rows_of(form.model_fields[part]) or form
    return _(" · ").join(next(_row(form, row), _("empty"))[:40] for row in rows)
