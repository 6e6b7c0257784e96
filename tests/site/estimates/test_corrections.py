"""Two corrections in words: a source's of its own report, and an office's of its own figure."""

import pytest

from app.settings import Settings
from tests.make import make_citation, make_estimate, make_event, make_link, make_step
from tests.support.event_pages import page_of, published_as, section
from tests.support.html import words

OFFICE = [make_step("government-statement", "the labour ministry")]


@pytest.mark.parametrize(
    ("link", "forward", "backward"),
    [
        (
            "corrects",
            "Is a correction by the same source of 1,203",
            "Is corrected by the same source to 900",
        ),
        (
            "revises",
            "Is a later number by the same speaker for 1,203",
            "Is replaced by the same speaker with 900",
        ),
    ],
)
def test_estimate_says_who_corrected_it(
    database: Settings, link: str, forward: str, backward: str
) -> None:
    later = make_estimate(2, point=900, links=[make_link("M1", link)])
    with published_as(database, (make_estimate(1), later)) as client:
        assert forward in section(client.get("/estimates/M2").text, "links")
        assert backward in section(client.get("/estimates/M1").text, "links")
        assert client.get("/estimates/M1.json").json()["conflicts"] == []


def test_event_says_that_the_office_took_it_back(database: Settings) -> None:
    by_office = make_citation(2, 2, stance="withdraws", about="C1", chain=OFFICE)
    event = make_event(citations=[make_citation(1, chain=OFFICE), by_office])
    says = section(page_of(database, event), "says")
    assert "Later retracted by the speaker (the labour ministry); not counted" in words(says)
