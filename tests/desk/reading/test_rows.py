"""Rows that are proposed from marks."""

from datetime import date

from app.dates.edtf import Days
from app.desk.reading.article import read_article
from app.desk.reading.marks import Language, Reason
from app.desk.reading.rows import KnownEvent, ProposedRow, propose_rows
from tests.support.reading_gold import differences, proposers, table
from tests.support.tables import failing

PUBLISHED = date(2019, 6, 20)
JUNE = Days(date(2019, 6, 1), date(2019, 6, 30))
DEPARTURE = KnownEvent("E5", "repatriation", frozenset({"dandong"}), JUNE)


def rows_of(text: str, *known: KnownEvent) -> list[ProposedRow]:
    reading = read_article(text, "en", PUBLISHED, proposers())
    return propose_rows(reading, known, lambda place: {"liaoning"} if place == "dandong" else ())


def in_words(row: ProposedRow) -> str:
    is_carried = row.speaker and row.speaker.reason is Reason.CARRIED_SPEAKER
    parts = [
        row.certainty if row.certainty != "firm" else "",
        row.type,
        row.number.value if row.number else "",
        *(f"at {mark.value}" for mark in row.where),
        f"on {row.when.value}" if row.when else "",
        f"by {row.speaker.value}" if row.speaker else "",
        "(he said)" if is_carried else "",
        *(f"carried {name}" for name in sorted(row.carried)),
    ]
    return " ".join(filter(None, parts))


def rows_in(text: str, _language: Language) -> str:
    return "; ".join(f"{row.kind} {in_words(row)}" for row in rows_of(text))


def test_rows_of_sentences() -> None:
    assert differences(rows_in, table("rows")) == {}


def test_speaker_goes_on_to_the_end_of_the_paragraph() -> None:
    said = "“It is over,” a trader said."
    (row,) = [row for row in rows_of(f"{said} About 40 workers left Dandong.") if row.number]
    assert row.speaker and row.speaker.value == "anonymous-source"
    assert row.speaker.reason is Reason.CARRIED_SPEAKER
    (row,) = [row for row in rows_of(f"{said}\nAbout 40 workers left Dandong.") if row.number]
    assert row.speaker is None


def test_event_on_record_close_in_place_time_and_type_is_asked_about() -> None:
    def asked(text: str, *event: KnownEvent) -> str:
        (row,) = [row for row in rows_of(text, *event) if row.kind != "estimate"]
        return f"{row.kind} {row.record}".strip()

    left = "Workers returned home from Dandong on 3 June 2019."
    around = KnownEvent("E8", "repatriation", frozenset({"liaoning"}), JUNE)
    places = frozenset({"vladivostok", "liaoning"})
    beside = KnownEvent("E9", "repatriation", places, JUNE, frozenset({"vladivostok"}))
    cases = [
        (left, DEPARTURE, "citation E5"),
        (left, around, "citation E8"),
        # Another place of the same country, time, place or type.
        (left, beside, "event"),
        ("Workers returned home from Dandong in 2016.", DEPARTURE, "event"),
        ("Workers returned home from Hunchun on 3 June.", DEPARTURE, "event"),
        ("Workers were deported from Dandong on 3 June.", DEPARTURE, "event"),
        # Long before a deadline.
        ("Workers will return home from Dandong by 31 December 2020.", DEPARTURE, "event"),
    ]
    assert failing(cases, asked) == []


def test_event_without_an_end_is_asked_about_for_a_year() -> None:
    text = "Workers returned home from Dandong on 3 March 2019."
    reading = read_article(text, "en", date(2019, 3, 6), proposers())
    for began, kind in ((2015, "event"), (2018, "citation")):
        days = Days(date(began, 10, 1), None)
        event = KnownEvent("E8", "repatriation", frozenset({"dandong"}), days)
        (row,) = [row for row in propose_rows(reading, [event]) if row.kind != "estimate"]
        assert row.kind == kind
