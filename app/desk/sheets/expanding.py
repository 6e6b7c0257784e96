"""Writes a row of a sheet as the document of a draft, or as a citation in one.

What a row has no field for is in `more`: a part of a document, in JSON, that was read from the
long form (`projecting`). Private fields are in no sheet; a draft keeps its own.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.desk.sheets.form import (
    NATIONALITY_KEY,
    OWN_VOICE,
    RowRelation,
    StatementKind,
    TimeIs,
)
from app.desk.sheets.more import merge_rows, read_more, with_more
from app.documents import ROW, Document, blank, blank_row
from app.kinds import (
    FORMS,
    ChainStep,
    Citation,
    EventToEvent,
    FigureToFigure,
    Form,
    Legal,
    RecordForm,
    Stage,
    Term,
)
from app.kinds.base import rows_of
from app.vocabulary.citations import Attribution, Certainty, CitationKind, Stance
from app.vocabulary.estimates import (
    CHANGES,
    COUNTS_OF_NOBODY,
    MOMENTARY,
    NATURES_OF_RULES,
    EstimateLink,
    FigureForm,
    Nature,
    Population,
    Unit,
)
from app.vocabulary.events import EventLink, Role, Step, TermKey
from app.vocabulary.kinds import RecordKind, RowKind
from app.vocabulary.laws import LegalRelation, Reading

KIND_OF_RECORD = {
    StatementKind.EVENT: RecordKind.EVENT,
    StatementKind.ESTIMATE: RecordKind.ESTIMATE,
}
LINKS: dict[str, type[EventLink | EstimateLink]] = {
    RecordKind.EVENT: EventLink,
    RecordKind.ESTIMATE: EstimateLink,
}
LINK_FORMS: dict[str, type[Form]] = {
    RecordKind.EVENT: EventToEvent,
    RecordKind.ESTIMATE: FigureToFigure,
}
STEP_FIELDS = ("attribution", "words", "named", "outlet", "speakers_text", "occasion")
"""What a speaker of the sheet says of the first step of a chain."""


@dataclass(frozen=True)
class SheetReport:
    """What rows need from their report: the sheet's shared block, and the source's draft."""

    sheet: Document
    published: str = ""
    """EDTF; "" if the source has no valid date."""
    records: Mapping[str, str] = field(default_factory=dict)
    """Record ids by key of the row that becomes the record."""

    @property
    def source(self) -> str:
        return str(self.sheet["source"])

    def record_of(self, to: str) -> str:
        """Return the id of a record, or of the row with this key; "" if it has none yet."""
        return to if to[:1].isupper() else self.records.get(to, "")


def records_of(sheet: Document) -> dict[str, str]:
    """Return the ids of own records by row key."""
    return {
        row[ROW]: row["record"]
        for row in sheet["rows"]
        if row["record"] and row["kind"] != StatementKind.CITATION
    }


# A row that is a record -------------------------------------------------------------------------


def expand(row: Document, report: SheetReport, ids: Mapping[str, str] | None = None) -> Document:
    """Return the document of the draft that an event or estimate row becomes.

    `ids` are the ids of its citations by row key; others get one that only serves for checking.
    """
    kind = KIND_OF_RECORD[StatementKind(row["kind"])]
    form: type[RecordForm] = FORMS[kind]
    produced = blank(form, id=row["record"])
    produced |= _event_fields(row) if kind == RecordKind.EVENT else _estimate_fields(row, report)
    produced["terms"] = expand_terms(row, report)
    produced["citations"] = _citations(row, report, kind, ids or {})
    produced["links"] = [
        blank_row(LINK_FORMS[kind])
        | {ROW: link[ROW], "type": link["relation"], "to": report.record_of(link["to"])}
        | {"reason": link["reason"]}
        for link in row["links"]
        if link["relation"] in LINKS[kind].by_code()
    ]
    if kind == RecordKind.EVENT:
        produced["stages"] = _stages(row, report, produced["citations"][0]["id"])
        produced["legal"] = [_law(code) for code in split_codes(row["laws"])]
    return with_more(form, produced, read_more(row["more"]))


def text_of(row: Document, name: str) -> str:
    """Return title, summary or paraphrase: the statement, until they were edited apart."""
    return str(row[name] or row["statement"])


def _event_fields(row: Document) -> Document:
    time = "attested" if row["when_is"] == TimeIs.ATTESTED else "happened"
    return {
        "title": text_of(row, "title"),
        "summary": text_of(row, "summary"),
        "type": row["type"],
        time: row["when"],
        "happened_text": row["when_text"],
        "deadline": row["deadline"],
    }


def _estimate_fields(row: Document, report: SheetReport) -> Document:
    time = time_field(row)
    events = (link for link in row["links"] if link["relation"] == RowRelation.OF_EVENT)
    event = next(events, None)
    same = ("quantifier", "low", "point", "high", "unit", "per", "share_of", "printed_words")
    return {
        **{name: row[name] for name in (*same, "population_text")},
        "counts": row["type"],
        "nature": row["nature"] or Nature.OBSERVED.value,
        "form": row["form"] or FigureForm.NUMBER.value,
        "population": row["population"] or usual_population(row, report),
        "event": report.record_of(event["to"]) if event else "",
        time: row["when"],
        f"{time}_text": row["when_text"],
    }


def usual_population(row: Document, report: SheetReport) -> str:
    """Return what an estimate counts if its row says nothing: things by a unit of things."""
    is_of_things = row["unit"] not in {"", Unit.PEOPLE, Unit.RATIO}
    if is_of_things and row["type"] not in COUNTS_OF_NOBODY:
        return Population.THINGS.value
    return str(report.sheet["population"])


def usual_time_field(row: Document) -> str:
    """Return the field in which an estimate usually has its time: `as_of` or `period`."""
    if row["nature"] in NATURES_OF_RULES:
        return TimeIs.AS_OF.value
    is_state = row["type"] in MOMENTARY and row["nature"] in {"", Nature.OBSERVED}
    is_moment = is_state and row["form"] not in {*CHANGES, FigureForm.MEAN}
    return (TimeIs.AS_OF if is_moment else TimeIs.PERIOD).value


def time_field(row: Document) -> str:
    chosen: str = row["when_is"]
    return chosen if chosen in {TimeIs.AS_OF, TimeIs.PERIOD} else usual_time_field(row)


def expand_terms(row: Document, report: SheetReport) -> list[Document]:
    """Return the terms of a row: its places, then the usual terms, then its own."""
    sheet, own = report.sheet, row["terms"]
    codes = split_codes(row["where"]) or split_codes(sheet["places"])
    terms = [_term(_key("where", code), TermKey.PLACE, code, Role.AT) for code in codes]
    left_out = set(split_codes(row["left_out"]))
    has_nationality = any(term["key"] == TermKey.NATIONALITY for term in own)
    if sheet["nationality"] and NATIONALITY_KEY not in left_out and not has_nationality:
        key = _key("nationality", sheet["nationality"])
        terms.append(_term(key, TermKey.NATIONALITY, sheet["nationality"], Role.TARGET))
    named = {(term["key"], term["code"]) for term in own}
    terms += [
        _term(usual[ROW], usual["key"], usual["code"], usual["role"])
        for usual in sheet["defaults"]
        if usual["ticked"]
        and usual[ROW] not in left_out
        and (usual["key"], usual["code"]) not in named
    ]
    return [*terms, *own]


def _term(key: str, of: str, code: str, role: str) -> Document:
    return {ROW: key, **blank(Term, key=str(of), code=code, role=str(role))}


def _law(code: str) -> Document:
    relation, reading = LegalRelation.REFERS_TO.value, Reading.SOURCE.value
    law = blank(Legal, instrument=code, relation=relation, reading=reading)
    return {ROW: _key("law", code), **law}


def _stages(row: Document, report: SheetReport, citation: str) -> list[Document]:
    """Return the stage that a row reports: for its time, or planned for it."""
    if not row["step"]:
        return []
    is_planned = row["step"] == Step.PLANNED
    times = {"planned_for": row["when"]} if is_planned else {"date": row["when"]}
    stage = blank(Stage, step=row["step"], citation=citation, **times)
    if is_planned:
        stage["date"] = said_of(row, report)[0]
    return [{ROW: row[ROW], **stage}]


def split_codes(text: str) -> list[str]:
    """Return codes, or names that are resolved later: a name may have several words."""
    return [name for part in re.split("[,、，]", text) if (name := part.strip())]


def _key(*parts: str) -> str:
    """Return the same row key for the same parts each time."""
    return hashlib.blake2s("/".join(parts).encode(), digest_size=4).hexdigest()


# Citations --------------------------------------------------------------------------------------


def citation_key(row: Document) -> str:
    return str(row["citation"] or row[ROW])


def also_said(row: Document) -> list[Document]:
    return [link for link in row["links"] if link["relation"] == RowRelation.ALSO_SAID_BY]


def _citations(
    row: Document, report: SheetReport, kind: str, ids: Mapping[str, str]
) -> list[Document]:
    """Return the citation of a row, then one for each other speaker of its statement."""
    said, said_text = said_of(row, report)
    own = _citation(row, report, row["speaker"]) | {
        ROW: citation_key(row),
        "paraphrase": text_of(row, "paraphrase"),
        "kind": row["about"] or usual_about(kind),
        "reports_event": row["reports_event"],
        "said": said,
        "said_text": said_text,
    }
    if row["kind"] == StatementKind.CITATION:
        own["happened"] = row["when"]
    citations = [own]
    for link in also_said(row):
        said, said_text = said_of(link, report)
        same = {name: own[name] for name in ("kind", "reports_event")}
        more = {ROW: link[ROW], "said": said, "said_text": said_text, **same}
        more["paraphrase"] = link["statement"] or own["paraphrase"]
        citations.append(_citation(link, report, link["speaker"]) | more)
    for citation in citations:
        citation["id"] = ids.get(citation[ROW]) or _id_for_checking(citation[ROW])
    return citations


def _citation(said: Document, report: SheetReport, letter: str) -> Document:
    return blank_row(
        Citation,
        source=report.source,
        stance=said["stance"] or Stance.SUPPORTS.value,
        certainty=said["certainty"] or Certainty.FIRM.value,
        certainty_text=said["hedge_words"],
        chain=speaker_steps(letter, report.sheet),
    )


def blank_citation() -> Document:
    """Return a citation that says nothing, with one empty step."""
    return blank_row(Citation)


def usual_about(kind: str) -> str:
    is_number = kind == RecordKind.ESTIMATE
    return (CitationKind.NUMBER if is_number else CitationKind.OCCURRENCE).value


def speaker_steps(letter: str, sheet: Document) -> list[Document]:
    """Return the chain of a speaker: who says it, then the outlet that passes it on, if any.

    A letter that no speaker has gives an empty step.
    """
    if letter in {"", OWN_VOICE}:
        own_voice = blank(ChainStep, attribution=Attribution.OWN_VOICE.value)
        return [{ROW: _key("own voice"), **own_voice}]
    speaker = next((each for each in sheet["speakers"] if each["letter"] == letter), None)
    if speaker is None:
        return [{ROW: _key("speaker", letter), **blank(ChainStep)}]
    step = {name: speaker[name] for name in STEP_FIELDS}
    steps = [{ROW: speaker[ROW], **blank(ChainStep), **step}]
    if outlet := speaker["through"]:
        passed_on = {"attribution": Attribution.OTHER_OUTLET.value, "outlet": outlet}
        steps.append({ROW: passed_on_key(speaker), **blank(ChainStep), **passed_on})
    return steps


def passed_on_key(speaker: Document) -> str:
    """Return the key of the step for the outlet that passes a speaker's words on."""
    return _key("passed on", speaker[ROW])


