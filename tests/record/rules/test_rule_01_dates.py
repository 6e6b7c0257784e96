"""Dates of events and the periods that match them (rule 1). Parsing: `tests/dates/test_edtf.py`."""

from datetime import date
from functools import partial

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.dates import day_ranges, edtf
from app.dates.wording import in_words
from app.kinds import Citation, EventForm, RecordForm
from app.record.derivation.rows import derive_row
from app.record.models import Version
from app.record.names.status_labels import step_day_in_words, with_basis
from app.record.rules import stages
from tests.make import (
    a_context,
    a_small_world,
    facts_of,
    make_citation,
    make_code,
    make_estimate,
    make_event,
    make_place,
    make_source,
    make_stage,
    make_term,
    publish_all,
)
from tests.support.day_ranges import match
from tests.support.record_queries import counted, finder, ids
from tests.support.tables import differing, misjudged


def spans(form: EventForm, *around: RecordForm) -> day_ranges.Spans:
    found: day_ranges.Spans = facts_of(form, *around).spans
    return found


def test_periods_that_match_event_date() -> None:
    matches = {
        # An interval is certain in a period that contains it or overlaps the days between its ends.
        "2019-05-10/2019-05-20 in 2019-05-01/2019-05-31": "certain",
        "2019-05-10/2019-05-20 in 2019-05-15": "certain",
        "2019-05/2019-07 in 2019-05-31/2019-07-01": "certain",
        "2019-05/2019-06 in 2019-05-10/2019-05-20": "possible",
        "2019-05/2019-06 in 2019-05-31/2019-06-01": "certain",
        # A month or year means some day within it; bounds are inclusive.
        "2019-05 in 2019-05-01/2019-05-31": "certain",
        "2019-05 in 2019-05-02/2019-05-31": "possible",
        "2019-05-31 in 2019-05-31/2019-06-30": "certain",
        "2019-05-31 in 2019-06-01/2019-06-30": "no",
        # One of several days.
        "[2019-01-01,2019-12-31] in 2019-06-01/2019-06-30": "no",
        "[2019-01-01,2019-12-31] in 2019-12-01/2019-12-31": "possible",
        "[2019-01-01,2019-12-31] in 2019-01-01/2019-12-31": "certain",
        # Winter 2024 ends in February 2025.
        "2024-24 in 2025-02-28": "possible",
        "2024-24 in 2024-12-01/2025-02-28": "certain",
        "2024-24 in 2025-03-01/2025-03-31": "no",
        # About or perhaps: possible as before, certain only with the surroundings.
        "2019-04-23~ in 2019-04-23": "possible",
        "2019-04-23~ in 2019-04-08/2019-05-08": "certain",
        "2019-04-23~ in 2019-04-09/2019-05-08": "possible",
        "2019-04-23~ in 2019-04-08/2019-04-22": "no",
        "2019-04~ in 2019-04": "possible",
        "2019-04~ in 2019-03/2019-05": "certain",
        "2019-04? in 2019-03-02/2019-05": "possible",
        "2019-04% in 2019-03/2019-05": "certain",
        "2019-21~ in 2018-12/2019-08": "certain",
        "2019-21~ in 2018-12/2019-07": "possible",
        "2019~ in 2018/2020": "certain",
        "2019~ in 2018/2019": "possible",
        # Each end is widened by its own mark.
        "2019-03/2019-08~ in 2019-04-01": "certain",
        "2019-03/2019-08~ in 2019-08-01": "possible",
        "2019-03~/2019-08 in 2019-04-01": "possible",
        "2019-03~/2019-08 in 2019-02/2019-08": "certain",
        "2019-03~/2019-04~ in 2019-03-31/2019-04-01": "possible",
        # On or before a day: possible in each period that begins by then, certain in none.
        "[..2019-05-16] in 2019-05-16": "possible",
        "[..2019-05-16] in 1900": "possible",
        "[..2019-05-16] in 1900/2100": "possible",
        "[..2019-05-16] in ../2019-05-16": "possible",
        "[..2019-05-16] in 2019-05-17/2100": "no",
        "../2019-05 in 2019-05-31": "possible",
        "../2019-05 in 1900/2100": "possible",
        # In no period.
        "XXXX-05 in 1900/2100": "no",
        "XXXX-05-01 in 1900/2100": "no",
        " in 1900/2100": "no",
    }

    def found(case: str) -> str:
        happened, window = case.split(" in ")
        return match(spans(make_event(happened=happened, citations=[])), window)

    assert differing(found, matches) == {}


