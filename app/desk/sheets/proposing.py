"""Makes rows of a sheet from the marks of its text: proposed ones, and questions.

A row has the values of marks, never their words. Nothing is accepted here: a person does that.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.dates import edtf
from app.dates.edtf import DateError, Days
from app.desk.approved import models
from app.desk.draft_form import documents
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import ROW, Document
from app.desk.reading.article import ArticleReading
from app.desk.reading.marks import Figure, Mark, MarkKind, Reason, StageDay
from app.desk.reading.plans import deadline_of
from app.desk.reading.related_rows import relate_rows
from app.desk.reading.rows import KnownEvent, ProposedRow, propose_rows, row_of_sentence
from app.desk.sheets import expanding, unknown_towns
from app.desk.sheets.codes_in_force import TYPE, code_in_force, in_force, marks_in_force
from app.desk.sheets.form import (
    DefaultTerm,
    RowLink,
    RowRelation,
    StatementKind,
    StatementRow,
    StatementState,
)
from app.desk.sheets.speaker_letters import SpeakerLetters
from app.forms import PlaceForm, Term
from app.record.rules.containment import parents_of
from app.vocabulary.citations import Attribution, Certainty, Stance
from app.vocabulary.estimates import COUNTS_OF_NOBODY, Counts, Nature, Population, Quantifier, Unit
from app.vocabulary.events import Role, Step, TermKey
from app.vocabulary.kinds import RecordKind

MINIMUMS = {Quantifier.MORE_THAN, Quantifier.AT_LEAST}
MAXIMUMS = {Quantifier.UP_TO, Quantifier.FEWER_THAN}
OFFICIAL_SPEAKERS = {Attribution.GOVERNMENT, Attribution.DOCUMENT}
ARTICLE = re.compile(r"^(?:an?|the)\s+", re.IGNORECASE)
PLAN = "dispatch-plan"
"""The type of an action of which nothing shows yet that it took place."""
DENIED = "denied"
"""The reason of an action that somebody says did not happen."""


def propose(
    sheet: Document,
    reading: ArticleReading,
    known: Sequence[KnownEvent] = (),
    catalogue: Catalogue | None = None,
) -> Document:
    """Return a sheet with a row for each proposal that it does not have yet, in any state.

    Rows come in the order of the text, after those that the sheet has. With a catalogue, values
    that the record has no code for are left out.
    """
    document = deepcopy(sheet)
    reading = in_force(catalogue, reading) if catalogue else reading

    def surroundings(place: str) -> Iterable[str]:
        return parents_of(place, catalogue.directory.places) if catalogue else ()

    have = {row[ROW] for row in document["rows"]}
    speakers = SpeakerLetters(document, reading, catalogue)
    events: dict[int, str] = {}
    found = relate_rows(propose_rows(reading, known, surroundings), reading)
    # An event comes before the figures of its sentence, which refer to it.
    for proposed in sorted(found, key=lambda each: (each.sentence, each.kind == "estimate")):
        row = _row(proposed, speakers, catalogue, document)
        if row["kind"] == StatementKind.EVENT:
            events.setdefault(proposed.sentence, row[ROW])
        if row[ROW] not in have:
            have.add(row[ROW])
            document["rows"].append(row)
    new = have - {row[ROW] for row in sheet["rows"]}
    _link_estimates(document, events, new=new)
    _offer_nationality(document, reading)
    _leave_out_nationality(document, {row_key(each): each for each in found}, new, catalogue)
    return document


def propose_sentence(
    sheet: Document, reading: ArticleReading, number: int, catalogue: Catalogue
) -> Document:
    """Return a sheet with an accepted row of what the marks of a sentence say, from 1."""
    document = deepcopy(sheet)
    if number > len(reading.sentences):
        return document
    reading = in_force(catalogue, reading)
    proposed = row_of_sentence(reading, number - 1)
    row = _row(proposed, SpeakerLetters(document, reading, catalogue), catalogue, document)
    row |= {ROW: documents.new_key(), "state": StatementState.ACCEPTED.value}
    document["rows"].append(row)
    return document


def row_key(proposed: ProposedRow) -> str:
    """Return the key of a proposed row: the same for the same marks, so that none comes twice."""
    words = "/".join(str(part) for part in proposed.place)
    return hashlib.blake2s(words.encode(), digest_size=4).hexdigest()


def _row(
    proposed: ProposedRow, speakers: SpeakerLetters, catalogue: Catalogue | None, sheet: Document
) -> Document:
    row = {**documents.blank_row(StatementRow), ROW: row_key(proposed)}
    is_denied = proposed.action is not None and proposed.action.reason.value == DENIED
    # What somebody denies is no event of its own: the question is what is denied.
    is_question = proposed.kind == "citation" or (proposed.kind == "event" and is_denied)
    row |= {
        "kind": (StatementKind.CITATION if is_question else StatementKind(proposed.kind)).value,
        "state": (StatementState.QUESTION if is_question else StatementState.PROPOSED).value,
        "sentences": " ".join(str(at + 1) for at in (proposed.sentence, *proposed.further)),
        "record": proposed.record,
        "when": proposed.when.value if proposed.when else "",
        "speaker": speakers.letter_of(proposed.speaker),
        "day": speakers.day_of(proposed.said),
        "certainty": "" if proposed.certainty == Certainty.FIRM else proposed.certainty,
        "reasons": " ".join(dict.fromkeys(mark.reason.value for mark in _marks_of(proposed))),
    }
    if is_question and is_denied:
        row["stance"] = Stance.DISPUTES.value
    if proposed.denial:
        row["stance"] = proposed.denial.value
    row["links"] = _links(proposed, row)
    if proposed.stage:
        published = speakers.reading.sentences[proposed.sentence].published
        row |= _stage_fields(proposed, proposed.stage, published)
    # A question has the other fields too: “New event” keeps them.
    codes = _places(proposed, catalogue)
    row["where"] = "" if codes == expanding.split_codes(sheet["places"]) else ", ".join(codes)
    row["type"] = proposed.type
    # A group that a number tells, such as women, is no mark of the text that was looked up before.
    known = marks_in_force(catalogue, proposed.others) if catalogue else proposed.others
    others = [mark for mark in known if mark.reason is not Reason.NO_CODE]
    row["terms"] = _terms(others, row, sheet)
    if proposed.kind != "estimate":
        if catalogue is not None:
            row["type"] = code_in_force(catalogue, TYPE, proposed.type)
        laws = (mark.value for mark in others if mark.kind is MarkKind.LAW)
        row["laws"] = ", ".join(dict.fromkeys(laws))
        if not proposed.stage:
            row["deadline"] = deadline_of(proposed.deadline.value) if proposed.deadline else ""
            row["step"] = Step.PLANNED.value if proposed.nature else ""
    elif proposed.number and proposed.number.figure:
        row |= figure_fields(proposed.number.figure)
        if proposed.correction and proposed.correction.reason is Reason.CORRECTED:
            # The earlier number stays on record, without support: the report retracts it.
            row["stance"] = Stance.WITHDRAWS.value
        # A number that an authority or its statistics give without a reserve is an official one.
        speaker = proposed.speaker.value if proposed.speaker else ""
        if row["quantifier"] == Quantifier.EXACT and speaker in OFFICIAL_SPEAKERS:
            row["quantifier"] = Quantifier.OFFICIAL.value
        if proposed.action and proposed.action.value == PLAN and proposed.type == Counts.ARRIVALS:
            row["nature"] = Nature.PLANNED.value
        row["nature"] = row["nature"] or proposed.nature
        if row["unit"] and row["unit"] != Unit.RATIO and proposed.type not in COUNTS_OF_NOBODY:
            row["population"] = Population.THINGS.value
    return row


def _marks_of(proposed: ProposedRow) -> list[Mark]:
    related = (proposed.stage, proposed.denial, proposed.correction, proposed.deadline)
    single = (proposed.action, proposed.number, proposed.when, proposed.speaker, proposed.hedge)
    return [*filter(None, (*related, *single)), *proposed.where, *proposed.others]


def _links(proposed: ProposedRow, row: Document) -> list[Document]:
    """Return the link of a row to the one that it refers to, or to the record of a question."""
    to = proposed.to
    if to is None:
        return []
    # A part of what may be on record is a part of that record: “New event” leads it to the row.
    target = to.record if to.record and proposed.stage else row_key(to)
    link = documents.blank_row(RowLink, relation=proposed.relation, to=target)
    return [{**link, ROW: _key_in(row, proposed.relation)}]


def _stage_fields(proposed: ProposedRow, stage: Mark, published: date | None) -> dict[str, str]:
    """Return when a stage begins, or by when something must be done and when that was ordered."""
    if StageDay.DEADLINE.value in stage.also:
        ordered = proposed.to.when.value if proposed.to and proposed.to.when else ""
        # A rule's own date that is ahead is no day on which something was ordered.
        is_past = published is None or ordered.lstrip("[.") <= published.isoformat()
        return {"when": ordered if is_past else "", "deadline": stage.value}
    is_ahead = published is not None and stage.value[:10] > published.isoformat()
    return {"when": stage.value, "step": Step.PLANNED.value if is_ahead else ""}


def _key_in(row: Document, name: str) -> str:
    """Return the key of a row within a row: the same for the same name each time."""
    return hashlib.blake2s(f"{row[ROW]}/{name}".encode(), digest_size=4).hexdigest()


def _places(proposed: ProposedRow, catalogue: Catalogue | None) -> list[str]:
    """Return the places that a row names, without those around another of them.

    A town that only the gazetteer has is there by its name, so that an editor can add it.
    """
    if catalogue is None:
        return list(dict.fromkeys(mark.value for mark in proposed.where))
    directory = catalogue.directory
    codes: list[str] = []
    around: set[str] = set()
    for mark in proposed.where:
        if town := unknown_towns.town_of(mark):
            codes.append(unknown_towns.place_of_town(town, directory))
            around |= unknown_towns.places_around(town, directory)
        elif mark.value in directory.places:
            codes.append(mark.value)
            around.update(parents_of(mark.value, directory.places))
    return [code for code in dict.fromkeys(codes) if code not in around]


def figure_fields(figure: Figure) -> dict[str, str]:
    """Return the fields of a row that a figure fills: a bound as a bound, a point without any."""
    low, high = (_plain_number(number) for number in (figure.low, figure.high))
    if low == high and figure.quantifier in MINIMUMS:
        numbers = {"low": low, "point": "", "high": ""}
    elif low == high and figure.quantifier in MAXIMUMS:
        numbers = {"low": "", "point": "", "high": high}
    elif low == high:
        numbers = {"low": "", "point": low, "high": ""}
    else:
        numbers = {"low": low, "point": "", "high": high}
    return {
        **numbers,
        "quantifier": figure.quantifier,
        "unit": "" if figure.unit == Unit.PEOPLE else figure.unit,
        "per": figure.per,
        "form": "" if figure.form == "number" else figure.form,
    }


def _plain_number(number: float | None) -> str:
    return "" if number is None else f"{number:.6f}".rstrip("0").rstrip(".")


def _terms(marks: Iterable[Mark], row: Document, sheet: Document) -> list[Document]:
    """Return the papers, sectors and groups of a sentence that are no ticked default."""
    usual = {(term["key"], term["code"]) for term in sheet["defaults"] if term["ticked"]}
    codes = dict.fromkeys(mark.value for mark in marks if mark.kind is MarkKind.TERM)
    terms = []
    for value in codes:
        key, _colon, code = value.partition(":")
        if key in TermKey.by_code() and (key, code) not in usual:
            term = documents.blank(Term, key=key, code=code, role=Role.TARGET.value)
            terms.append({ROW: _key_in(row, value), **term})
    return terms


def _link_estimates(document: Document, events: dict[int, str], new: set[str]) -> None:
    """Link each newly proposed estimate to the event of its sentence, as its figure."""
    for row in document["rows"]:
        sentence = int(row["sentences"].split()[0]) - 1 if row["sentences"] else -1
        if row[ROW] in new and row["kind"] == StatementKind.ESTIMATE and sentence in events:
            relation = RowRelation.OF_EVENT.value
            row["links"].append(
                documents.blank_row(RowLink, relation=relation, to=events[sentence])
            )


def _offer_nationality(document: Document, reading: ArticleReading) -> None:
    """Offer the nationality that the text names most as a usual term, not ticked."""
    codes = [
        mark.value
        for _sentence, marks in reading
        for mark in marks
        if mark.kind is MarkKind.NATIONALITY and mark.reason is not Reason.NO_CODE
    ]
    offered = any(term["key"] == TermKey.NATIONALITY for term in document["defaults"])
    if not codes or offered or document["nationality"]:
        return
    most = max(dict.fromkeys(codes), key=codes.count)
    term = {"key": TermKey.NATIONALITY.value, "code": most, "role": Role.TARGET.value}
    document["defaults"].append(documents.blank_row(DefaultTerm, **term, ticked=""))


def _leave_out_nationality(
    document: Document,
    found: Mapping[str, ProposedRow],
    new: set[str],
    catalogue: Catalogue | None,
) -> None:
    """Give numbers of other people their nationality, and leave out the one that is offered.

    The events of their sentence are about them too, if it counts nobody else.
    """
    offered = {
        term["code"]: term[ROW]
        for term in document["defaults"]
        if term["key"] == TermKey.NATIONALITY
    }
    if not offered:
        return
    counted: dict[int, list[Sequence[str]]] = {}
    for proposed in found.values():
        if proposed.number and proposed.type not in COUNTS_OF_NOBODY:
            counted.setdefault(proposed.sentence, []).append(proposed.nationalities)
    for row in document["rows"]:
        proposed_row = found.get(row[ROW]) if row[ROW] in new else None
        if proposed_row is None:
            continue
        alone = counted.get(proposed_row.sentence, [])
        named = [proposed_row.nationalities] if proposed_row.number else alone
        own = {code for each in named for code in each}
        if not named or not all(named) or own <= set(offered):
            continue
        for code in sorted(own - set(offered)):
            known = code_in_force(catalogue, TermKey.NATIONALITY, code) if catalogue else code
            if known:
                term = {"key": TermKey.NATIONALITY.value, "code": known}
                term |= {"role": Role.TARGET.value}
                row["terms"].append({ROW: _key_in(row, known), **documents.blank(Term, **term)})
        if not own & set(offered):
            row["left_out"] = ", ".join(filter(None, (row["left_out"], *offered.values())))


# Events on record -------------------------------------------------------------------------------


def known_events(db: Session, catalogue: Catalogue) -> list[KnownEvent]:
    """Return the approved events and the drafted ones, with their places and days."""
    places = catalogue.directory.places
    at: dict[str, set[str]] = {}
    term = models.RecordTermRow
    of_places = select(term.event, term.place).where(
        term.event.is_not(None), term.place.is_not(None)
    )
    for event, place in db.execute(of_places):
        at.setdefault(str(event), set()).add(str(place))
    columns = (models.Event.id, models.Event.type, models.Event.happened, models.Event.attested)
    events = {
        id: (type, happened or attested or "", at.get(id, set()))
        for id, type, happened, attested in db.execute(select(*columns))
    }
    for id, document in catalogue.drafts_of(RecordKind.EVENT):
        codes = {row["code"] for row in document["terms"] if row["key"] == TermKey.PLACE}
        when = document["happened"] or document.get("attested", "")
        events.setdefault(id, (document["type"], when, codes))
    return [
        KnownEvent(id, type, _with_parents(codes, places), days, frozenset(codes))
        for id, (type, when, codes) in events.items()
        if (days := _days(when)) != Days()
    ]


def _with_parents(codes: Iterable[str], places: Mapping[str, PlaceForm]) -> frozenset[str]:
    return frozenset({each for code in codes if code for each in (code, *parents_of(code, places))})


def _days(when: str) -> Days:
    try:
        whole = edtf.parse(when).whole if when else None
    except DateError:
        return Days()
    return whole or Days()
