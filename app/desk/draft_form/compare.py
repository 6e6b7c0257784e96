"""Two states of a draft or a sheet in words: for conflicts, histories, reviews and merges."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, Protocol

from sqlalchemy import select

from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.things import THING_OF_KIND
from app.desk.identity.models import Person
from app.documents import (
    MAX_CHARACTERS_OF_FIELD,
    MAX_ROW_CHARACTERS,
    MINE,
    THEIRS,
    Document,
    DocumentDifference,
    Names,
    changed_by,
    differences,
    field_in_words,
    fit_to_form,
    merge_documents,
    name_of_row,
    row_in_words,
    title_of_place,
)
from app.i18n.translate import _
from app.kinds import Form, is_private
from app.kinds.base import notes, rows_of
from app.vocabulary.code import Code


def names_in(catalogue: Catalogue) -> Names:
    """Return the labels and codes of what texts name, by the approved records and drafts."""

    def named(vocabulary: str, text: str) -> tuple[str, str]:
        if vocabulary in THING_OF_KIND.values():
            meant = catalogue.meant(vocabulary, text)
            return catalogue.label(meant, vocabulary) if meant else text, meant
        code = catalogue.code(vocabulary, text)
        return code.label if code else catalogue.directory.label(vocabulary, text), text

    return named


# Two texts a field ------------------------------------------------------------------------------


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


def compare_field(
    catalogue: Catalogue,
    form: type[Form],
    before: Document,
    after: Document,
    each: DocumentDifference,
) -> ComparedField:
    """Return a difference of two documents in words."""
    name, names = each.place[-1], names_in(catalogue)

    def text(state: Any) -> str:
        match each.kind:
            case "changed":
                return field_in_words(names, each.form, name, state) or _("empty")
            case "moved":
                return _(" · ").join(_name(names, each.form, row) for row in state)
        if state is None:
            return _("not there")
        return _(" · ").join(row_in_words(names, each.form, state))[:MAX_ROW_CHARACTERS] or _(
            "empty"
        )

    before_text, after_text = map(text, each.holders or (each.before, each.after))
    return ComparedField(
        each.name,
        title_of_place(form, each.place, after, before, names=names),
        before_text,
        after_text,
        is_private=each.kind == "changed" and is_private(each.form.model_fields[name]),
    )


def _name(names: Names, form: type[Form], row: Document) -> str:
    """Name a row among others, in their order."""
    if form.NAMED_BY:
        return name_of_row(names, form, row)
    return next(row_in_words(names, form, row), _("empty"))[:MAX_CHARACTERS_OF_FIELD]


# Two versions to choose from --------------------------------------------------------------------

TAKE = "take."
"""Before the name of a difference, in the name of its radio buttons."""


@dataclass(frozen=True)
class ConflictView:
    """The data of `desk/components/conflict.html`."""

    title: str
    lede: str
    back: tuple[str, str]
    """Address and label."""
    action: str
    """The address that the choices are posted to."""
    theirs: str
    mine: str
    """Labels of the two versions."""
    differences: Sequence[ComparedField]
    hidden: Sequence[tuple[str, str]]
    """Names and values that are posted with the choices, such as what was typed."""
    is_incomplete: bool = False
    """Whether choices were posted and some are missing."""

    @property
    def undecided(self) -> list[ComparedField]:
        """The differences that the error summary links to."""
        return [each for each in self.differences if self.is_incomplete and not each.choice]


def differences_to_choose(
    catalogue: Catalogue,
    form: type[Form],
    states: Sequence[Document],
    chosen: Mapping[str, str] | None = None,
) -> list[ComparedField]:
    """Return where two versions differ, each with the side that was chosen.

    Before anything was, a side is preselected if only that one changed it. `states` are how the
    document began, their version and mine.
    """
    began, theirs, mine = states
    sides = changed_by(form, began, theirs, mine) if chosen is None else chosen
    return [
        replace(each, choice=sides.get(each.name, ""))
        for each in compare_documents(catalogue, form, theirs, mine)
    ]


def posted_sides(posted: Mapping[str, str]) -> dict[str, str]:
    """Return the chosen side, `mine` or `theirs`, by the name of each difference."""
    return {
        name.removeprefix(TAKE): side
        for name, side in posted.items()
        if name.startswith(TAKE) and side in {MINE, THEIRS}
    }


def merge_as_chosen(
    form: type[Form], theirs: Document, mine: Document, sides: Mapping[str, str]
) -> Document | None:
    """Return the document of the chosen sides; None if a difference has none."""
    if any(each.name not in sides for each in differences(form, theirs, mine)):
        return None
    return merge_documents(form, theirs, mine, sides)


# Earlier versions -------------------------------------------------------------------------------

BY_ITSELF, SET_ASIDE = "by-itself", "set-aside"
"""Causes that drafts and sheets share."""


class SavedState(Protocol):
    """A revision of a draft or of a sheet."""

    @property
    def number(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def by(self) -> int: ...
    @property
    def saved(self) -> str: ...
    @property
    def words(self) -> str | None: ...
    @property
    def document(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class DocumentVersion:
    """One revision; consecutive autosaves of one person are joined.

    A revision that was set aside is compared with the state of that moment, as is the next
    revision.
    """

    number: int
    at: datetime
    by: str
    saved: str
    words: str
    changed: Sequence[ComparedField]
    is_newest: bool


def document_versions(
    catalogue: Catalogue,
    form: type[Form],
    revisions: Sequence[SavedState],
    causes: type[Code],
    visible: Callable[[Document], Document],
) -> list[DocumentVersion]:
    """Return the versions, newest first, each with what differs from the one before.

    `visible` makes of a document what this person may see of it.
    """
    people = {person.id: person.called for person in catalogue.db.scalars(select(Person))}
    shown: list[SavedState] = []
    for revision in revisions:
        own = (BY_ITSELF, revision.by)
        if shown and revision.saved == BY_ITSELF and (shown[-1].saved, shown[-1].by) == own:
            shown.pop()
        shown.append(revision)
    versions = []
    before: Document | None = None
    for revision in shown:
        state = visible(fit_to_form(form, revision.document))
        is_aside = revision.saved == SET_ASIDE
        versions.append(
            DocumentVersion(
                number=revision.number,
                at=revision.at,
                by=people[revision.by],
                saved=_(causes.by_code()[revision.saved].label),
                words=revision.words or "",
                changed=compare_documents(catalogue, form, before, state) if before else [],
                is_newest=revision is shown[-1] and not is_aside,
            )
        )
        before = before if is_aside else state
    return versions[::-1]


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
    """changed, added, removed, moved or unchanged."""
    before: Sequence[FieldValue]
    after: Sequence[FieldValue]
    is_private: bool
    talk: Sequence[Any] = ()
    """Comments on it, on a page of a review."""


def changes(
    catalogue: Catalogue, form: type[Form], before: Document, after: Document
) -> list[FieldChange]:
    """Return the differences, except ids of rows."""
    names, found = names_in(catalogue), []
    for each in differences(form, before, after):
        name = each.place[-1]
        if name == "id":
            continue
        compared = compare_field(catalogue, form, before, after, each)
        states: list[list[FieldValue]]
        match each.kind:
            case "moved":
                states = [
                    [FieldValue("", [MarkedText(text)])]
                    for text in (compared.before, compared.after)
                ]
            case "changed":
                states = [
                    [_field_value(names, each.form, name, holder)] if holder[name] else []
                    for holder in each.holders
                ]
                if all(states):
                    states = _mark_differences(*(value for [value] in states))
            case _:
                states = [
                    list(_row_values(names, each.form, row)) if row else []
                    for row in (each.before, each.after)
                ]
        found.append(
            FieldChange(
                each.name, compared.title, each.kind, states[0], states[1], compared.is_private
            )
        )
    return found


def unchanged(
    catalogue: Catalogue, form: type[Form], document: Document, changed: Sequence[FieldChange]
) -> list[FieldChange]:
    """Return the other fields and rows that are filled in, so that they can be commented on."""
    changed_places = {change.place for change in changed}
    empty = {name: [] if isinstance(value, list) else "" for name, value in document.items()}
    return [
        replace(change, kind="unchanged", before=())
        for change in changes(catalogue, form, empty, document)
        if not any(f"{place}.".startswith(f"{change.place}.") for place in changed_places)
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
    """Mark the words that only one state has."""
    old, new = (
        WORD.findall("".join(piece.text for piece in value.pieces)) for value in (before, after)
    )
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    removed = [
        MarkedText("".join(old[a:b]), what != "equal") for what, a, b, *_new in steps if a < b
    ]
    added = [MarkedText("".join(new[a:b]), what != "equal") for what, *_old, a, b in steps if a < b]
    return [[replace(before, pieces=removed)], [replace(after, pieces=added)]]