def test_end_alone_of_what_is_done_once_is_the_day_by_which_it_was() -> None:
    by_then, not_said = "on or before May 2019", "by May 2019; since when is not said"
    expected = {"act": by_then, "statement": by_then, "measure": not_said, "context": not_said}

    def found(nature: str) -> object:
        event = make_event(type="visit", happened="../2019-05")
        return facts_of(event, make_code("visit", nature=nature)).happened_words

    assert differing(found, expected) == {}


def test_act_in_several_places_is_certain_only_in_its_whole_time() -> None:
    """Which days belong to which place is not known: 3,000 here by March, 500 there in May."""
    act, rule = make_code("visit", nature="act"), make_code("limit", nature="measure")
    around = make_place(4, parent="province-2"), make_place(5, parent="province-2")

    def found(type: str, *places: str) -> str:
        terms = [make_term(code=code, role="to") for code in places]
        event = make_event(type=type, happened="2025-01/2025-05", terms=terms)
        windows = ("2025-03-01/2025-03-31", "2025-01-01/2025-05-31")
        found = spans(event, act, rule, *around)
        return ", ".join(match(found, window) for window in windows)

    assert found("visit", "place-4", "place-5") == "possible, certain"
    assert found("visit", "place-4", "province-2") == "certain, certain"
    assert found("visit", "place-4") == "certain, certain"
    assert found("limit", "place-4", "place-5") == "certain, certain"


def test_attested_state_is_possible_up_to_its_day() -> None:
    matches = {
        # Possible up to the day on which it is attested, certain where that day is contained.
        "2019-05-05 in 2019-05-05": "certain",
        "2019-05-05 in 1950": "possible",
        "2019-05-05 in 2019-05-01/2019-05-04": "possible",
        "2019-05-05 in 2019-05-06/2019-05-31": "no",
        "2019-05-05 in ../2019-05-05": "certain",
        "2019-05-05 in 2019-05-05/..": "certain",
        "2019-05 in 2019-05-05/2019-05-31": "possible",
        "2019-05 in 2019-05-01/2019-05-31": "certain",
        "2019-05-05~ in 2019-05-05": "possible",
        "2019-05-05~ in 2019-04-20/2019-05-20": "certain",
        "2019-05-05~ in 2019-05-06/2019-05-20": "no",
        # Attested on several days in a row, or on one of two days.
        "2019-05-05/2019-05-08 in 2019-05-07": "certain",
        "[2019-05-05,2019-05-08] in 2019-05-05/2019-05-08": "certain",
        "[2019-05-05,2019-05-08] in 2019-05-05/2019-05-07": "possible",
        "XXXX-05 in 1900/2100": "no",
    }

    def found(case: str) -> str:
        attested, window = case.split(" in ")
        return match(spans(make_event(happened="", attested=attested, citations=[])), window)

    assert differing(found, matches) == {}


def test_attested_date_without_sense_is_form_error() -> None:
    refusals = {("2019-05", "2019-05-05"): "not both", ("", "2019-05/.."): "without two dots"}

    def make(happened: str, attested: str) -> None:
        make_event(happened=happened, attested=attested)

    assert misjudged(ValidationError, make, refusals) == {}


def test_attested_state_is_listed_and_counted(desk: Session) -> None:
    later = make_event(3, happened="2019-05-20")
    attested = [
        make_event(1, happened="", attested="2019-05-05"),
        make_event(2, happened="", attested="2019-05~"),
    ]
    publish_all(desk, *a_small_world(), *attested, later)
    found = {
        "": ["E2", "E1", "E3"],
        "from=2019-05-05&to=2019-05-05": ["E2", "E1"],
        "to=2018": ["E2", "E1"],
        "from=2019-05-06": ["E2", "E3"],
        "date=none": [],
        "match=certain": ["E2", "E1", "E3"],
        "from=2019-05-05&to=2019-05-05&match=certain": ["E1"],
        "to=2018&match=certain": [],
        "from=2019-05-06&match=certain": ["E3"],
        "date=none&match=certain": [],
    }
    assert differing(finder(desk), found) == {}
    payload = desk.scalars(select(Version.payload).where(Version.id == "E1")).one()
    assert payload["happened_words"] == "attested 5 May 2019; beginning and end not known"


