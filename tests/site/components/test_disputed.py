"""Disputed, with the other value and who gives it (rule 5)."""

from typing import Any

from app.settings import Settings
from tests.make import make_citation, make_event, make_stage, make_step
from tests.support.event_pages import published_as
from tests.support.html import words

OWN_VOICE = [make_step()]
AMBASSADOR = [make_step("named-official", "an Ambassador", named="yes")]
OF_DATE = {"kind": "date", "field": "date", "value": "2019-05", "differs": "rival"}
DISPUTES: dict[str, dict[str, Any]] = {
    "Disputed: the date (an Ambassador: May 2019)": {**OF_DATE, "chain": AMBASSADOR},
    "Disputed: the date (a source gives: May 2019)": {**OF_DATE, "chain": OWN_VOICE},
    "Disputed: whether it happened (an Ambassador)": {"chain": AMBASSADOR},
    "Disputed: whether it happened": {"chain": OWN_VOICE},
}


def test_dispute_shows_other_value_and_speaker(database: Settings) -> None:
    events = [
        make_event(
            number,
            stages=[make_stage("enforced", "2019-06-01", f"C{number}")],
            citations=[
                make_citation(number),
                make_citation(number + 10, 2, stance="disputes", **disputing),
            ],
        )
        for number, disputing in enumerate(DISPUTES.values(), 1)
    ]
    with published_as(database, tuple(events)) as client:
        for address in ("/events", "/events?view=table"):
            text = words(client.get(address).text)
            assert [shown for shown in DISPUTES if shown not in text] == [], address
        for number, shown in enumerate(DISPUTES, 1):
            assert shown in words(client.get(f"/events/E{number}").text)
