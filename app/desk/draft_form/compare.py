"""Compare two states of a draft in words, for conflicts and for its history."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import EnumType
from itertools import islice
from typing import Any, get_args

from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.date_words import words
from app.desk.draft_form.documents import ROW, YES, Document
from app.desk.draft_form.merge import differences
from app.desk.draft_form.proposals import code_list
from app.desk.draft_form.things import thing_named
from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.kinds.base import Form, Holds, holds, is_private, rows_of
from app.kinds.diff import ORDER, DocumentDifference, FieldPath
from app.vocabulary.code import Code

MAX_ROW_CHARACTERS = 300
"""Characters of a whole row that are shown."""


MAX_FIELDS_IN_NAME = 2
MAX_CHARACTERS_OF_FIELD = 40
"""Limits for naming a row: fields, and characters of each."""


@dataclass(frozen=True)
class ComparedField:
    """One field, row or order of rows in two states."""

    name: str
    title: str
    before: str
    after: str
    is_private: bool
    choice: str = ""
    """`mine` or `theirs` if only one of two people changed it; empty if both did."""


def compare_documents(
    catalogue: Catalogue, form: type[Form], before: Document, after: Document
) -> list[ComparedField]:
    return [
        compare_field(catalogue, form, before, after, each)
        for each in differences(form, before, after)
    ]


def differences_to_choose(
    catalogue: Catalogue, form: type[Form], began: Document, theirs: Document, mine: Document
) -> list[ComparedField]:
    """Return where two versions differ; a side is preselected if only that one changed it."""
    sides = changed_by(form, began, theirs, mine)
    return [
        replace(each, choice=sides[each.name])
        for each in compare_documents(catalogue, form, theirs, mine)
    ]


def changed_by(
    form: type[Form], began: Document, theirs: Document, mine: Document
) -> dict[str, str]:
    """Return by field who changed it: `mine`, `theirs`, or "" if both did."""
    changed_by_them = [each.place for each in differences(form, began, theirs)]
    changed_by_me = [each.place for each in differences(form, began, mine)]
    by_name = {}
    for each in differences(form, theirs, mine):
        sides = {
            "theirs": _is_touched(each.place, changed_by_them),
            "mine": _is_touched(each.place, changed_by_me),
        }
        by_name[each.name] = (
            next(side for side, is_changed in sides.items() if is_changed)
            if sum(sides.values()) == 1
            else ""
        )
    return by_name


def _is_touched(place: FieldPath, changed: Iterable[FieldPath]) -> bool:
    return any(place[: len(other)] == other or other[: len(place)] == place for other in changed)


def compare_field(
    catalogue: Catalogue,
    form: type[Form],
    before: Document,
    after: Document,
    each: DocumentDifference,
) -> ComparedField:
    """Return a difference of two documents in words."""
    name = each.place[-1]
    match each.kind:
        case "changed":
            texts = [_field_text(catalogue, each.form, name, holder) for holder in each.holders]
        case "moved":
            texts = [
                _rows_in_order(catalogue, each.form, rows) for rows in (each.before, each.after)
            ]
        case _:
            texts = [_row_text(catalogue, each.form, row) for row in (each.before, each.after)]
    return ComparedField(
        each.name,
        enumerate_words(_titles(form, each.place, after, before, catalogue=catalogue)),
        texts[0],
        texts[1],
        is_private=each.kind == "changed" and is_private(each.form.model_fields[name]),
    )


def title_of_path(form: type[Form], name: str, document: Document) -> str:
    """Return the title of a field's path, in words."""
    return enumerate_words(_titles(form, tuple(name.split(".")), document)) if name else ""


def errors_in_words(form: type[Form], errors: Mapping[str, str], document: Document) -> list[str]:
    """Return each error with the title of its field. Paths name rows by position."""
    named = {path: title_of_path(form, _path_by_keys(path, document), document) for path in errors}
    return [f"{title}: {errors[path]}" if title else errors[path] for path, title in named.items()]


def _path_by_keys(path: str, document: Document) -> str:
    keys: list[str] = []
    value: Any = document
    for part in path.split(".") if path else ():
        value = value[int(part)] if isinstance(value, list) else value[part]
        keys.append(value[ROW] if part.isdigit() else part)
    return ".".join(keys)