def test_ongoing_event_is_possible_until_last_report() -> None:
    june = make_citation(said="2019-06-17")

    def last(*citations: Citation) -> str:
        found = spans(make_event(happened="2019-05-10/..", citations=[*citations]))
        [days] = found.possible
        assert days.first == date(2019, 5, 10)
        assert found.sure == edtf.Days(date(2019, 5, 10), date(2019, 5, 10))
        return str(days.last)

    assert last(june) == "2019-06-17"
    assert last(make_citation()) == "2019-06-20", "the day of the source's publication"
    assert last(june, make_citation(2, 2, said="2019-08")) == "2019-08-31"
    assert last(june, make_citation(2, 2, said="2019-08", stance="mentions")) == "2019-06-17"
    assert last(june, make_citation(2, 2, said="2019-08", kind="cause")) == "2019-06-17"
    assert last() == "None"


def test_deadline_is_not_part_of_span() -> None:
    assert spans(make_event(deadline="2019-06-30")) == spans(make_event())


def test_published_and_as_of_match_any_day_within() -> None:
    days, world = "2019-05/2019-06", a_context(*a_small_world())
    forms: list[RecordForm] = [make_source(published=days), make_estimate(as_of=days)]
    forms += [make_estimate(counts="arrivals", period=days)]
    found = [match(derive_row(form, world).spans, "2019-05-31/2019-06-01") for form in forms]
    assert found == ["possible", "possible", "certain"]


def test_undated_events_are_counted_separately(desk: Session) -> None:
    undated = [make_event(2, happened=""), make_event(3, happened="XXXX-05")]
    bounded = make_event(5, happened="[2019-01..2019-12]")
    publish_all(desk, *a_small_world(), make_event(1), *undated, bounded)
    assert ids(desk, "date=none") == ["E2", "E3"]
    assert ids(desk) == ["E5", "E1", "E2", "E3"]
    assert ids(desk, "from=2019&to=2019") == ["E5", "E1"]
    found = counted(desk, "from=2019&to=2019")
    assert (found.total, found.undated, found.possible, found.certain) == (2, 2, 2, 2)


def test_what_is_ours_in_a_date_is_marked() -> None:
    marked = {
        ("2022-07-15", "year-inferred"): "15 July 2022 (year inferred by us)",
        ("2024-08-20~", "day-inferred"): "about 20 August 2024 (day inferred by us)",
        ("2016", "all-inferred"): "2016 (date inferred by us)",
        ("2013-10-26/2013-11-03", "converted"): "26 October to 3 November 2013 (our conversion)",
    }
    for (happened, basis), reads in marked.items():
        event = make_event(
            happened=happened, happened_basis=basis, happened_basis_reason="By the page's number."
        )
        assert with_basis(in_words(event.happened), event.happened_basis) == reads
        assert with_basis(in_words(event.happened), None) == reads.partition(" (")[0]


def test_state_that_began_between_two_days() -> None:
    event = make_event(happened="[2013-10-26..2013-11-03]/..")
    found = spans(event, make_source(1, published="2014-04-20"))
    matches = {
        "2013-10-01/2013-10-25": "no",
        "2013-10-01/2013-10-31": "possible",
        "2013-11-01/2013-11-30": "certain",  # it had begun by 3 November
        "2014-01-01/2014-01-31": "possible",
        "2013-10-01/2014-12-31": "certain",
        "2014-05-01/2014-05-31": "no",  # the last report is of April 2014
    }
    assert differing(partial(match, found), matches) == {}
    assert in_words(event.happened) == "since some day from 26 October to 3 November 2013"


def test_step_with_a_vague_beginning_was_reached_between_its_days() -> None:
    stage = make_stage("in-force", "[2013-10-26..2013-11-03]/..")
    [step] = stages.date_steps([stage], [make_citation()])
    assert (step.earliest, step.latest) == (date(2013, 10, 26), date(2013, 11, 3))
    words = step_day_in_words({"step": "in-force", "citation": "C1", "date": stage.date})
    assert words == "some day from 26 October to 3 November 2013"
