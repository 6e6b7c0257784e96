"""Put marks of the text into fields of a row, after a press.

Only here do words of the text enter the document, and only into fields for wording in the source.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.desk.draft_form import documents
from app.desk.draft_form.documents import ROW, Document
from app.desk.reading import plans
from app.desk.reading.marks import Mark, MarkKind, Reason
from app.desk.sheets.form import OWN_VOICE, SheetSpeaker, StatementKind, next_letter
from app.desk.sheets.proposing import figure_fields
from app.forms import Term
from app.i18n.translate import N_
from app.vocabulary.citations import USUAL_NAMING, Attribution
from app.vocabulary.estimates import Quantifier
from app.vocabulary.events import Role, TermKey


@dataclass(frozen=True)
class TextMark:
    """A mark with its words and the number of its sentence, from 1."""

    sentence: int
    words: str
    mark: Mark


@dataclass(frozen=True)
class Slot:
    """A field that a mark goes into, with its digit: the same in every row."""

    digit: str
    field: str
    label: str
    kind: MarkKind
    list: str = ""
    """Of terms: the list that a code must be of."""


SLOTS = (
    Slot("1", "when", N_("When"), MarkKind.DATE),
    Slot("2", "where", N_("Where"), MarkKind.PLACE),
    Slot("3", "speaker", N_("Attributed to"), MarkKind.SPEAKER),
    Slot("4", "certainty", N_("Certainty"), MarkKind.HEDGE),
    Slot("5", "number", N_("Number"), MarkKind.ESTIMATE),
    Slot("6", "paper", N_("Visa or permit"), MarkKind.TERM, "paper"),
    Slot("7", "sector", N_("Industry"), MarkKind.TERM, "sector"),
    Slot("8", "law", N_("Law"), MarkKind.LAW),
    Slot("9", "actor", N_("Actor"), MarkKind.ACTOR),
    # Not a key: only a button beside the field.
    Slot("deadline", "deadline", N_("Deadline"), MarkKind.DATE),
)
SLOT_OF_DIGIT = {slot.digit: slot for slot in SLOTS}
SLOT_OF_FIELD = {slot.field: slot for slot in SLOTS}
OUTSIDE = frozenset({Reason.GAZETTEER, Reason.COUNTRY, Reason.NO_CODE})
"""Why a place, term or law is marked that the record does not have: no field takes it."""


def sentences_of(row: Document) -> list[int]:
    return [int(number) for number in row["sentences"].split() if number.isascii()]


def marks_for(row: Document, slot: Slot, marks: Iterable[TextMark]) -> list[TextMark]:
    """Return the marks of the row's sentences that fit a field, in the order of the text."""
    own = sentences_of(row)
    return [
        each
        for each in marks
        if each.sentence in own
        and each.mark.kind is slot.kind
        and (not slot.list or each.mark.value.startswith(f"{slot.list}:"))
        and each.mark.reason not in OUTSIDE
        and (slot.field != "deadline" or deadline_of(each.mark))
    ]


def deadline_of(mark: Mark) -> str:
    """Return the last day that the words of a date may give, as “by 21 October” does."""
    return next(filter(None, map(plans.deadline_of, (mark.value, *mark.also))), "")


def next_mark(
    document: Document, row: Document, slot: Slot, marks: Iterable[TextMark]
) -> TextMark | None:
    """Return the first mark of the row's sentences that its field does not hold.

    After the last one the first comes again, so that a key pressed twice shows all.
    """
    fitting = marks_for(row, slot, marks)
    held = [place for place, each in enumerate(fitting) if is_held(document, row, slot, each)]
    if not fitting:
        return None
    return fitting[(held[-1] + 1) % len(fitting)] if held else fitting[0]


