"""What the buttons of a sheet's page do to its document, each a short line such as `done 3f0c`.

Rows are named by their keys, so that a line means the same after others were moved. An unknown
line, for example of an outdated page, changes nothing.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass

from app.desk.reading.text import MarkKind
from app.desk.sheets import offers
from app.desk.sheets.defaults import add_default
from app.desk.sheets.form import (
    DAY_LETTERS,
    OWN_VOICE,
    DaySaid,
    RowLink,
    RowRelation,
    SheetSpeaker,
    StatementKind,
    StatementRow,
    next_letter,
)
from app.desk.sheets.offers import TextMark, row_of
from app.desk.sheets.summaries import offered_summary
from app.desk.sheets.typed import NOT_TYPED, holder_of
from app.documents import ROW, Document, blank_row, clean, new_key
from app.kinds import Term
from app.vocabulary.events import ROLES_OF, Role, TermKey

SHARED = "shared"
"""What is open while the shared block is edited, instead of the key of a row."""
TEXTS = ("title", "summary", "paraphrase")
PlaceOf = Callable[[str], str]
"""Adds a place that the record lacks, `town:2035715` or `country:KR`, and returns its code."""


@dataclass(frozen=True)
class ActionOutcome:
    """The changed document, what is open on the page now, and the element to go to."""

    document: Document
    open: str
    focus: str = ""


# Buttons ----------------------------------------------------------------------------------------


def run_action(
    document: Document,
    line: str,
    open_key: str,
    marks: Sequence[TextMark] = (),
    place_of: PlaceOf = str,
) -> ActionOutcome:
    """Return what a button makes of a document."""
    try:
        return _act(deepcopy(document), line, open_key, marks, place_of)
    except LookupError:
        return ActionOutcome(document, open_key)


def _act(
    document: Document,
    line: str,
    open_key: str,
    marks: Sequence[TextMark],
    place_of: PlaceOf,
) -> ActionOutcome:
    rows: list[Document] = document["rows"]
    match line.split(" ", 2):
        case ["set", path, text]:
            return _set(document, path, text, open_key)
        case ["wrote", path]:
            return ActionOutcome(document, open_key, path)
        case ["open", key]:
            row_of(document, key)
            return ActionOutcome(document, key, f"row-{key}")
        case ["close", *_key]:
            return ActionOutcome(document, "", f"row-{open_key}")
        case ["open-shared"]:
            return ActionOutcome(document, SHARED, "shared")
        case ["close-shared"]:
            return ActionOutcome(document, "", "shared")
        case ["done", key]:
            row = row_of(document, key)
            is_said = row["statement"].strip() or row["paraphrase"].strip()
            focus = f"row-{key}" if is_said else f"rows.{key}.statement"
            return ActionOutcome(document, "" if is_said else key, focus)
        case ["add", kind] if kind in StatementKind.by_code():
            row = _new_row(kind)
            rows.append(row)
            return _opened(document, row)
        case ["kind", key, kind] if kind in StatementKind.by_code():
            row = row_of(document, key)
            if not row["record"] and row["kind"] != kind:
                row |= {"kind": kind, "type": "", "step": "", "stance": "", "about": ""}
                _forget_event(rows, key)
            return ActionOutcome(document, key, f"rows.{key}.statement")
        case ["copy", key]:
            return _copy(document, key)
        case ["up" | "down" as way, key]:
            _move(rows, key, -1 if way == "up" else 1)
            return ActionOutcome(document, open_key, f"row-{key}")
        case ["remove", target]:
            return _remove(document, target, open_key)
        case ["take", key, chosen]:
            kind, _space, value = chosen.partition(" ")
            row = row_of(document, key)
            taken = offers.take(document, row, kind, value, marks)
            if taken.mark.kind is MarkKind.PLACE and ":" in value:
                row["where"] = place_of(value)
            return ActionOutcome(document, key, _focus_after(row, taken))
        case ["speaker", key, letter]:
            known = {OWN_VOICE, *(each["letter"] for each in document["speakers"])}
            if letter in known:
                row_of(document, key)["speaker"] = letter
            return ActionOutcome(document, open_key, f"row-{key}")
        case ["split", key]:
            row = row_of(document, key)
            for name in TEXTS:
                row[name] = row[name] or row["statement"]
            return ActionOutcome(document, key, f"rows.{key}.title")
        case ["join", key]:
            row_of(document, key).update(dict.fromkeys(TEXTS, ""))
            return ActionOutcome(document, key, f"rows.{key}.statement")
        case ["summary", key]:
            row = row_of(document, key)
            row["summary"] = offered_summary(document, key)
            return ActionOutcome(document, key, f"rows.{key}.summary")
        case ["entry", number, kind] if number.isdecimal() and kind in StatementKind.by_code():
            row = _new_row(kind, sentences=str(int(number)))
            document["rows"] = in_text_order(rows, [row], int(number))
            return _opened(document, row)
    return _act_on_lists(document, line, open_key)


def _act_on_lists(document: Document, line: str, open_key: str) -> ActionOutcome:
    """Add rows to the lists within a row or the shared block, and remove them."""
    match line.split(" ", 2):
        case ["add-term", key, term] if term in TermKey.by_code():
            role = next(
                each
                for each in (Role.TARGET, Role.ORDERS, Role.AT)
                if each in ROLES_OF[TermKey(term)]
            )
            new = blank_row(Term, key=term, role=role.value)
            row_of(document, key)["terms"].append(new)
            return ActionOutcome(document, key, f"rows.{key}.terms.{new[ROW]}.code")
        case ["add-link", key, *speaker]:
            relation = RowRelation.ALSO_SAID_BY.value if speaker else ""
            new = blank_row(RowLink, relation=relation)
            row_of(document, key)["links"].append(new)
            field = "speaker" if speaker else "relation"
            return ActionOutcome(document, key, f"rows.{key}.links.{new[ROW]}.{field}")
        case ["add-speaker", *of_row]:
            new = blank_row(SheetSpeaker, letter=next_letter(document["speakers"]))
            document["speakers"].append(new)
            for key in of_row:
                row_of(document, key)["speaker"] = new["letter"]
            return ActionOutcome(document, SHARED, f"speakers.{new[ROW]}.attribution")
        case ["add-day", *of_row]:
            new = blank_row(DaySaid, letter=next_letter(document["days"], DAY_LETTERS))
            document["days"].append(new)
            for key in of_row:
                row_of(document, key)["day"] = new["letter"]
            return ActionOutcome(document, SHARED, f"days.{new[ROW]}.said")
        case ["remove-speaker" | "remove-day" as what, key]:
            _remove_lettered(document, what.removeprefix("remove-"), key)
            return ActionOutcome(document, SHARED, "shared")
        case ["relay", source, "none"]:
            answered = [part for part in document["not_relays"].split(", ") if part]
            document["not_relays"] = ", ".join(dict.fromkeys([*answered, source]))
            return ActionOutcome(document, open_key, "statements")
        case ["add-default", choice]:
            add_default(document, choice)
            return ActionOutcome(document, open_key, "shared")
        case ["remove-default", key]:
            document["defaults"] = [each for each in document["defaults"] if each[ROW] != key]
            return ActionOutcome(document, open_key, "shared")
    return ActionOutcome(document, open_key)


def _set(document: Document, path: str, text: str, open_key: str) -> ActionOutcome:
    row, name = holder_of(document, path)
    is_own_record = name == "record" and row.get("kind") != StatementKind.CITATION
    if name in NOT_TYPED or is_own_record:
        raise LookupError(path)
    row[name] = clean(text)
    return ActionOutcome(document, open_key, path)


def _focus_after(row: Document, taken: TextMark) -> str:
    """Return the field that a taken value is in; of a number the first, of an actor its code."""
    field = offers.FIELD_OF[taken.mark.kind]
    if field == "actor":
        field = f"terms.{row['terms'][-1][ROW]}.code"
    return f"rows.{row[ROW]}.{'quantifier' if field == 'number' else field}"


def _forget_event(rows: Sequence[Document], key: str) -> None:
    """Take from estimates the event of this row, which is none any more."""
    for row in rows:
        row["links"] = [
            link
            for link in row["links"]
            if (link["relation"], link["to"]) != (RowRelation.OF_EVENT, key)
        ]


def _new_row(kind: str, **texts: str) -> Document:
    return {**blank_row(StatementRow, **texts), "kind": kind}


def _opened(document: Document, row: Document) -> ActionOutcome:
    field = "record" if row["kind"] == StatementKind.CITATION else "statement"
    return ActionOutcome(document, row[ROW], f"rows.{row[ROW]}.{field}")


def _copy(document: Document, key: str) -> ActionOutcome:
    rows = document["rows"]
    row = deepcopy(row_of(document, key))
    own = row["kind"] != StatementKind.CITATION
    row |= {ROW: new_key(), "record": "" if own else row["record"], "more": ""}
    for name in ("links", "terms"):
        row[name] = [{**each, ROW: new_key()} for each in row[name]]
    rows.insert(rows.index(row_of(document, key)) + 1, row)
    return ActionOutcome(document, row[ROW], f"rows.{row[ROW]}.statement")


def _move(rows: list[Document], key: str, by: int) -> None:
    """Swap a row with its neighbour."""
    place = next(place for place, row in enumerate(rows) if row[ROW] == key)
    if 0 <= place + by < len(rows):
        rows[place], rows[place + by] = rows[place + by], rows[place]


def _remove(document: Document, target: str, open_key: str) -> ActionOutcome:
    """Remove a row, `3f0c`, or a row within one, rows.3f0c.terms.91b2."""
    if "." not in target:
        focus = _next_shown(document["rows"], target)
        document["rows"] = [row for row in document["rows"] if row[ROW] != target]
        _forget(document["rows"], target)
        return ActionOutcome(document, "" if open_key == target else open_key, focus)
    _rows, key, name, inner = target.split(".")
    row = row_of(document, key)
    row[name] = [each for each in row[name] if each[ROW] != inner]
    return ActionOutcome(document, key, f"row-{key}")


def _forget(rows: Sequence[Document], key: str) -> None:
    """Remove the links of rows to one that is no longer there."""
    for row in rows:
        row["links"] = [link for link in row["links"] if link["to"] != key]


def _next_shown(rows: Sequence[Document], key: str) -> str:
    shown = [row[ROW] for row in rows]
    if key not in shown:
        raise LookupError(key)
    place = shown.index(key)
    others = shown[place + 1 : place + 2] or shown[max(0, place - 1) : place]
    return f"row-{others[0]}" if others else "statements"


def _remove_lettered(document: Document, what: str, key: str) -> None:
    """Remove a speaker or a day. Rows that had it fall back to the outlet and the publication."""
    list_ = f"{what}s"
    gone = {each["letter"] for each in document[list_] if each[ROW] == key}
    document[list_] = [each for each in document[list_] if each[ROW] != key]
    for row in document["rows"]:
        if row[what] in gone:
            row[what] = ""
        row["links"] = [link for link in row["links"] if link[what] not in gone or not link[what]]


def in_text_order(
    rows: Sequence[Document], new: Sequence[Document], sentence: int
) -> list[Document]:
    """Return rows with new ones of a sentence before the first row of a later one."""
    later = (
        place
        for place, row in enumerate(rows)
        if row["sentences"] and int(row["sentences"].split()[0]) > sentence
    )
    place = next(later, len(rows))
    return [*rows[:place], *new, *rows[place:]]
