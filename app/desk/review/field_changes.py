"""Two states of a draft side by side, field by field, whole rows too, as a reviewer and a history print them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.compare import compared, holding, in_words
from app.desk.draft_form.documents import Document
from app.desk.draft_form.field_types import LANGUAGE_OF
from app.desk.draft_form.merge import Difference, differences
from app.desk.drafts.comments import Talk
from app.forms import Form, is_private
from app.forms.base import rows_of
from app.i18n.translate import _


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
    shown_as = compared(catalogue, form, before, after)
    for each, shown in zip(differences(form, before, after), shown_as, strict=True):
        if each.place[-1] == "id":
            continue
        if each.is_order:
            said = [_whole("", shown.before)], [_whole("", shown.after)]
        else:
            said = _marked(
                _state(catalogue, each, before, each.before),
                _state(catalogue, each, after, each.after),
            )
        talk = talks.get(each.name, ())
        found.append(
            Change(
                each.name, shown.title, _kind(each), *said, is_private=shown.is_private, talk=talk
            )
        )
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
        if not any(
            place == change.place or place.startswith(f"{change.place}.") for place in touched
        ):
            kept = Change(
                change.place,
                change.title,
                "unchanged",
                (),
                change.after,
                change.is_private,
                talk=change.talk,
            )
            found.append(kept)
    return found


def _kind(each: Difference) -> str:
    if each.is_order:
        return "moved"
    if each.is_row:
        return "added" if each.before is None else "removed"
    return "changed"


def _state(
    catalogue: Catalogue, each: Difference, document: Document, state: str | Document | None
) -> list[Said]:
    match state:
        case None | "":
            return []
        case str():
            return [_said(catalogue, each.form, each.place[-1], holding(document, each.place), "")]
    return list(_row(catalogue, each.form, state))


def _row(catalogue: Catalogue, form: type[Form], row: Document, above: str = "") -> Iterator[Said]:
    for name, described in form.model_fields.items():
        title = " ".join(part for part in (above, _(described.title or "")) if part)
        if child := rows_of(described):
            for index, inner in enumerate(row[name], start=1):
                yield from _row(
                    catalogue,
                    child,
                    inner,
                    _("{title} {number}:").format(title=title, number=index),
                )
        elif row[name] and name != "id":
            yield _said(catalogue, form, name, row, title)


def _said(catalogue: Catalogue, form: type[Form], name: str, row: Document, title: str) -> Said:
    language = row[LANGUAGE_OF[form, name]] if (form, name) in LANGUAGE_OF else ""
    return _whole(
        title, in_words(catalogue, form, name, row), language, is_private(form.model_fields[name])
    )


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
    removed = [
        Piece("".join(old_words[a:b]), what != "equal") for what, a, b, *_new in steps if a < b
    ]
    added = [
        Piece("".join(new_words[a:b]), what != "equal") for what, *_old, a, b in steps if a < b
    ]
    return [replace(before[0], pieces=removed)], [replace(after[0], pieces=added)]