def is_held(document: Document, row: Document, slot: Slot, each: TextMark) -> bool:
    """Whether the row has the value of a mark, also by a default of the report."""
    value = each.mark.value
    match slot.field:
        case "when":
            # Of “by 21 October” the row may have only the day, as its deadline.
            return not {value, *each.mark.also}.isdisjoint(
                filter(None, (row["when"], row["deadline"]))
            )
        case "deadline":
            return bool(row["deadline"] == deadline_of(each.mark))
        case "where":
            return value in places_of(document, row)
        case "speaker":
            speaker = speaker_of(document, row["speaker"])
            return speaker is not None and speaker["attribution"] == value
        case "certainty":
            return bool(row["certainty"] == value)
        case "number":
            figure = each.mark.figure
            is_official = row["quantifier"] == Quantifier.OFFICIAL
            own = row | ({"quantifier": Quantifier.EXACT.value} if is_official else {})
            return figure is not None and all(
                own[name] == text for name, text in figure_fields(figure).items()
            )
        case "law":
            return value in laws_of(row)
    code = value.rpartition(":")[2]
    terms = [*row["terms"], *(term for term in document["defaults"] if term["ticked"])]
    return any(term["code"] == code for term in terms)


def take(document: Document, row: Document, slot: Slot, each: TextMark) -> None:
    """Set the field of a row to what a mark means, and its wording to the words of the text."""
    value = each.mark.value
    match slot.field:
        case "when":
            row["when"], row["when_text"] = value, each.words
        case "deadline":
            row["deadline"], row["deadline_text"] = deadline_of(each.mark), each.words
        case "where":
            row["where"] = value
        case "speaker":
            row["speaker"] = letter_for(document, value, each.words)
        case "certainty":
            row["certainty"], row["hedge_words"] = value, each.words
        case "law" if value not in laws_of(row):
            row["laws"] = ", ".join([*laws_of(row), value])
        case "number" if each.mark.figure:
            row |= {**figure_fields(each.mark.figure), "printed_words": each.words}
        case "paper" | "sector" | "actor":
            key = TermKey(slot.field)
            role = Role.ORDERS if key is TermKey.ACTOR else Role.TARGET
            code = value.rpartition(":")[2]
            row["terms"].append(
                documents.blank_row(Term, key=key.value, code=code, role=role.value)
            )


def fill_words(document: Document, row: Document, marks: Sequence[TextMark]) -> None:
    """Fill the empty wording of an accepted row from the marks that its values come from."""
    for field, words in (("when", "when_text"), ("certainty", "hedge_words")):
        if row[field] and not row[words]:
            own = row | {"deadline": ""}
            row[words] = _words_held(document, own, SLOT_OF_FIELD[field], marks)
    if row["deadline"] and not row["deadline_text"]:
        of_deadline = row | {"when": ""}
        row["deadline_text"] = _words_held(document, of_deadline, SLOT_OF_FIELD["when"], marks)
    if row["quantifier"] and not row["printed_words"]:
        row["printed_words"] = _words_held(document, row, SLOT_OF_FIELD["number"], marks)


def _words_held(document: Document, row: Document, slot: Slot, marks: Sequence[TextMark]) -> str:
    fitting = marks_for(row, slot, marks)
    return next((each.words for each in fitting if is_held(document, row, slot, each)), "")


# Speakers and places ----------------------------------------------------------------------------


def speaker_of(document: Document, letter: str) -> Document | None:
    return next((each for each in document["speakers"] if each["letter"] == letter), None)


def letter_for(document: Document, attribution: str, words: str) -> str:
    """Return the letter of a speaker; a new one if nobody of this kind and name is there yet."""
    if attribution == Attribution.OWN_VOICE:
        return OWN_VOICE
    alike = [each for each in document["speakers"] if each["attribution"] == attribution]
    for each in alike:
        if not words or each["words"] in {"", words} or len(alike) == 1:
            return str(each["letter"])
    letter = next_letter(document["speakers"])
    named = USUAL_NAMING.get(attribution)
    document["speakers"].append(
        documents.blank_row(
            SheetSpeaker, letter=letter, attribution=attribution, named=named.value if named else ""
        )
    )
    return letter


def places_of(document: Document, row: Document) -> list[str]:
    """Return the codes or typed names of a row's places; of the report if it has none."""
    if row["kind"] == StatementKind.CITATION:
        return []
    typed = row["where"] or document["places"]
    return [part.strip() for part in typed.split(",") if part.strip()]


def laws_of(row: Document) -> list[str]:
    return [part.strip() for part in row["laws"].split(",") if part.strip()]


def row_of(document: Document, key: str) -> Document:
    """Return a row by its key. Raises LookupError."""
    for row in document["rows"]:
        if row[ROW] == key:
            found: Document = row
            return found
    raise LookupError(key)
