"""Carry-over to the next record of an article, in blocks that the editor ticks.

What was carried is marked in the new draft until it is changed or the editor has looked at it. A
mark is a path by row keys: "terms/3f0c", "citations/77aa/chain" or "period".
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.documents import ROW, Document, new_key, path_of
from app.i18n.translate import N_
from app.kinds.terms import names_place
from app.vocabulary.citations import Attribution
from app.vocabulary.events import Role, TermKey
from app.vocabulary.kinds import RecordKind

TICK = "carry."
"""Prefix of the ticks' input names."""
TICKS_SHOWN = "carry.shown"
"""The field that says that the ticks were on the page: without it, none is unticked."""


@dataclass(frozen=True)
class CarriedBlock:
    """What is carried together. Usual blocks are ticked unless the editor chose otherwise."""

    code: str
    label: str
    is_usual: bool = False


EVENT, SAID, SPEAKER, PERIOD, COUNTED = "event", "said", "speaker", "period", "counted"
BLOCKS = (
    CarriedBlock(EVENT, N_("Event, for an estimate")),
    CarriedBlock(TermKey.PLACE, N_("Places"), is_usual=True),
    CarriedBlock(TermKey.NATIONALITY, N_("Nationality"), is_usual=True),
    CarriedBlock(SAID, N_("Day said"), is_usual=True),
    CarriedBlock(SPEAKER, N_("Speaker"), is_usual=True),
    CarriedBlock(TermKey.GROUP, N_("Group")),
    CarriedBlock(TermKey.SECTOR, N_("Sector")),
    CarriedBlock(TermKey.RIGHT, N_("Barred activity")),
    CarriedBlock(TermKey.PAPER, N_("Visa or permit")),
    CarriedBlock(TermKey.ACTOR, N_("Actor")),
    CarriedBlock(PERIOD, N_("Date or period")),
    CarriedBlock(COUNTED, N_("What is counted")),
)
USUAL_BLOCKS = frozenset(block.code for block in BLOCKS if block.is_usual)
USUAL_FROM_EVENT = frozenset({EVENT, *USUAL_BLOCKS})
"""Blocks that are ticked where the record before is an event."""
FIELDS_OF_BLOCK = {
    PERIOD: (
        *("happened", "happened_text", "as_of", "as_of_text", "period", "period_text"),
        *("happened_basis", "happened_basis_reason"),
    ),
    EVENT: ("event",),
    COUNTED: ("counts", "nature", "unit", "per", "form", "population"),
    SAID: ("said", "said_text"),
}


def usual_blocks(kind: str) -> frozenset[str]:
    """Return the blocks that are ticked at first, after a record of this kind."""
    return USUAL_FROM_EVENT if kind == RecordKind.EVENT else USUAL_BLOCKS


def ticked(posted: Mapping[str, str]) -> frozenset[str]:
    """Return the blocks that are ticked in a posted form."""
    return frozenset(block.code for block in BLOCKS if posted.get(f"{TICK}{block.code}"))


def carry_over(
    document: Document, kind: str, template: Document, template_kind: str, blocks: Collection[str]
) -> tuple[Document, list[str]]:
    """Return the new document with what the ticked blocks of the template say, and the marks."""
    changed, marks = dict(document), list[str]()
    is_of_event = (kind, template_kind) == (RecordKind.ESTIMATE, RecordKind.EVENT)
    # The group of an event is whom its figures count.
    keys = {*blocks, *([TermKey.GROUP.value] if is_of_event and EVENT in blocks else [])}
    rows = [
        {**row, ROW: new_key(), "citation": ""}
        for row in _terms(template["terms"], keys, is_same_kind=kind == template_kind)
    ]
    marks += [f"terms/{row[ROW]}" for row in rows]
    if not any(row["key"] == TermKey.PLACE for row in rows):
        rows = [*document["terms"], *rows]
    changed["terms"] = rows
    fields = ["no_nationality"] if TermKey.NATIONALITY in keys else []
    if kind == template_kind:
        for block in (EVENT, PERIOD, COUNTED):
            fields += FIELDS_OF_BLOCK[block] if block in blocks else ()
    for name in fields:
        if name in document and template.get(name, "") not in {"", document[name]}:
            changed[name] = template[name]
            marks.append(name)
    if is_of_event and EVENT in blocks:
        changed["event"] = template["id"]
        marks.append("event")
    changed["citations"], more = _citations(document["citations"], template["citations"], blocks)
    return changed, [*marks, *more]


def _terms(
    terms: Sequence[Document], keys: Collection[str], *, is_same_kind: bool
) -> Iterator[Document]:
    """Yield the rows to copy. Between an event and an estimate, each named place once.

    Only the role `at` is copied then. Other roles say what an event covers, such as the place that
    workers left; an estimate also counts those who stayed.
    """
    places = [row for row in terms if names_place(row) and row["code"]]
    at = {row["code"]: row for row in places if row["role"] == Role.AT}
    once = {row["code"]: at.get(row["code"]) or {**row, "role": ""} for row in places}
    for row in terms:
        if row["key"] not in keys:
            continue
        if row["key"] != TermKey.PLACE or is_same_kind:
            yield row
        elif once:
            yield from once.values()
            once = {}


def _citations(
    citations: Sequence[Document], earlier: Sequence[Document], blocks: Collection[str]
) -> tuple[list[Document], list[str]]:
    """Return the first citation with day and speakers of the last one of the same source."""
    first, marks = dict(citations[0]), list[str]()
    of_source = [row for row in earlier if row["source"] == first["source"]]
    at = f"citations/{first[ROW]}"
    if SAID in blocks and of_source:
        for name in FIELDS_OF_BLOCK[SAID]:
            if of_source[-1][name] not in {"", first[name]}:
                first[name] = of_source[-1][name]
                marks.append(f"{at}/{name}")
    if SPEAKER in blocks and any(step["attribution"] for row in of_source for step in row["chain"]):
        marks.append(f"{at}/chain")
    return [first, *citations[1:]], marks


def carried_speakers(citation: Document) -> list[str]:
    """Return the mark of a new citation's speakers, unless it is the outlet's own voice."""
    chain = citation["chain"]
    is_own = len(chain) == 1 and chain[0]["attribution"] == Attribution.OWN_VOICE
    return [] if is_own else [f"citations/{citation[ROW]}/chain"]


# Marks ------------------------------------------------------------------------------------------


def still_unseen(marks: Sequence[str], before: Document, after: Document) -> list[str]:
    """Return the marks of values that are there and unchanged."""
    states = [[path_of(state, mark.split("/"))[1] for mark in marks] for state in (before, after)]
    return [
        mark
        for mark, was, now in zip(marks, *states, strict=True)
        if now is not None and was == now
    ]
