"""Sheets of reports for tests: blank ones, rows with values, and random ones for properties."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from app import documents
from app.desk.sheets.expanding import SheetReport
from app.desk.sheets.form import (
    FIELDS_OF,
    DaySaid,
    DefaultTerm,
    RowLink,
    SheetForm,
    SheetSpeaker,
    StatementKind,
    StatementRow,
)
from app.documents import ROW, Document
from app.kinds import Term
from app.kinds.base import rows_of
from app.vocabulary.citations import Attribution, Certainty, CitationKind, ReportsEvent, Stance
from app.vocabulary.estimates import (
    Counts,
    EstimateLink,
    FigureForm,
    Nature,
    Per,
    Population,
    Quantifier,
    Unit,
)
from app.vocabulary.events import EventLink, Role, Step, TermKey


def make_row(key: str = "a1", kind: str = "event", **texts: Any) -> Document:
    """Return a row with this key."""
    return {**documents.blank_row(StatementRow, kind=kind, **texts), ROW: key}


def an_event(key: str = "a1", **changes: Any) -> Document:
    values = {"statement": "Workers go home.", "type": "repatriation", "when": "2019-03-15"}
    return make_row(key, **{**values, "where": "place-1", **changes})


def an_estimate(key: str = "a2", **changes: Any) -> Document:
    values = {"statement": "About 300 went.", "type": "departures", "when": "2019-03-15"}
    values |= {"quantifier": "about", "point": "300", "unit": "people", "population": "workers"}
    return make_row(key, "estimate", **{**values, "where": "place-1", **changes})


def make_link(key: str = "b1", **texts: str) -> Document:
    return {**documents.blank_row(RowLink, **texts), ROW: key}


def make_speaker(letter: str = "A", **texts: str) -> Document:
    values = {"attribution": "anonymous-source", "words": "a trader", "named": "no", **texts}
    row = documents.blank_row(SheetSpeaker, letter=letter, **values)
    return {**row, ROW: f"e{ord(letter):x}"}


def make_day(letter: str = "X", said: str = "2019-03-17", words: str = "") -> Document:
    row = documents.blank_row(DaySaid, letter=letter, said=said, said_text=words)
    return {**row, ROW: f"f{ord(letter):x}"}


def make_default(
    key: str, of: str, code: str, role: str = "target", ticked: str = "yes"
) -> Document:
    return {
        **documents.blank_row(DefaultTerm, key=of, code=code, role=role, ticked=ticked),
        ROW: key,
    }


def make_sheet(source: str = "S1", rows: Sequence[Document] = (), **values: Any) -> Document:
    return documents.blank(SheetForm, source=source, rows=list(rows), **values)


# Random sheets ----------------------------------------------------------------------------------

WORDS = st.sampled_from(["", "", "two plants", "단둥", "a, b", "«x»"])
DATES = st.sampled_from(["", "2019", "2019-03", "2019-03-15", "2019-03/..", "[2019-03-01..]"])
KEYS = st.integers(0x100, 0xFFFF).map(lambda number: f"{number:x}")
PLACES = st.sampled_from(["", "dandong", "china", "dandong, china", "Northeast China, dandong"])


def _one_of(codes: Any, *but: str) -> st.SearchStrategy[str]:
    return st.sampled_from(["", *(code.value for code in codes if code.value not in but)])


SENTENCES = st.sampled_from(["", "3", "2 4"])
OF_LISTS: dict[str, st.SearchStrategy[str]] = {
    "statement": st.sampled_from(["Workers leave", "A stay is cut"]),
    **dict.fromkeys(("title", "summary", "paraphrase"), st.sampled_from(["", "", "Told apart"])),
    "sentences": SENTENCES,
    "step": _one_of(Step, "lapsed"),
    **dict.fromkeys(("when", "deadline"), DATES),
    "where": PLACES,
    "speaker": st.sampled_from(["", "A", "B", "C"]),
    "day": st.sampled_from(["", "X", "Y"]),
    "certainty": _one_of(Certainty, "firm"),
    "nature": _one_of(Nature, "observed"),
    "quantifier": _one_of(Quantifier),
    **dict.fromkeys(("low", "point", "high"), st.sampled_from(["", "3", "2,000"])),
    "unit": _one_of(Unit),
    "per": _one_of(Per),
    "form": _one_of(FigureForm, "number"),
    "population": _one_of(Population),
    "stance": _one_of(Stance, "supports"),
    "about": st.sampled_from(["", CitationKind.DATE.value, CitationKind.EFFECT.value]),
    "reports_event": _one_of(ReportsEvent),
    "laws": st.sampled_from(["", "unsc-2397", "unsc-2397, labour-law"]),
}
"""Values of fields that are not words."""
TYPES = {
    StatementKind.EVENT: st.sampled_from(["", "stay-limit", "repatriation"]),
    StatementKind.ESTIMATE: _one_of(Counts),
    StatementKind.CITATION: st.just(""),
}
TERMS = st.builds(
    lambda key, code, role, words: {
        **documents.blank_row(Term, key=key.value, code=code, role=role.value, printed=words)
    },
    st.sampled_from([TermKey.SECTOR, TermKey.PAPER, TermKey.NATIONALITY]),
    st.sampled_from(["garments", "student"]),
    st.sampled_from([Role.TARGET, Role.EXEMPT]),
    WORDS,
)


@st.composite
def rows(draw: st.DrawFn, kind: StatementKind, key: str) -> Document:
    """Return a row with fields of its kind only, as a page makes it."""
    row = make_row(key, kind.value)
    form = StatementRow.model_fields
    for name in sorted(FIELDS_OF[kind] - {"kind", "record", "more", "citation"}):
        if name == "when_is":
            row[name] = draw(_time_is(kind, row))
        elif name == "type":
            row[name] = draw(TYPES[kind])
        elif not rows_of(form[name]) and name != "left_out":
            row[name] = draw(OF_LISTS.get(name, WORDS))
    record = {"estimate": "M7", "event": "E7"}.get(kind.value, draw(st.sampled_from(["E9", "M9"])))
    row["record"] = record
    if record[0] == "M":
        row["step"] = row["deadline"] = ""
    if kind != StatementKind.CITATION:
        row["terms"] = draw(st.lists(TERMS, max_size=2))
        row["left_out"] = draw(st.sampled_from(["", "d1", "0"]))
    row["links"] = draw(_links(kind, record))
    return row


def _time_is(kind: StatementKind, row: Document) -> st.SearchStrategy[str]:
    choices = {"event": ["", "attested"], "estimate": ["", "as_of", "period"]}
    return st.sampled_from(choices[kind.value])


@st.composite
def _links(draw: st.DrawFn, kind: StatementKind, record: str) -> list[Document]:
    links = []
    for key in draw(st.lists(st.sampled_from(["b1", "b2", "b3"]), unique=True, max_size=3)):
        if kind != StatementKind.CITATION and draw(st.booleans()):
            codes = EventLink if record[0] == "E" else EstimateLink
            to = draw(st.sampled_from(["c1", f"{record[0]}5"]))
            relation = draw(st.sampled_from([code.value for code in codes]))
            links.append(make_link(key, relation=relation, to=to, reason=draw(WORDS)))
            continue
        said = {
            name: draw(OF_LISTS[name])
            for name in ("speaker", "day", "stance", "certainty", "sentences")
        }
        words = {"hedge_words": draw(WORDS), "statement": draw(st.sampled_from(["", "B said no"]))}
        links.append(make_link(key, relation="also-said-by", **said, **words))
    return links


@st.composite
def reports(draw: st.DrawFn) -> SheetReport:
    """Return a report with two speakers, two days and usual values."""
    sheet = make_sheet(
        speakers=[
            make_speaker("A"),
            make_speaker("B", attribution=Attribution.GOVERNMENT.value, named="yes", words="X"),
            make_speaker("C", through="daily-nk"),
        ],
        days=[make_day("X"), make_day("Y", "2019-03-18", draw(WORDS))],
        nationality=draw(st.sampled_from(["", "north-korean"])),
        places=draw(PLACES),
        population=draw(_one_of(Population)),
        defaults=[
            make_default("d1", "sector", "garments"),
            make_default("d2", "paper", "student", ticked=draw(st.sampled_from(["", "yes"]))),
        ],
    )
    published = draw(st.sampled_from(["", "2019-03-18"]))
    return SheetReport(sheet, published, {"c1": "E6", "c2": "M6"})
