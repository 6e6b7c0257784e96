"""Reads the document of a draft as a row of a sheet: the reverse of `expanding`.

`project(expand(row)) == row`, and `expand` of a projected row gives the draft's document. What a
row has no field for goes into its `more`; a speaker or day that the sheet does not have is added.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from app import documents
from app.desk.sheets import expanding
from app.desk.sheets.expanding import LINKS, STEP_FIELDS, SheetReport
from app.desk.sheets.form import (
    DAY_LETTERS,
    FIELDS_OF,
    NATIONALITY_KEY,
    DaySaid,
    RowLink,
    RowRelation,
    SheetSpeaker,
    StatementKind,
    StatementRow,
    TimeIs,
    next_letter,
)
from app.desk.sheets.more import is_plain_law, rest_of
from app.documents import ROW, YES, Document
from app.kinds import FORMS, Term
from app.vocabulary.citations import Attribution, Certainty, Stance
from app.vocabulary.estimates import FigureForm, Nature
from app.vocabulary.events import Role, TermKey
from app.vocabulary.kinds import RecordKind

KIND_OF_LETTER = {
    RecordKind.EVENT: StatementKind.EVENT,
    RecordKind.ESTIMATE: StatementKind.ESTIMATE,
}
USUAL = {
    "nature": Nature.OBSERVED,
    "form": FigureForm.NUMBER,
    "stance": Stance.SUPPORTS,
    "certainty": Certainty.FIRM,
}
"""Values that a row leaves empty."""


@dataclass(frozen=True)
class Projection:
    """A row, and the sheet with the speakers and days that the row needs."""

    row: Document
    sheet: Document


def project(document: Document, report: SheetReport, before: Document | None = None) -> Projection:
    """Return a draft's document as an event or estimate row of the sheet.

    `before` is the row as the sheet has it: its ways to say the same are kept.
    """
    kind = RecordKind(document["id"][0])
    cited = _own_citation(document, report, before)
    row = _blank(KIND_OF_LETTER[kind], document["id"], before, cited)
    reader = _Reader(report, before or row, kind)
    if kind == RecordKind.EVENT:
        row |= _event_fields(document, reader)
    else:
        row |= _estimate_fields(document, reader)
    row |= _texts(document, cited, reader.before, kind)
    row |= reader.citation(cited)
    row |= _terms(document["terms"], report, reader.before)
    row["links"] = [
        *_record_links(document, reader, kind),
        *_other_speakers(document, row, reader),
    ]
    row["links"].sort(key=_order_of(reader.before["links"]))
    return Projection(_with_rest(row, document, reader.report), reader.report.sheet)


def project_citation(document: Document, report: SheetReport, before: Document) -> Projection:
    """Return a citation row as the document of its record has it."""
    kind = RecordKind(document["id"][0])
    cited = _own_citation(document, report, before)
    row = _blank(StatementKind.CITATION, document["id"], before, cited)
    reader = _Reader(report, before, kind)
    row["when"] = cited["happened"]
    row |= _texts(document, cited, before, kind, names=("paraphrase",))
    row |= reader.citation(cited)
    row |= _stage(document, row)
    own = {link[ROW] for link in expanding.also_said(before)}
    mine = [each for each in document["citations"] if each[ROW] in own]
    of_rows = [link for link in before["links"] if link[ROW] not in own]
    said = _other_speakers({"citations": [cited, *mine]}, row, reader)
    row["links"] = sorted([*of_rows, *said], key=_order_of(before["links"]))
    keys = {cited[ROW], *own}
    part = {
        "citations": [each for each in document["citations"] if each[ROW] in keys],
        "stages": [each for each in document.get("stages", []) if each[ROW] == row[ROW]],
    }
    return Projection(_with_rest(row, {**document, **part}, reader.report), reader.report.sheet)


def _blank(kind: StatementKind, record: str, before: Document | None, cited: Document) -> Document:
    """Return a row with what no draft has: key and sentences."""
    row = documents.blank_row(StatementRow, kind=kind.value, record=record)
    if before is not None:
        row |= {name: before[name] for name in (ROW, "sentences", "citation")}
        row |= {name: before[name] for name in row if name not in {*FIELDS_OF[kind], ROW}}
        is_citation = kind is StatementKind.CITATION
        row |= {"kind": kind.value, "record": before["record"] if is_citation else record}
    elif cited[ROW]:
        row["citation"] = cited[ROW] if cited[ROW] != row[ROW] else ""
    return row


def _own_citation(document: Document, report: SheetReport, before: Document | None) -> Document:
    """Return the citation of a row: the one with its key, or else the first of the report."""
    key = expanding.citation_key(before) if before else ""
    by_key: dict[str, Document] = {each[ROW]: each for each in document["citations"]}
    if key in by_key:
        return by_key[key]
    own = (each for each in document["citations"] if each["source"] == report.source)
    blank = {**expanding.blank_citation(), ROW: ""}
    return blank if before else next(own, blank)


# Fields of records ------------------------------------------------------------------------------


def _event_fields(document: Document, reader: "_Reader") -> Document:
    is_ongoing = bool(document["attested"]) and not document["happened"]
    laws = [row for row in document["legal"] if is_plain_law(row)]
    return {
        "type": document["type"],
        "when": document["attested" if is_ongoing else "happened"],
        "when_text": document["happened_text"],
        "when_is": reader.same_time(
            TimeIs.ATTESTED.value if is_ongoing else "", document["happened"]
        ),
        "deadline": document["deadline"],
        "laws": ", ".join(row["instrument"] for row in laws),
        **_stage(document, reader.before),
    }


def _stage(document: Document, row: Document) -> Document:
    stage = next((each for each in document.get("stages", []) if each[ROW] == row[ROW]), None)
    return {"step": stage["step"] if stage else ""}


def _estimate_fields(document: Document, reader: "_Reader") -> Document:
    same = ("quantifier", "low", "point", "high", "unit", "per", "share_of", "printed_words")
    row = {
        **{name: document[name] for name in (*same, "population_text")},
        "type": document["counts"],
        **{name: _unless_usual(document[name], name, reader) for name in ("nature", "form")},
    }
    usual = expanding.usual_time_field(row)
    has = [each for each in (usual, "as_of", "period") if document[each]]
    time = has[0] if has else usual
    row |= {"when": document[time], "when_text": document[f"{time}_text"]}
    chosen = reader.before["when_is"]
    is_kept = chosen == time or (not has and chosen in {"as_of", "period"})
    row["when_is"] = chosen if is_kept else "" if time == usual else time
    if not has and is_kept:
        row["when_text"] = document[f"{chosen}_text"]
    before, usually = reader.before["population"], expanding.usual_population(row, reader.report)
    population = document["population"]
    is_usual = population == usually and before != population
    return row | {"population": "" if is_usual else population}


def _unless_usual(value: str, name: str, reader: "_Reader") -> str:
    return "" if value == USUAL[name] and reader.before[name] != value else value


def _texts(
    document: Document,
    cited: Document,
    before: Document,
    kind: RecordKind,
    names: tuple[str, ...] = ("title", "summary", "paraphrase"),
) -> Document:
    """Return the statement, and each text that differs from it."""
    if kind != RecordKind.EVENT:
        names = ("paraphrase",)
    texts = {**document, "paraphrase": cited["paraphrase"]}
    values = {name: texts[name] for name in names}
    statement = before["statement"]
    is_said = {name: before[name] or statement for name in names} == values
    if not is_said and statement not in values.values():
        statement = values["paraphrase"]
    return {
        "statement": statement,
        **{
            name: before[name]
            if (before[name] or statement) == value
            else ("" if value == statement else value)
            for name, value in values.items()
        },
    }


def _terms(terms: list[Document], report: SheetReport, before: Document) -> Document:
    """Return places, own terms, and the keys of the usual terms that the record does not have."""
    if _without_keys(expanding.expand_terms(before, report)) == _without_keys(terms):
        return {name: before[name] for name in ("where", "left_out", "terms")}
    sheet = report.sheet
    where = [term["code"] for term in terms if _is_plain(term, TermKey.PLACE, Role.AT)]
    rest = [term for term in terms if not _is_plain(term, TermKey.PLACE, Role.AT)]
    left_out = []
    if sheet["nationality"]:
        named = [term for term in rest if term["key"] == TermKey.NATIONALITY]
        left_out += [] if named else [NATIONALITY_KEY]
        if len(named) == 1 and _is_plain(named[0], TermKey.NATIONALITY, Role.TARGET):
            rest = [
                term
                for term in rest
                if named[0]["code"] != sheet["nationality"] or term not in named
            ]
    for each in sheet["defaults"]:
        if each["ticked"] != YES:
            continue
        alike = [
            term for term in rest if (term["key"], term["code"]) == (each["key"], each["code"])
        ]
        left_out += [] if alike else [each[ROW]]
        if len(alike) == 1 and _is_plain(alike[0], each["key"], each["role"]):
            rest = [term for term in rest if term is not alike[0]]
    is_usual = where == expanding.split_codes(sheet["places"])
    return {
        "where": "" if is_usual else ", ".join(where),
        "terms": rest,
        "left_out": ", ".join(left_out),
    }


def _values(term: Document) -> tuple[str, ...]:
    return tuple(term[name] for name in Term.model_fields)


def _without_keys(terms: list[Document]) -> list[tuple[str, ...]]:
    return [_values(term) for term in terms]


def _is_plain(term: Document, key: str, role: str) -> bool:
    plain = documents.blank(Term, key=str(key), code=term["code"], role=str(role))
    return bool(term["code"]) and {name: term[name] for name in plain} == plain


# Links and citations ----------------------------------------------------------------------------


def _record_links(document: Document, reader: "_Reader", kind: RecordKind) -> list[Document]:
    before = {link[ROW]: link for link in reader.before["links"]}
    links = []
    for each in document["links"]:
        if each["type"] in LINKS[kind].by_code():
            link = before.get(each[ROW]) or {**documents.blank_row(RowLink), ROW: each[ROW]}
            to = reader.to(each["to"], link["to"])
            links.append(link | {"relation": each["type"], "to": to, "reason": each["reason"]})
    if kind == RecordKind.ESTIMATE and document["event"]:
        events = (link for link in before.values() if link["relation"] == RowRelation.OF_EVENT)
        link = next(events, None) or documents.blank_row(RowLink)
        to = reader.to(document["event"], link["to"])
        links.append(link | {"relation": RowRelation.OF_EVENT.value, "to": to})
    unresolved = [
        link
        for link in before.values()
        if link["relation"] not in {RowRelation.ALSO_SAID_BY, *(each["relation"] for each in links)}
        and not reader.report.record_of(link["to"])
    ]
    return [*links, *(link for link in unresolved if link not in links)]


def _other_speakers(document: Document, row: Document, reader: "_Reader") -> list[Document]:
    """Return a link for each other citation of the report that is no row of its own."""
    before = {link[ROW]: link for link in reader.before["links"]}
    taken = {expanding.citation_key(each) for each in reader.report.sheet["rows"]}
    taken.add(expanding.citation_key(row))
    links = []
    for each in document["citations"]:
        if each[ROW] in taken or each["source"] != reader.report.source or each["about"]:
            continue
        link = before.get(each[ROW]) or {**documents.blank_row(RowLink), ROW: each[ROW]}
        inner = _Reader(reader.report, {**reader.before, **link}, reader.kind)
        said = inner.citation(each)
        reader.report = inner.report
        statement = expanding.text_of(row, "paraphrase")
        is_same = each["paraphrase"] == statement and link["statement"] != statement
        link = link | {name: said[name] for name in said if name in link}
        link |= {"statement": "" if is_same else each["paraphrase"]}
        links.append(link | {"relation": RowRelation.ALSO_SAID_BY.value, "to": link["to"]})
    return links


def _order_of(before: list[Document]) -> Callable[[Document], int]:
    order = {link[ROW]: index for index, link in enumerate(before)}
    return lambda link: order.get(link[ROW], len(order))


class _Reader:
    """Reads what a row says by letters and keys; adds speakers and days to the sheet."""

    def __init__(self, report: SheetReport, before: Document, kind: RecordKind) -> None:
        self.report, self.before, self.kind = report, before, kind

    def citation(self, cited: Document) -> Document:
        about = cited["kind"]
        is_usual = about == expanding.usual_about(self.kind) and self.before["about"] != about
        return {
            "speaker": self._speaker(cited["chain"]),
            "day": self._day(cited["said"], cited["said_text"]),
            "stance": _unless_usual(cited["stance"], "stance", self),
            "certainty": _unless_usual(cited["certainty"], "certainty", self),
            "hedge_words": cited["certainty_text"],
            "about": "" if is_usual else about,
            "reports_event": cited["reports_event"],
        }

    def same_time(self, chosen: str, happened: str) -> str:
        """Return which time an event has; with no time at all, as the row had it."""
        before: str = self.before["when_is"]
        is_kept = chosen == "" and not happened and not self.before["when"]
        return before if is_kept or (chosen == "" and before in {"as_of", "period"}) else chosen

    def to(self, record: str, before: str) -> str:
        """Return a link's target: as the row had it, or the row that becomes this record."""
        if self.report.record_of(before) == record:
            return before
        rows = (key for key, id in self.report.records.items() if id == record)
        return next(rows, record)

    def _speaker(self, chain: list[Document]) -> str:
        sheet, step, through = self.report.sheet, chain[0], _passed_on_by(chain)

        def says(letter: str, outlets: Collection[str] = (through,)) -> bool:
            first, *others = expanding.speaker_steps(letter, sheet)
            is_first = all(first[name] == step[name] for name in STEP_FIELDS)
            return is_first and _passed_on_by([first, *others]) in outlets

        # An outlet that was added in the long form stays in what is left over of the row.
        before: str = self.before["speaker"]
        if says(before, {through, ""}):
            return before
        letters: list[str] = ["", *(speaker["letter"] for speaker in sheet["speakers"])]
        if found := [letter for letter in letters if says(letter)]:
            return found[0]
        new = documents.blank_row(SheetSpeaker, letter=next_letter(sheet["speakers"]))
        new |= {name: step[name] for name in STEP_FIELDS} | {"through": through}
        self._add("speakers", new)
        return str(new["letter"])

    def _day(self, said: str, words: str) -> str:
        def is_day(letter: str) -> bool:
            return expanding.said_of({"day": letter}, self.report) == (said, words)

        before: str = self.before["day"]
        days = self.report.sheet["days"]
        letters: list[str] = [before, "", *(day["letter"] for day in days)]
        if (found := next((letter for letter in letters if is_day(letter)), None)) is not None:
            return found
        letter = next_letter(days, DAY_LETTERS)
        self._add("days", documents.blank_row(DaySaid, letter=letter, said=said, said_text=words))
        return letter

    def _add(self, name: str, row: Document) -> None:
        sheet = {**self.report.sheet, name: [*self.report.sheet[name], row]}
        self.report = replace(self.report, sheet=sheet)


def _passed_on_by(chain: list[Document]) -> str:
    """Return the outlet that is the second step of a chain."""
    is_outlet = len(chain) > 1 and chain[1]["attribution"] == Attribution.OTHER_OUTLET
    return str(chain[1]["outlet"]) if is_outlet else ""


# The rest -----------------------------------------------------------------------------------------


def _with_rest(row: Document, document: Document, report: SheetReport) -> Document:
    """Return the row with what its fields do not give of the document."""
    bare = {**row, "more": ""}
    form = FORMS[document["id"][0]]
    if row["kind"] == StatementKind.CITATION:
        produced = expanding.cite(bare, report, {**document, "citations": [], "stages": []})
    else:
        produced = expanding.expand(bare, report)
    rest = rest_of(form, produced, document)
    return {**row, "more": json.dumps(rest, ensure_ascii=False, sort_keys=True) if rest else ""}
