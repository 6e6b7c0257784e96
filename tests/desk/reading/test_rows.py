"""Rows that are proposed from marks."""

from datetime import date

import pytest

from app.dates.edtf import Days
from app.desk.reading.article import read_article
from app.desk.reading.marks import Reason
from app.desk.reading.rows import KnownEvent, ProposedRow, propose_rows
from tests.support.reading_gold import proposers

PUBLISHED = date(2019, 6, 20)
DEPARTURE = KnownEvent(
    "E5", "repatriation", frozenset({"dandong"}), Days(date(2019, 6, 1), date(2019, 6, 30))
)


def rows_of(text: str, *known: KnownEvent) -> list[ProposedRow]:
    reading = read_article(text, "en", PUBLISHED, proposers())
    return propose_rows(reading, known, lambda place: {"liaoning"} if place == "dandong" else ())


def test_sentence_is_one_estimate_row_with_place_speaker_and_date() -> None:
    row = rows_of("On 3 June about 40 workers stayed in Dandong, a trader said.")[0]
    assert row.kind == "estimate" and row.type == "present"
    assert row.number and row.number.value == "about 40 people"
    assert row.when and row.when.value == "2019-06-03"
    assert [mark.value for mark in row.where] == ["dandong"]
    assert row.speaker and row.speaker.value == "anonymous-source"
    assert row.certainty == "firm"


def test_verb_of_the_field_is_an_event_row_and_says_what_is_counted() -> None:
    estimate, event = rows_of("Some 40 workers reportedly returned home from Dandong.")
    assert (estimate.type, estimate.certainty) == ("departures", "hedged")
    assert (event.kind, event.type) == ("event", "repatriation")


def test_event_on_record_close_in_place_time_and_type_is_asked_about() -> None:
    text = "Workers returned home from Dandong on 3 June 2019."
    assert [(row.kind, row.record) for row in rows_of(text, DEPARTURE)] == [("citation", "E5")]


def test_event_on_record_of_a_place_around_it_is_asked_about() -> None:
    event = KnownEvent("E8", "repatriation", frozenset({"liaoning"}), DEPARTURE.days)
    row = rows_of("Workers returned home from Dandong on 3 June 2019.", event)[0]
    assert row.record == "E8"


def test_event_in_another_place_of_the_same_country_is_not_asked_about() -> None:
    around = frozenset({"vladivostok", "liaoning"})
    event = KnownEvent("E9", "repatriation", around, DEPARTURE.days, frozenset({"vladivostok"}))
    row = rows_of("Workers returned home from Dandong on 3 June 2019.", event)[0]
    assert (row.kind, row.record) == ("event", "")


def test_event_long_before_a_deadline_is_not_asked_about() -> None:
    (row,) = rows_of("Workers will return home from Dandong by 31 December 2020.", DEPARTURE)
    assert row.when and row.when.value.startswith(("..", "[..")) and row.record == ""


def test_event_of_another_time_place_or_type_is_new() -> None:
    assert rows_of("Workers returned home from Dandong in 2016.", DEPARTURE)[0].kind == "event"
    assert rows_of("Workers returned home from Hunchun on 3 June.", DEPARTURE)[0].kind == "event"
    assert rows_of("Workers were deported from Dandong on 3 June.", DEPARTURE)[0].kind == "event"


def test_place_of_the_sentence_before_is_carried_and_says_so() -> None:
    row = rows_of("Things changed in Dandong. About 40 workers are there.")[0]
    assert [mark.value for mark in row.where] == ["dandong"]
    assert row.carried == {"where"}


def test_place_of_the_speaker_gives_way_to_another() -> None:
    row = rows_of("A trader in Dandong said 40 workers live in Hunchun.")[0]
    assert [mark.value for mark in row.where] == ["hunchun"]


def test_place_of_a_speaker_is_not_carried_instead_of_one_before() -> None:
    text = "About 40 workers are in Dandong. A trader in Hunchun said more will come. Some 20 came."
    row = rows_of(text)[-1]
    assert [mark.value for mark in row.where] == ["dandong"] and row.carried >= {"where"}


def test_day_of_a_dateline_gives_way_to_another_date() -> None:
    text = "DANDONG, June 19, 2019 (Reuters) -- About 40 workers stayed in Hunchun since March."
    row = rows_of(text)[0]
    assert row.when and row.when.value == "2019-03/.."


def test_workers_sent_and_those_expected_are_told_apart() -> None:
    sent = rows_of("North Korea has sent more than 2,000 workers to Dandong.")
    assert [row.type for row in sent] == ["arrivals", "dispatch"]
    awaited = rows_of("A further 1,000 workers were expected to arrive in Dandong.")
    assert [row.type for row in awaited] == ["arrivals", "dispatch-plan"]


def test_money_and_time_are_counted_as_such() -> None:
    rows = rows_of("Pay is $300 a month for a contract of three years.")
    assert [row.type for row in rows] == ["money", "time"]


def test_speaker_of_the_sentence_before_goes_on_in_quotes() -> None:
    rows = rows_of("“They left,” a trader said. “About 40 workers left Dandong.” It rained.")
    row = next(row for row in rows if row.number)
    assert row.speaker and row.speaker.value == "anonymous-source"
    assert row.carried == {"speaker"}


def test_speaker_goes_on_to_the_end_of_the_paragraph() -> None:
    said = "“It is over,” a trader said."
    (row,) = [row for row in rows_of(f"{said} About 40 workers left Dandong.") if row.number]
    assert row.speaker and row.speaker.value == "anonymous-source"
    assert row.speaker.reason is Reason.CARRIED_SPEAKER
    (row,) = [row for row in rows_of(f"{said}\nAbout 40 workers left Dandong.") if row.number]
    assert row.speaker is None


def test_outlet_that_could_not_confirm_ends_what_a_speaker_says() -> None:
    said = "A trader said so. NK News could not confirm it. About 40 workers left Dandong."
    (row,) = [row for row in rows_of(said) if row.number]
    assert row.speaker is None


def test_he_said_at_the_end_governs_its_sentence() -> None:
    said = "A manager met us. A source counted 40 workers in Dandong, he said. A trader said no."
    (row,) = [row for row in rows_of(said) if row.number]
    assert row.speaker and row.speaker.reason is Reason.CARRIED_SPEAKER


@pytest.mark.parametrize(("began", "kind"), [(2015, "event"), (2018, "citation")])
def test_event_without_an_end_is_asked_about_for_a_year(began: int, kind: str) -> None:
    days = Days(date(began, 10, 1), None)
    event = KnownEvent("E8", "repatriation", frozenset({"dandong"}), days)
    reading = read_article(
        "Workers returned home from Dandong on 3 March 2019.", "en", date(2019, 3, 6), proposers()
    )
    (row,) = [row for row in propose_rows(reading, [event]) if row.kind != "estimate"]
    assert row.kind == kind
