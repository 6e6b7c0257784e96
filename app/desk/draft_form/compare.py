"""Two states of a document in words: for conflicts, histories, reviews and merges."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from app.desk.draft_form.catalogue import THING_OF_KIND, Catalogue
from app.documents import (
    Document,
    DocumentDifference,
    Names,
    differences,
    field_in_words,
    name_of_row,
    title_of_place,
)
from app.i18n.translate import _
from app.kinds import Form, is_private
from app.kinds.base import notes, rows_of


def names_in(catalogue: Catalogue) -> Names:
    """Return the labels and codes of what texts name, by the approved records and drafts."""

    def named(vocabulary: str, text: str) -> tuple[str, str]:
        if vocabulary in THING_OF_KIND.values():
            meant = catalogue.meant(vocabulary, text)
            return catalogue.label(meant, vocabulary) if meant else text, meant
        return catalogue.directory.label(vocabulary, text), text

    return named


# Side by side, with marked words ----------------------------------------------------------------

# Chinese and Japanese have no spaces, so they are compared by character, others by word.
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+|\s+|.", re.DOTALL)


@dataclass(frozen=True)
class MarkedText:
    """Some words, and whether only this state has them."""

    text: str
    is_only_here: bool = False


@dataclass(frozen=True)
class FieldValue:
    """A field of a row, or the field itself, in one state."""

    title: str
    pieces: Sequence[MarkedText]
    language: str = ""
    is_private: bool = False


@dataclass(frozen=True)
class FieldChange:
    """A field, a row or the order of rows.

    `before` and `after` are empty if missing in that state.
    """

    place: str
    title: str
    kind: str
    """changed, added, removed, moved or replaced."""
    before: Sequence[FieldValue]
    after: Sequence[FieldValue]
    is_private: bool


def changes(
    catalogue: Catalogue, form: type[Form], before: Document, after: Document
) -> list[FieldChange]:
    """Return the differences in words, except ids of rows."""
    names, found = names_in(catalogue), []
    for each in differences(form, before, after):
        name = each.place[-1]
        if name == "id":
            continue
        title = title_of_place(form, each.place, after, before, names=names)
        old, new = _states(names, each)
        is_desk_only = each.kind == "changed" and is_private(each.form.model_fields[name])
        found.append(FieldChange(each.name, title, each.kind, old, new, is_desk_only))
    return found


def _states(names: Names, each: DocumentDifference) -> list[list[FieldValue]]:
    name = each.place[-1]
    match each.kind:
        case "moved":
            texts = (
                _(" · ").join(name_of_row(names, each.form, row) for row in state)
                for state in (each.before, each.after)
            )
            return [[FieldValue("", [MarkedText(text)])] for text in texts]
        case "changed":
            states = [
                [_field_value(names, each.form, name, holder)] if holder[name] else []
                for holder in each.holders
            ]
            return _mark_differences(*(value for [value] in states)) if all(states) else states
    return [
        list(_row_values(names, each.form, row)) if row else [] for row in (each.before, each.after)
    ]


def _row_values(
    names: Names, form: type[Form], row: Document, above: str = ""
) -> Iterator[FieldValue]:
    for name, field_info in form.model_fields.items():
        title = " ".join(part for part in (above, _(field_info.title or "")) if part)
        if child := rows_of(field_info):
            for index, inner in enumerate(row[name], start=1):
                numbered = _("{title} {number}:").format(title=title, number=index)
                yield from _row_values(names, child, inner, numbered)
        elif row[name] and name != "id":
            yield _field_value(names, form, name, row, title)


def _field_value(
    names: Names, form: type[Form], name: str, row: Document, title: str = ""
) -> FieldValue:
    said, words = notes(form.model_fields[name]), field_in_words(names, form, name, row)
    return FieldValue(title, [MarkedText(words)], row.get(said.language, ""), said.private)


def _mark_differences(before: FieldValue, after: FieldValue) -> list[list[FieldValue]]:
    old, new = (
        WORD.findall("".join(piece.text for piece in value.pieces)) for value in (before, after)
    )
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    removed = [
        MarkedText("".join(old[a:b]), what != "equal") for what, a, b, *_new in steps if a < b
    ]
    added = [MarkedText("".join(new[a:b]), what != "equal") for what, *_old, a, b in steps if a < b]
    return [[replace(before, pieces=removed)], [replace(after, pieces=added)]]
