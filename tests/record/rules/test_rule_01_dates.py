"""Dates of events and the periods that match them (rule 1). Parsing: `tests/dates/test_edtf.py`."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.dates import day_ranges, edtf
from app.dates.periods import parse_period
from app.dates.wording import in_words
from app.forms import EventForm
from app.record.derivation.facts import EventFacts
from app.record.derivation.rows import derive_row
from app.record.lists import backend
from app.record.names.date_labels import step_day_in_words, with_basis
from app.record.names.directory import read_directory
from app.record.rules import stages
from app.settings import Settings
from tests.conftest import desk_session, reader_session
from tests.make import (
    a_context,
    a_small_world,
    make_citation,
    make_code,
    make_estimate,
    make_event,
    make_source,
    make_stage,
    publish_all,
)
from tests.support.indexed import select_indexed
from tests.support.record_queries import counted, filters, ids
from tests.support.sql_lists import use_sql


def spans(form: EventForm, *around: object) -> day_ranges.Spans:
    return EventFacts(form, a_context(*a_small_world(), *around)).spans  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("happened", "window", "possible", "certain"),
    [
        # An interval is certain in a period that contains it or overlaps the days between its ends.
        ("2019-05-10/2019-05-20", ("2019-05-01", "2019-05-31"), True, True),
        ("2019-05-10/2019-05-20", ("2019-05-15", "2019-05-15"), True, True),
        ("2019-05/2019-07", ("2019-05-31", "2019-07-01"), True, True),
        ("2019-05/2019-06", ("2019-05-10", "2019-05-20"), True, False),
        ("2019-05/2019-06", ("2019-05-31", "2019-06-01"), True, True),
        # A month or year means some day within it; bounds are inclusive.
        ("2019-05", ("2019-05-01", "2019-05-31"), True, True),
        ("2019-05", ("2019-05-02", "2019-05-31"), True, False),
        ("2019-05-31", ("2019-05-31", "2019-06-30"), True, True),
        ("2019-05-31", ("2019-06-01", "2019-06-30"), False, False),
        # One of several days.
        ("[2019-01-01,2019-12-31]", ("2019-06-01", "2019-06-30"), False, False),
        ("[2019-01-01,2019-12-31]", ("2019-12-01", "2019-12-31"), True, False),
        ("[2019-01-01,2019-12-31]", ("2019-01-01", "2019-12-31"), True, True),
        # Winter 2024 ends in February 2025.
        ("2024-24", ("2025-02-28", "2025-02-28"), True, False),
        ("2024-24", ("2024-12-01", "2025-02-28"), True, True),
        ("2024-24", ("2025-03-01", "2025-03-31"), False, False),
        # About or perhaps: possible as before, certain only with the surroundings.
        ("2019-04-23~", ("2019-04-23", "2019-04-23"), True, False),
        ("2019-04-23~", ("2019-04-08", "2019-05-08"), True, True),
        ("2019-04-23~", ("2019-04-09", "2019-05-08"), True, False),
        ("2019-04-23~", ("2019-04-08", "2019-04-22"), False, False),
        ("2019-04~", ("2019-04", "2019-04"), True, False),
        ("2019-04~", ("2019-03", "2019-05"), True, True),
        ("2019-04?", ("2019-03-02", "2019-05"), True, False),
        ("2019-04%", ("2019-03", "2019-05"), True, True),
        ("2019-21~", ("2018-12", "2019-08"), True, True),
        ("2019-21~", ("2018-12", "2019-07"), True, False),
        ("2019~", ("2018", "2020"), True, True),
        ("2019~", ("2018", "2019"), True, False),
        # Each end is widened by its own mark.
        ("2019-03/2019-08~", ("2019-04-01", "2019-04-01"), True, True),
        ("2019-03/2019-08~", ("2019-08-01", "2019-08-01"), True, False),
        ("2019-03~/2019-08", ("2019-04-01", "2019-04-01"), True, False),
        ("2019-03~/2019-08", ("2019-02", "2019-08"), True, True),
        ("2019-03~/2019-04~", ("2019-03-31", "2019-04-01"), True, False),
        # On or before a day: possible in each period that begins by then, certain in none.
        ("[..2019-05-16]", ("2019-05-16", "2019-05-16"), True, False),
        ("[..2019-05-16]", ("1900", "1900"), True, False),
        ("[..2019-05-16]", ("1900", "2100"), True, False),
        ("[..2019-05-16]", (None, "2019-05-16"), True, False),
        ("[..2019-05-16]", ("2019-05-17", "2100"), False, False),
        ("[..2019-05]", ("2019-05-31", "2019-05-31"), True, False),
        # In no period.
        ("XXXX-05", ("1900", "2100"), False, False),
        ("XXXX-05-01", ("1900", "2100"), False, False),
        ("../2019-05", ("1900", "2100"), False, False),
        ("", ("1900", "2100"), False, False),
    ],
)
def test_periods_that_match_event_date(
    happened: str, window: tuple[str, str], possible: bool, certain: bool
) -> None:
    period = parse_period(*window)
    found = spans(make_event(happened=happened, citations=[]))
    assert day_ranges.is_possible(found, period) is possible
    assert day_ranges.is_certain(found, period) is certain


@pytest.mark.parametrize(
    ("happened", "within", "window", "certain"),
    [
        ("2019-04~", "2019-04/2019-12", ("2019-04", "2019-05"), True),
        ("2019-04~", "2019-04/2019-12", ("2019-04", "2019-04"), False),
        ("XXXX-05~", "2019/2020", ("2019-04", "2020-06"), True),
        ("XXXX-05~", "2019/2020", ("2019-05", "2020-06"), False),
        ("XXXX-05-01~", "2019", ("2019-04-16", "2019-05-16"), True),
        ("XXXX-05-01~", "2019", ("2019-04-17", "2019-05-16"), False),
    ],
)
def test_editor_bound_cuts_off_surroundings(
    happened: str, within: str, window: tuple[str, str], certain: bool
) -> None:
    bounded = make_event(happened=happened, within=within, within_reason="ours", citations=[])
    assert day_ranges.is_certain(spans(bounded), parse_period(*window)) is certain


@pytest.mark.parametrize(
    ("happened", "within", "days"),
    [
        ("XXXX-05", "2018/2019", [("2018-05-01", "2018-05-31"), ("2019-05-01", "2019-05-31")]),
        ("XXXX-05-01", "2019", [("2019-05-01", "2019-05-01")]),
        ("../2019-05", "2019-03/2019-06", [("2019-03-01", "2019-05-31")]),
        ("[..2019-05-16]", "2019-03/2019-06", [("2019-03-01", "2019-05-16")]),
        ("", "2019", [("2019-01-01", "2019-12-31")]),
        ("2019", "2019-03/2019-06", [("2019-03-01", "2019-06-30")]),
        ("XXXX-05", "2018/..", [("2018-05-01", "2018-05-31"), ("2019-05-01", "2019-05-31")]),
    ],
)
def test_editor_bound_makes_open_dates_match_periods(
    happened: str, within: str, days: list[tuple[str, str]]
) -> None:
    """The last report, of 20 June 2019, is also a bound."""
    found = spans(make_event(happened=happened, within=within, within_reason="ours"))
    assert [(str(d.first), str(d.last)) for d in found.possible] == days


def test_day_on_or_before_is_certain_only_within_the_editors_bound() -> None:
    bounded = make_event(happened="[..2019-05-16]", within="2019-03/2019-06", within_reason="ours")
    found = spans(bounded)
    assert day_ranges.is_certain(found, parse_period("2019-03-01", "2019-05-16"))
    assert not day_ranges.is_certain(found, parse_period("2019-03-02", "2019-05-16"))


@pytest.mark.parametrize(
    ("nature", "words", "is_possible_before"),
    [
        ("act", "on or before May 2019", True),
        ("statement", "on or before May 2019", True),
        ("measure", "until May 2019", False),
        ("context", "until May 2019", False),
    ],
)
def test_end_alone_of_what_is_done_once_is_the_day_by_which_it_was(
    nature: str, words: str, is_possible_before: bool
) -> None:
    type_ = make_code("visit", nature=nature)
    facts = EventFacts(
        make_event(type="visit", happened="../2019-05"), a_context(*a_small_world(), type_)
    )
    assert facts.happened_words == words
    assert day_ranges.is_possible(facts.spans, parse_period("1950", "1950")) is is_possible_before
    assert str(day_ranges.sort_day(facts.spans)) == ("2019-05-31" if is_possible_before else "None")


@pytest.mark.parametrize(
    ("attested", "window", "possible", "certain"),
    [
        # Possible up to the day on which it is attested, certain where that day is contained.
        ("2019-05-05", ("2019-05-05", "2019-05-05"), True, True),
        ("2019-05-05", ("1950", "1950"), True, False),
        ("2019-05-05", ("2019-05-01", "2019-05-04"), True, False),
        ("2019-05-05", ("2019-05-06", "2019-05-31"), False, False),
        ("2019-05-05", (None, "2019-05-05"), True, True),
        ("2019-05-05", ("2019-05-05", None), True, True),
        ("2019-05", ("2019-05-05", "2019-05-31"), True, False),
        ("2019-05", ("2019-05-01", "2019-05-31"), True, True),
        ("2019-05-05~", ("2019-05-05", "2019-05-05"), True, False),
        ("2019-05-05~", ("2019-04-20", "2019-05-20"), True, True),
        ("2019-05-05~", ("2019-05-06", "2019-05-20"), False, False),
        # Attested on several days in a row, or on one of two days.
        ("2019-05-05/2019-05-08", ("2019-05-07", "2019-05-07"), True, True),
        ("[2019-05-05,2019-05-08]", ("2019-05-05", "2019-05-08"), True, True),
        ("[2019-05-05,2019-05-08]", ("2019-05-05", "2019-05-07"), True, False),
        ("XXXX-05", ("1900", "2100"), False, False),
    ],
)
def test_attested_state_is_possible_up_to_its_day(
    attested: str, window: tuple[str | None, str | None], possible: bool, certain: bool
) -> None:
    period = parse_period(*window)
    found = spans(make_event(happened="", attested=attested, citations=[]))
    assert day_ranges.is_possible(found, period) is possible
    assert day_ranges.is_certain(found, period) is certain


def test_bound_limits_beginning_of_attested_state() -> None:
    event = make_event(
        happened="", attested="2019-05-05", within="2019-03/2019-12", within_reason="ours"
    )
    assert spans(event).possible == (edtf.Days(date(2019, 3, 1), date(2019, 5, 5)),)
    assert day_ranges.is_certain(spans(event), parse_period("2019-05-05", "2019-05-05"))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"happened": "2019-05", "attested": "2019-05-05"}, "not both"),
        ({"happened": "", "attested": "2019-05/.."}, "without two dots"),
        (
            {"happened": "", "attested": "2019-05", "within": "2018", "within_reason": "ours"},
            "does not lie within",
        ),
    ],
)
def test_attested_date_without_sense_is_form_error(values: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        make_event(**values)


def test_attested_state_is_listed_and_counted_alike_by_sql_and_index(database: Settings) -> None:
    with desk_session(database) as desk:
        later = make_event(3, happened="2019-05-20", citations=[make_citation(3)])
        attested = [
            make_event(1, happened="", attested="2019-05-05"),
            make_event(2, happened="", attested="2019-05~", citations=[make_citation(2)]),
        ]
        publish_all(desk, *a_small_world(), *attested, later)
    queries = ["", "from=2019-05-05&to=2019-05-05", "to=2018", "from=2019-05-06", "date=none"]
    queries += [f"{query}&match=certain" for query in queries]
    found = {}
    for way in ("sql", "index"):
        with reader_session(database) as db, pytest.MonkeyPatch.context() as patch:
            if way == "sql":
                use_sql(patch)
            edition = select_indexed(db)
            names = read_directory(db, edition)
            pages, totals = [], []
            for query in map(filters, queries):
                pages.append(backend.read_page(db, edition, query, names, 9).rows)
                counts = backend.match(db, edition, query, names).counts()
                drawn = backend.match(db, edition, query, names).histogram(counts.extent)
                totals.append((counts, drawn))
            found[way] = [[row.id for row in rows] for rows in pages], totals
            words = {row.id: row.payload["happened_words"] for row in pages[0]}
    assert found["sql"] == found["index"]
    assert words["E1"] == "attested 5 May 2019; beginning and end not known"
    assert found["sql"][0] == [
        ["E2", "E1", "E3"],
        ["E2", "E1"],
        ["E2", "E1"],
        ["E2", "E3"],
        [],
        ["E2", "E1", "E3"],
        ["E1"],
        [],
        ["E3"],
        [],
    ]


@pytest.mark.parametrize(
    ("citations", "last"),
    [
        ([make_citation(said="2019-06-17")], date(2019, 6, 17)),
        (
            [make_citation()],
            date(2019, 6, 20),
        ),  # without `said`, the day of the source's publication
        (
            [make_citation(said="2019-06-17"), make_citation(2, 2, said="2019-08")],
            date(2019, 8, 31),
        ),
        (
            [
                make_citation(said="2019-06-17"),
                make_citation(2, 2, said="2019-08", stance="mentions"),
            ],
            date(2019, 6, 17),
        ),
        (
            [make_citation(said="2019-06-17"), make_citation(2, 2, said="2019-08", kind="cause")],
            date(2019, 6, 17),
        ),
        ([], None),
    ],
)
def test_ongoing_event_is_possible_until_last_report(
    citations: list[object], last: date | None
) -> None:
    found = spans(make_event(happened="2019-05-10/..", citations=citations))
    assert found.possible == (edtf.Days(date(2019, 5, 10), last),)
    assert found.sure == edtf.Days(date(2019, 5, 10), date(2019, 5, 10))


def test_deadline_is_not_part_of_span() -> None:
    assert spans(make_event(deadline="2019-06-30")) == spans(make_event())


def test_published_and_as_of_match_any_day_within() -> None:
    source = derive_row(make_source(published="2019-05/2019-06"), a_context(*a_small_world()))
    figure = derive_row(make_estimate(as_of="2019-05/2019-06"), a_context(*a_small_world()))
    counted_over = derive_row(
        make_estimate(counts="arrivals", period="2019-05/2019-06"), a_context(*a_small_world())
    )
    day = parse_period("2019-05-31", "2019-06-01")
    assert not day_ranges.is_certain(source.spans, day)
    assert not day_ranges.is_certain(figure.spans, day)
    assert day_ranges.is_certain(counted_over.spans, day)


def test_undated_events_are_counted_separately(desk: Session) -> None:
    undated = [
        make_event(2, happened=""),
        make_event(3, happened="XXXX-05"),
        make_event(4, happened="../2019-05"),
    ]
    bounded = make_event(5, happened="XXXX-05", within="2019", within_reason="ours")
    publish_all(desk, *a_small_world(), make_event(1), *undated, bounded)
    assert ids(desk, "date=none") == ["E2", "E3", "E4"]
    assert ids(desk) == ["E5", "E1", "E2", "E3", "E4"]
    assert ids(desk, "from=2019&to=2019") == ["E5", "E1"]
    found = counted(desk, "from=2019&to=2019")
    assert (found.total, found.undated, found.possible, found.certain) == (2, 3, 2, 2)


@pytest.mark.parametrize(
    ("happened", "within"),
    [
        ("2019-05", "2018"),
        ("2019", "XXXX-05"),
        ("2019-05/..", "../2019-04"),
        ("XXXX-02-29", "2018/2019"),
    ],
)
def test_date_outside_bound_is_form_error(happened: str, within: str) -> None:
    with pytest.raises(ValidationError, match=r"does not lie within|outer bound"):
        make_event(happened=happened, within=within, within_reason="ours")


@pytest.mark.parametrize(
    ("happened", "basis", "reads"),
    [
        ("2022-07-15", "year-inferred", "15 July 2022 (year inferred by us)"),
        ("2024-08-20~", "day-inferred", "about 20 August 2024 (day inferred by us)"),
        ("2016", "all-inferred", "2016 (date inferred by us)"),
        ("2013-10-26/2013-11-03", "converted", "26 October to 3 November 2013 (our conversion)"),
    ],
)
def test_what_is_ours_in_a_date_is_marked(happened: str, basis: str, reads: str) -> None:
    event = make_event(
        happened=happened, happened_basis=basis, happened_basis_reason="By the page's number."
    )
    assert with_basis(in_words(event.happened), event.happened_basis) == reads
    assert with_basis(in_words(event.happened), None) == reads.partition(" (")[0]


@pytest.mark.parametrize(
    ("window", "possible", "certain"),
    [
        ("2013-10-01/2013-10-25", False, False),
        ("2013-10-01/2013-10-31", True, False),
        ("2013-11-01/2013-11-30", True, True),  # it had begun by 3 November
        ("2014-01-01/2014-01-31", True, False),
        ("2013-10-01/2014-12-31", True, True),
        ("2014-05-01/2014-05-31", False, False),  # the last report is of April 2014
    ],
)
def test_state_that_began_between_two_days(window: str, possible: bool, certain: bool) -> None:
    event = make_event(happened="[2013-10-26..2013-11-03]/..")
    found = spans(event, event, make_source(1, published="2014-04-20"))
    days = parse_period(*window.split("/"))
    assert days is not None
    assert day_ranges.is_possible(found, days) is possible
    assert day_ranges.is_certain(found, days) is certain
    assert in_words(event.happened) == "since some day from 26 October to 3 November 2013"


def test_step_with_a_vague_beginning_was_reached_between_its_days() -> None:
    stage = make_stage("in-force", "[2013-10-26..2013-11-03]/..")
    [step] = stages.date_steps([stage], [make_citation()])
    assert (step.earliest, step.latest) == (date(2013, 10, 26), date(2013, 11, 3))
    words = step_day_in_words({"step": "in-force", "citation": "C1", "date": stage.date})
    assert words == "some day from 26 October to 3 November 2013"
