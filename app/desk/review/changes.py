"""Two states of a draft side by side, field by field, whole rows too, as a reviewer and a history print them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher
from itertools import islice

from app.desk.drafts.boxes import DATES, LANGUAGE_OF, LISTS
from app.desk.drafts.catalogue import Catalogue, thing_named, words
from app.desk.drafts.comparing import compared, text_of, titles
from app.desk.drafts.differences import Difference, differences
from app.desk.drafts.documents import ROW, Document
from app.forms import Form, Term, is_private
from app.forms.base import rows_of
from app.language import _

PARTS_OF_A_NAME = 2
MOST_OF_A_NAME = 40
"""So many fields of a row, and letters of each, tell it from its neighbours."""


@dataclass(frozen=True)
class Piece:
    """Some words; whether they stand in this state alone."""

    text: str
    is_only_here: bool = False


@dataclass(frozen=True)
class Said:
    """One field of a row, or the field itself, in one of two states."""

    title: str
    pieces: Sequence[Piece]
    language: str = ""
    is_private: bool = False


@dataclass(frozen=True)
class Talk:
    """A comment as it is printed, with its answers under it."""

    id: int
    by: str
    at: datetime
    words: str
    answers: Sequence["Talk"]
    settled_by: str
    place: str = ""
    field: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Change:
    """A field, a row or the order of rows; `before` and `after` are empty where there is nothing in that state."""

    place: str
    title: str
    kind: str
    """changed, added, removed, moved or unchanged."""
    before: Sequence[Said]
    after: Sequence[Said]
    is_private: bool
    talk: Sequence[Talk] = ()


def changes(
    catalogue: Catalogue,
    form: type[Form],
    before: Document,
    after: Document,
    talks: Mapping[str, Sequence[Talk]] | None = None,
) -> list[Change]:
    """What differs. The ids of rows stand with the rows, and are no difference of their own."""
    talks = talks or {}
    found = []

    def called(form: type[Form], row: Document) -> str:
        return _called(catalogue, form, row)

    for each, shown in zip(differences(form, before, after), compared(form, before, after), strict=True):
        if each.place[-1] == "id":
            continue
        if each.is_order:
            said = [_whole("", shown.before)], [_whole("", shown.after)]
        else:
            said = _marked(_state(catalogue, each, before, each.before), _state(catalogue, each, after, each.after))
        title = _(", ").join(titles(form, each.place, after, before, called=called))
        talk = talks.get(each.name, ())
        found.append(Change(each.name, title, _kind(each), *said, is_private=shown.is_private, talk=talk))
    return found


def unchanged(
    catalogue: Catalogue,
    form: type[Form],
    document: Document,
    changed: Sequence[Change],
    talks: Mapping[str, Sequence[Talk]],
) -> list[Change]:
    """The other fields and rows in which something stands: what one may want to say something about, too."""
    touched = {change.place for change in changed}
    found = []
    empty = {name: [] if isinstance(value, list) else "" for name, value in document.items()}
    for change in changes(catalogue, form, empty, document, talks):
        if not any(place == change.place or place.startswith(f"{change.place}.") for place in touched):
            kept = Change(
                change.place, change.title, "unchanged", (), change.after, change.is_private, talk=change.talk
            )
            found.append(kept)
    return found


def _kind(each: Difference) -> str:
    if each.is_order:
        return "moved"
    if each.is_row:
        return "added" if each.before is None else "removed"
    return "changed"


def _state(catalogue: Catalogue, each: Difference, document: Document, state: str | Document | None) -> list[Said]:
    match state:
        case None | "":
            return []
        case str():
            return [_said(catalogue, each.form, each.place[-1], _holding(document, each.place), "")]
    return list(_row(catalogue, each.form, state))


def _holding(document: Document, place: Sequence[str]) -> Document:
    """The document or row in which a field stands."""
    for name, key in zip(place[:-1:2], place[1:-1:2], strict=True):
        document = next(row for row in document[name] if row[ROW] == key)
    return document


def _row(catalogue: Catalogue, form: type[Form], row: Document, above: str = "") -> Iterator[Said]:
    for name, described in form.model_fields.items():
        title = " ".join(part for part in (above, _(described.title or "")) if part)
        if child := rows_of(described):
            for index, inner in enumerate(row[name], start=1):
                yield from _row(catalogue, child, inner, _("{title} {number}:").format(title=title, number=index))
        elif row[name] and name != "id":
            yield _said(catalogue, form, name, row, title)


def _said(catalogue: Catalogue, form: type[Form], name: str, row: Document, title: str) -> Said:
    language = row[LANGUAGE_OF[form, name]] if (form, name) in LANGUAGE_OF else ""
    return _whole(title, _in_words(catalogue, form, name, row), language, is_private(form.model_fields[name]))


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


def _in_words(catalogue: Catalogue, form: type[Form], name: str, row: Document) -> str:
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
    return _("{label} ({code})").format(label=label, code=code) if code and label != code else label or code


# Words ------------------------------------------------------------------------------------------------------------

# Chinese and Japanese put no blanks between words, so that each sign is compared; all others word by word.
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+|\s+|.", re.DOTALL)


def _whole(title: str, text: str, language: str = "", is_private: bool = False) -> Said:
    return Said(title, [Piece(text)], language, is_private)


def _marked(before: list[Said], after: list[Said]) -> tuple[list[Said], list[Said]]:
    """Of one field in two states, the words that are in one of them alone; whole rows stand as they are."""
    if len(before) != 1 or len(after) != 1 or before[0].title:
        return before, after
    old, new = ("".join(piece.text for piece in said.pieces) for said in (before[0], after[0]))
    old_words, new_words = WORD.findall(old), WORD.findall(new)
    steps = SequenceMatcher(None, old_words, new_words, autojunk=False).get_opcodes()
    removed = [Piece("".join(old_words[a:b]), what != "equal") for what, a, b, *_new in steps if a < b]
    added = [Piece("".join(new_words[a:b]), what != "equal") for what, *_old, a, b in steps if a < b]
    return [replace(before[0], pieces=removed)], [replace(after[0], pieces=added)]
