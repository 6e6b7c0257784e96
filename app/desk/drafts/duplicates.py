"""Records that a draft may enter twice, and adding its citations to one of them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import chain, islice

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from app.dates.edtf import Days
from app.desk.approved.models import WRITABLE_STATES, Draft, Record, ReferenceRow, any_array
from app.desk.approved.store import name_known
from app.desk.draft_form.advice import days_of
from app.desk.draft_form.catalogue import (
    THING_OF_KIND,
    WORLD,
    Catalogue,
    Match,
    figure_in_words,
)
from app.desk.drafts import commands
from app.desk.drafts.report_settings import cite
from app.desk.identity.models import Person
from app.desk.reading.text import split_sentences
from app.documents import (
    ROW,
    Document,
    date_in_words,
    document_of,
    fit_to_form,
    new_key,
    without_grouping,
)
from app.errors import InvalidStateError
from app.i18n.formats import as_sentence, enumerate_words, sentences
from app.i18n.translate import _
from app.kinds import FORMS, public
from app.kinds.terms import Term, names_place
from app.record.names.quantity import BOUNDS
from app.record.rules.containment import place_and_ancestors
from app.vocabulary.citations import Stance
from app.vocabulary.estimates import MOMENT_OR_PERIOD
from app.vocabulary.events import Direction, TypeNature
from app.vocabulary.kinds import RecordKind

MAX_SIMILAR = 4
MAX_CANDIDATES = 200
NO_NUMBER = Decimal(-1)
NEAR_DAYS = 31
"""How far the dates of two reports of one event may be apart."""


def similar(db: Session, catalogue: Catalogue, record: str, document: Document) -> list[Match]:
    """Return events or estimates that may be the same, on record or in a draft.

    They are at one place, or one within the other's, and at most a month apart; an event without a
    place may be any of its type. Without a date, events are looked for at the time of the report,
    numbers at any. Events have one type, or days and a direction in common: one reporter's recall
    is another's deportation. Numbers measure the same and overlap; an equal total is always
    returned. Entries of one report are never offered for each other.
    """
    kind, own_days, own = record[0], days_of(document), catalogue.draft_of(record)
    places = _places(catalogue, document)
    report = catalogue.document(own.article) if own and own.article else None
    about = own_days or (days_of(report) if report else None)
    if about is None or not (places or document.get("type")):
        return []
    # “Until” a day is a report of that day, not of earlier ones.
    days = Days(_moved(about.first or about.last, -NEAR_DAYS), _moved(about.last, NEAR_DAYS))
    around = {code: place_and_ancestors(code, catalogue.directory.places) for code in places}
    within = {
        code
        for code in catalogue.directory.places
        if places & place_and_ancestors(code, catalogue.directory.places)
    }
    related = {*within, *chain.from_iterable(around.values())}
    if kind == RecordKind.ESTIMATE:
        # Everything is in the world. A resolution of the world may be reported for one state.
        related -= {WORLD} - places
    at_place = select(ReferenceRow.record).where(
        ReferenceRow.path == "terms.code",
        ReferenceRow.target == any_array([name_known(RecordKind.PLACE, code) for code in related]),
    )
    is_type = Record.document["type"].astext == document.get("type", "")
    first, last = func.coalesce(Record.first, Record.last), func.coalesce(Record.last, date.max)
    is_of_days = (first <= (days.last or date.max)) & (last >= (days.first or date.min))
    is_undated_number = literal(own_days is None and kind == RecordKind.ESTIMATE)
    is_total = document.get("counts") in MOMENT_OR_PERIOD
    number = without_grouping(document["point"]) if is_total else ""
    near = select(Record).where(
        Record.kind == kind,
        Record.id.in_(at_place) if places else is_type,
        is_of_days | (Record.document["point"].astext == number) | is_undated_number,
    )
    rows = db.scalars(near.order_by(is_of_days.desc(), Record.id).limit(MAX_CANDIDATES))
    others = {row.id: document_of(public(row.form)) for row in rows}
    for id, article, typed in catalogue.drafts_of(kind):
        is_of_report = own and article and article == own.article
        drafted = fit_to_form(FORMS[kind], typed)
        other_days = days_of(drafted)
        is_near = not is_of_report and other_days and days.overlaps(other_days)
        if is_near and (not places or related & _places(catalogue, drafted)):
            others[id] = drafted
    others.pop(record, None)
    found = [id for id, other in others.items() if _is_same(document, other)]
    if kind == RecordKind.EVENT and own_days:
        found += [
            id
            for id, other in others.items()
            if id not in found
            and _may_be_same_act(catalogue, document, other)
            and places & _places(catalogue, other)
            and (other_days := days_of(other))
            and own_days.overlaps(other_days)
        ]
    return [_offer(catalogue, id, others[id], document) for id in found[:MAX_SIMILAR]]


def _offer(catalogue: Catalogue, id: str, other: Document, document: Document) -> Match:
    """Return a record with its day and first sentence, and how it differs from the draft."""
    match = catalogue.match(THING_OF_KIND[id[0]], id)
    about = [match.about]
    if "type" in other:
        about.append(date_in_words(other["happened"] or other["attested"]))
        # The summary may be the title, as a card writes it.
        about += [
            each.text
            for each in islice(split_sentences(other["summary"], "en", None), 1)
            if as_sentence(each.text) != as_sentence(match.label)
        ]
    here, there = (_named(catalogue, each) for each in (document, other))
    words = {_("Only there: {values}"): [there, here], _("Only here: {values}"): [here, there]}
    for only, (first, second) in words.items():
        if more := [each for each in first if each not in second]:
            about.append(only.format(values=enumerate_words(more)))
    return replace(match, about=sentences(filter(None, about)))


def _named(catalogue: Catalogue, document: Document) -> list[str]:
    """Return the number or type of a record, and whom and what it names, in words."""
    codes = [(row, catalogue.understand(Term, "code", row)) for row in document["terms"]]
    labels = [
        catalogue.directory.label(row["key"], code) if code else row["printed"]
        for row, code in codes
    ]
    figure = figure_in_words(document) if "counts" in document else []
    type_ = document.get("type") and catalogue.directory.label("type", document["type"])
    return [*filter(None, (*figure, type_, document.get("population_text", ""), *labels))]


def _places(catalogue: Catalogue, document: Document) -> set[str]:
    named = (row["code"].strip() for row in document.get("terms", ()) if names_place(row))
    return {catalogue.meant("place", name) for name in named if name} - {""}


def _moved(day: date | None, days: int) -> date | None:
    return day and date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def _is_same(mine: Mapping[str, str], other: Mapping[str, str]) -> bool:
    if "counts" in mine:
        ranges = [_range(each) for each in (mine, other)]
        low, high = (max(each[0] for each in ranges), min(each[1] for each in ranges))
        return mine["counts"] == other["counts"] and mine["form"] == other["form"] and low <= high
    return bool(mine["type"]) and mine["type"] == other["type"]


def _may_be_same_act(catalogue: Catalogue, *events: Mapping[str, str]) -> bool:
    """Whether two types have one direction between them, and neither is for what somebody says."""
    types = [catalogue.code("type", each["type"]) for each in events]
    if any(each is None or each.nature is TypeNature.STATEMENT for each in types):
        return False
    directions = {each.direction for each in types if each} - {None, Direction.NONE}
    return len(directions) == 1


def _range(document: Mapping[str, str]) -> tuple[Decimal, Decimal]:
    """Return the lowest and the highest number of an estimate; minus one if there is none."""
    try:
        numbers = [Decimal(without_grouping(document[n])) for n in BOUNDS if document[n]]
    except InvalidOperation:
        numbers = []
    return min(numbers, default=NO_NUMBER), max(numbers, default=NO_NUMBER)


def attach(db: Session, draft: Draft, record: str, by: Person) -> tuple[Draft, int]:
    """Append this draft's citations to the draft of another record, and delete this one.

    The date that they report is moved as that of a citation, and so are the statuses. Returns the
    other draft and the position of the first citation moved; the deleted draft can be restored.
    Raises InvalidStateError or CitingError if the other record is missing or being changed.
    """
    is_new = draft.base is None and draft.state in WRITABLE_STATES
    moved = [row for row in draft.document["citations"] if row["source"].strip()]
    if not (is_new and moved) or record[:1] != draft.kind or record == draft.record:
        raise InvalidStateError
    ids, places = dict[str, str](), list[int]()
    for row in moved:
        new = {**row, ROW: new_key(), "about": ids.get(row["about"], "")}
        if new["stance"] == Stance.SUPPORTS and not new["about"]:
            # The record may say more than the draft did.
            new["stance"] = ""
        if not new["about"]:
            new["happened"] = new["happened"] or draft.document.get("happened", "")
        article = draft.article or ""
        other, place = cite(db, by, record, article, key=new_key(), row=new)
        ids[row["id"]] = other.document["citations"][place]["id"]
        places.append(place)
    if stages := [
        {**row, ROW: new_key(), "citation": ids[row["citation"]]}
        for row in draft.document.get("stages", ())
        if row["citation"] in ids
    ]:
        document = {**other.document, "stages": [*other.document["stages"], *stages]}
        commands.save_by_itself(db, other, document, by)
    commands.move(db, draft, by, commands.DELETE, words=record)
    return other, places[0]
