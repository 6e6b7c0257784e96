"""Two states of a draft side by side, in words: for who must choose between them, and for its history."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import EnumType
from itertools import islice
from typing import Any, get_args

from app.desk.draft_form.catalogue import Catalogue, words
from app.desk.draft_form.documents import ROW, YES, Document
from app.desk.draft_form.field_types import DATES, LISTS
from app.desk.draft_form.merge import Difference, Place, differences
from app.desk.draft_form.things import thing_named
from app.forms import Term
from app.forms.base import Form, is_private, rows_of
from app.i18n.translate import _
from app.vocabulary.code import Code

LONGEST = 300
"""Characters of a whole row: enough to know it again."""


PARTS_OF_A_NAME = 2
MOST_OF_A_NAME = 40
"""So many fields of a row, and letters of each, tell it from its neighbours."""


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


def compared(
    catalogue: Catalogue, form: type[Form], before: Document, after: Document
) -> list[Compared]:
    return [
        _compared(catalogue, form, before, after, each) for each in differences(form, before, after)
    ]


def to_choose(
    catalogue: Catalogue, form: type[Form], began: Document, theirs: Document, mine: Document
) -> list[Compared]:
    """Where two people's versions differ; what only one of them changed is taken from that one, unless they object."""
    sides = choices(form, began, theirs, mine)
    return [
        replace(each, choice=sides[each.name]) for each in compared(catalogue, form, theirs, mine)
    ]


def choices(form: type[Form], began: Document, theirs: Document, mine: Document) -> dict[str, str]:
    """Who of two changed what differs between them, by name: `mine`, `theirs`, or nothing where both did."""
    by_them = [each.place for each in differences(form, began, theirs)]
    by_me = [each.place for each in differences(form, began, mine)]
    found = {}
    for each in differences(form, theirs, mine):
        sides = {"theirs": _touched(each.place, by_them), "mine": _touched(each.place, by_me)}
        found[each.name] = (
            next(side for side, is_so in sides.items() if is_so) if sum(sides.values()) == 1 else ""
        )
    return found


def _touched(place: Place, changed: Iterable[Place]) -> bool:
    return any(place[: len(other)] == other or other[: len(place)] == place for other in changed)


def _compared(
    catalogue: Catalogue, form: type[Form], before: Document, after: Document, each: Difference
) -> Compared:
    described = None if each.is_row or each.is_order else each.form.model_fields[each.place[-1]]
    if each.is_order:
        texts = [_order(catalogue, state, each.place, form) for state in (before, after)]
    else:
        texts = [
            _shown(catalogue, each, whole, state)
            for whole, state in ((before, each.before), (after, each.after))
        ]
    return Compared(
        each.name,
        _(", ").join(_titles(form, each.place, after, before, catalogue=catalogue)),
        texts[0],
        texts[1],
        is_private=described is not None and is_private(described),
    )


def titles_of(form: type[Form], name: str, document: Document) -> str:
    """What a field's name means, in words; of no field, nothing."""
    return _(", ").join(_titles(form, tuple(name.split(".")), document)) if name else ""


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


def _titles(
    form: type[Form], place: Place, *states: Document, catalogue: Catalogue | None = None
) -> Iterator[str]:
    """What leads to a place, in words: "Citation 2", "What it says".

    With a catalogue a row is named too, as the last state has it, unless the place is the row.
    """
    rows: list[Sequence[Document]] = []
    for number, part in enumerate(place, 1):
        if rows:
            if part == "order":
                yield _("Order")
                return
            found = next(
                (index for some in rows for index, row in enumerate(some) if row[ROW] == part), 0
            )
            states = tuple(row for some in rows for row in some if row[ROW] == part)
            rows = []
            name = _called(catalogue, form, states[-1]) if catalogue and number < len(place) else ""
            yield (
                _("{number}: {row}").format(number=found + 1, row=name) if name else str(found + 1)
            )
            continue
        described = form.model_fields[part]
        yield _(described.title or "")
        if child := rows_of(described):
            form, rows = child, [state[part] for state in states]


def _shown(
    catalogue: Catalogue, each: Difference, whole: Document, state: str | Document | None
) -> str:
    match state:
        case None:
            return _("not there")
        case "":
            return text_of(each.form, each.place[-1], state) or _("empty")
        case str():
            return in_words(catalogue, each.form, each.place[-1], holding(whole, each.place))
    return _(" · ").join(_row(catalogue, each.form, state))[:LONGEST] or _("empty")


def _row(catalogue: Catalogue, form: type[Form], row: Document) -> Iterator[str]:
    for name, described in form.model_fields.items():
        if child := rows_of(described):
            for inner in row[name]:
                yield from _row(catalogue, child, inner)
        elif row[name]:
            yield in_words(catalogue, form, name, row)


def holding(document: Document, place: Sequence[str]) -> Document:
    """The document or row in which a field stands."""
    for name, key in zip(place[:-1:2], place[1:-1:2], strict=True):
        document = next(row for row in document[name] if row[ROW] == key)
    return document


def _called(catalogue: Catalogue, form: type[Form], row: Document) -> str:
    """A row by what it begins with: "Place · Dandong"."""
    said = (
        _shortened(_meaning(catalogue, form, name, row)[0])
        for name, described in form.model_fields.items()
        if name != "id" and not rows_of(described) and not is_private(described) and row[name]
    )
    return _(" · ").join(islice(said, PARTS_OF_A_NAME))


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_OF_A_NAME else f"{text[: MOST_OF_A_NAME - 1].rstrip()}…"


def in_words(catalogue: Catalogue, form: type[Form], name: str, row: Document) -> str:
    return _with_code(*_meaning(catalogue, form, name, row))


def _meaning(catalogue: Catalogue, form: type[Form], name: str, row: Document) -> tuple[str, str]:
    """What a field says, in words, and the code, id or date that stands for it."""
    text: str = row[name].strip()
    if thing := thing_named(form, name, row):
        meant = catalogue.meant(thing, text)
        return catalogue.label(meant, thing) if meant else text, meant
    of_list = row["key"] if form is Term and name == "code" else LISTS.get((form, name))
    if of_list:
        return catalogue.directory.label(of_list, text), text
    if name in DATES:
        return words(text), text
    return text_of(form, name, row[name]), ""


def _with_code(label: str, code: str) -> str:
    return (
        _("{label} ({code})").format(label=label, code=code)
        if code and label != code
        else label or code
    )


def text_of(form: type[Form], name: str, text: str) -> str:
    """A field as it is read: codes and marks in words."""
    described = form.model_fields[name]
    if described.annotation is bool:
        return _("yes") if text == YES else _("no")
    for kind in (described.annotation, *get_args(described.annotation)):
        if isinstance(kind, EnumType) and issubclass(kind, Code) and text in kind.by_code():
            return _(kind.by_code()[text].label)
    return text


def _order(catalogue: Catalogue, state: Document, place: Place, form: type[Form]) -> str:
    """The rows in their order, each by what it begins with."""
    rows: Any = state
    for part in place[:-1]:
        rows = (
            next(row for row in rows if row[ROW] == part) if isinstance(rows, list) else rows[part]
        )
        form = form if isinstance(rows, dict) else rows_of(form.model_fields[part]) or form
    return _(" · ").join(next(_row(catalogue, form, row), _("empty"))[:40] for row in rows)
