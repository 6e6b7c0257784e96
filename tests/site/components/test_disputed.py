"""Disputed, with the other value and who gives it (rule 5)."""

from typing import Any

import pytest

from app.settings import Settings
from tests.make import make_citation, make_event, make_stage
from tests.support.event_pages import published_as
from tests.support.html import words

OWN_VOICE = {"attribution": "outlet-own-voice"}
AMBASSADOR = {"attribution": "named-official", "words": "an Ambassador", "named": "yes"}


@pytest.mark.parametrize(
    ("disputing", "shown"),
    [
        (
            {
                "kind": "date",
                "field": "date",
                "value": "2019-05",
                "differs": "rival",
                "chain": [AMBASSADOR],
            },
            "Disputed: date (an Ambassador: May 2019)",
        ),
        (
            {
                "kind": "date",
                "field": "date",
                "value": "2019-05",
                "differs": "rival",
                "chain": [OWN_VOICE],
            },
            "Disputed: date (a source gives: May 2019)",
        ),
        ({"chain": [AMBASSADOR]}, "Disputed: occurrence (an Ambassador)"),
        ({"chain": [OWN_VOICE]}, "Disputed: occurrence"),
    ],
)
@pytest.mark.parametrize("address", ["/events", "/events?view=table", "/status", "/events/E1"])
def test_dispute_shows_other_value_and_speaker(
    database: Settings, address: str, disputing: dict[str, Any], shown: str
) -> None:
    against = make_citation(2, stance="disputes", **disputing)
    event = make_event(
        stages=[make_stage("enforced", "2019-06-01")], citations=[make_citation(), against]
    )
    with published_as(database, (event,)) as client:
        assert shown in words(client.get(address).text)