def said_of(row: Document, report: SheetReport) -> tuple[str, str]:
    """Return day and words of a statement's day; without a letter the day of publication."""
    for day in report.sheet["days"]:
        if row["day"] and day["letter"] == row["day"]:
            return day["said"], day["said_text"]
    return ("" if row["day"] else report.published), ""


def _id_for_checking(key: str) -> str:
    return f"{RowKind.CITATION}{900_000_000 + int(key, 16) % 99_999_999}"


# A row that cites -------------------------------------------------------------------------------


def kind_of(document: Document) -> RecordKind:
    """Return the kind of an event's or estimate's document, which may have no id yet."""
    return RecordKind.EVENT if "stages" in document else RecordKind.ESTIMATE


def cite(
    row: Document, report: SheetReport, document: Document, ids: Mapping[str, str] | None = None
) -> Document:
    """Return the document of a record with the citations of a row, and the stage that it reports.

    Citations of the row that are in the document already are replaced.
    """
    kind = kind_of(document)
    citations = _citations(row, report, kind, ids or {})
    part: Document = {"citations": citations}
    if kind == RecordKind.EVENT:
        part["stages"] = _stages(row, report, citations[0]["id"])
    more = read_more(row["more"])
    cited = {**document}
    for name, rows in part.items():
        form = rows_of(FORMS[kind].model_fields[name])
        assert form is not None
        own = merge_rows(form, rows, more.get(name, []))
        by_key = {each[ROW]: each for each in own}
        was = [each[ROW] for each in document[name]]
        gone = {row[ROW]} if name == "stages" and not rows else set()
        cited[name] = [
            by_key.get(each[ROW], each) for each in document[name] if each[ROW] not in gone
        ] + [each for key, each in by_key.items() if key not in was]
    return cited