def _titles(
    form: type[Form], place: FieldPath, *states: Document, catalogue: Catalogue | None = None
) -> Iterator[str]:
    """Yield the titles along a path: "Citation 2", "What it says".

    With a catalogue, rows inside the path also get a name, from the last state.
    """
    rows: list[Sequence[Document]] = []
    for number, part in enumerate(place, 1):
        if rows:
            if part == ORDER:
                yield _("Order")
                return
            position = next(
                (
                    index
                    for rows_of_state in rows
                    for index, row in enumerate(rows_of_state)
                    if row[ROW] == part
                ),
                0,
            )
            states = tuple(
                row for rows_of_state in rows for row in rows_of_state if row[ROW] == part
            )
            rows = []
            name = (
                _row_name(catalogue, form, states[-1]) if catalogue and number < len(place) else ""
            )
            yield (
                _("{number}: {row}").format(number=position + 1, row=name)
                if name
                else str(position + 1)
            )
            continue
        field_info = form.model_fields[part]
        yield _(field_info.title or "")
        if child := rows_of(field_info):
            form, rows = child, [state[part] for state in states]


def _field_text(catalogue: Catalogue, form: type[Form], name: str, row: Document) -> str:
    if row[name]:
        return field_in_words(catalogue, form, name, row)
    return text_of(form, name, "") or _("empty")


def _row_text(catalogue: Catalogue, form: type[Form], row: Document | None) -> str:
    if row is None:
        return _("not there")
    return _(" · ").join(_row_values(catalogue, form, row))[:MAX_ROW_CHARACTERS] or _("empty")


def _row_values(catalogue: Catalogue, form: type[Form], row: Document) -> Iterator[str]:
    for name, field_info in form.model_fields.items():
        if child := rows_of(field_info):
            for inner in row[name]:
                yield from _row_values(catalogue, child, inner)
        elif row[name]:
            yield field_in_words(catalogue, form, name, row)


def _row_name(catalogue: Catalogue, form: type[Form], row: Document) -> str:
    """Name a row by the field that its form chooses, or its first values: "Place · Dandong"."""
    names = [name for name in form.NAMED_BY if row[name]][:1] or [
        name
        for name, field_info in form.model_fields.items()
        if name != "id" and not rows_of(field_info) and not is_private(field_info) and row[name]
    ]
    values = (_shorten(_words_and_code(catalogue, form, name, row)[0]) for name in names)
    return _(" · ").join(islice(values, MAX_FIELDS_IN_NAME))


def _shorten(text: str) -> str:
    return (
        text
        if len(text) <= MAX_CHARACTERS_OF_FIELD
        else f"{text[: MAX_CHARACTERS_OF_FIELD - 1].rstrip()}…"
    )


def field_in_words(catalogue: Catalogue, form: type[Form], name: str, row: Document) -> str:
    return _with_code(*_words_and_code(catalogue, form, name, row))


def _words_and_code(
    catalogue: Catalogue, form: type[Form], name: str, row: Document
) -> tuple[str, str]:
    """Return a field's value in words, and its code, id or date."""
    text: str = row[name].strip()
    if thing := thing_named(form, name, row):
        meant = catalogue.meant(thing, text)
        return catalogue.label(meant, thing) if meant else text, meant
    if of_list := code_list(form, name, row):
        code = catalogue.code(of_list, text)
        return code.label if code else catalogue.directory.label(of_list, text), text
    if holds(form.model_fields[name], Holds.DATE):
        return words(text), text
    return text_of(form, name, row[name]), ""


def _with_code(label: str, code: str) -> str:
    return (
        _("{label} ({code})").format(label=label, code=code)
        if code and label != code
        else label or code
    )


def text_of(form: type[Form], name: str, text: str) -> str:
    """Return a field's text, with codes and booleans in words."""
    field_info = form.model_fields[name]
    if field_info.annotation is bool:
        return _("yes") if text == YES else _("no")
    for kind in (field_info.annotation, *get_args(field_info.annotation)):
        if isinstance(kind, EnumType) and issubclass(kind, Code) and text in kind.by_code():
            return _(kind.by_code()[text].label)
    return text


def _rows_in_order(catalogue: Catalogue, form: type[Form], rows: Iterable[Document]) -> str:
    """Name the rows, in their order."""
    return _(" · ").join(
        _row_name(catalogue, form, row)
        if form.NAMED_BY
        else next(_row_values(catalogue, form, row), _("empty"))[:MAX_CHARACTERS_OF_FIELD]
        for row in rows
    )
