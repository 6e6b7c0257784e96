"""Two states of a draft side by side, by field and row, for reviewers and histories."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.compare import compare_field, field_in_words
from app.desk.draft_form.documents import Document
from app.desk.draft_form.merge import differences
from app.desk.drafts.comments import CommentView
from app.i18n.translate import _
from app.kinds import Form
from app.kinds.base import notes, rows_of
from app.kinds.diff import DocumentDifference


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
    """changed, added, removed, moved or unchanged."""
    before: Sequence[FieldValue]
    after: Sequence[FieldValue]
    is_private: bool
    talk: Sequence[CommentView] = ()


def changes(
    catalogue: Catalogue,
    form: type[Form],
    before: Document,
    after: Document,
    talks: Mapping[str, Sequence[CommentView]] | None = None,
) -> list[FieldChange]:
    """Return the differences, except ids of rows."""
    talks = talks or {}
    differing = []
    for each in differences(form, before, after):
        shown = compare_field(catalogue, form, before, after, each)
        if each.place[-1] == "id":
            continue
        if each.kind == "moved":
            states = [_unmarked("", shown.before)], [_unmarked("", shown.after)]
        else:
            states = _mark_differences(*_values(catalogue, each))
        talk = talks.get(each.name, ())
        differing.append(
            FieldChange(
                each.name, shown.title, each.kind, *states, is_private=shown.is_private, talk=talk
            )
        )
    return differing


def unchanged(
    catalogue: Catalogue,
    form: type[Form],
    document: Document,
    changed: Sequence[FieldChange],
    talks: Mapping[str, Sequence[CommentView]],
) -> list[FieldChange]:
    """Return the other fields and rows that are filled in, so that they can be commented on."""
    changed_places = {change.place for change in changed}
    empty = {name: [] if isinstance(value, list) else "" for name, value in document.items()}
    return [
        replace(change, kind="unchanged", before=())
        for change in changes(catalogue, form, empty, document, talks)
        if not any(f"{place}.".startswith(f"{change.place}.") for place in changed_places)
    ]


def _values(
    catalogue: Catalogue, each: DocumentDifference
) -> tuple[list[FieldValue], list[FieldValue]]:
    """Return the values of the field or row before and after."""
    if each.kind == "changed":
        name = each.place[-1]
        before, after = (
            [_field_value(catalogue, each.form, name, holder, "")] if holder[name] else []
            for holder in each.holders
        )
    else:
        before, after = (
            list(_row_values(catalogue, each.form, row)) if row else []
            for row in (each.before, each.after)
        )
    return before, after


def _row_values(
    catalogue: Catalogue, form: type[Form], row: Document, above: str = ""
) -> Iterator[FieldValue]:
    for name, field_info in form.model_fields.items():
        title = " ".join(part for part in (above, _(field_info.title or "")) if part)
        if child := rows_of(field_info):
            for index, inner in enumerate(row[name], start=1):
                yield from _row_values(
                    catalogue,
                    child,
                    inner,
                    _("{title} {number}:").format(title=title, number=index),
                )
        elif row[name] and name != "id":
            yield _field_value(catalogue, form, name, row, title)


def _field_value(
    catalogue: Catalogue, form: type[Form], name: str, row: Document, title: str
) -> FieldValue:
    said = notes(form.model_fields[name])
    words = field_in_words(catalogue, form, name, row)
    return _unmarked(title, words, row.get(said.language, ""), said.private)


# Marking words ----------------------------------------------------------------------------------

# Chinese and Japanese have no spaces, so they are compared by character, others by word.
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+|\s+|.", re.DOTALL)


def _unmarked(title: str, text: str, language: str = "", is_private: bool = False) -> FieldValue:
    return FieldValue(title, [MarkedText(text)], language, is_private)


def _mark_differences(
    before: list[FieldValue], after: list[FieldValue]
) -> tuple[list[FieldValue], list[FieldValue]]:
    """Mark the words that only one state has; whole rows stay unmarked."""
    if len(before) != 1 or len(after) != 1 or before[0].title:
        return before, after
    old, new = ("".join(piece.text for piece in said.pieces) for said in (before[0], after[0]))
    old_words, new_words = WORD.findall(old), WORD.findall(new)
    steps = SequenceMatcher(None, old_words, new_words, autojunk=False).get_opcodes()
    removed = [
        MarkedText("".join(old_words[a:b]), what != "equal") for what, a, b, *_new in steps if a < b
    ]
    added = [
        MarkedText("".join(new_words[a:b]), what != "equal") for what, *_old, a, b in steps if a < b
    ]
    return [replace(before[0], pieces=removed)], [replace(after[0], pieces=added)]
