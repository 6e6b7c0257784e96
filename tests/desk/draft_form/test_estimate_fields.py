"""What the form of an estimate asks: whole or part, and whether a term restricts the number."""

import re
from html import unescape

from starlette.testclient import TestClient

from app.settings import Settings
from tests.support.draft_pages import begin, post, stored


def test_terms_of_people_are_asked_for_their_scope(chidi: TestClient, desk_world: Settings) -> None:
    at = begin(chidi, kind="M")
    for key in ("sector", "group", "nationality", "paper"):
        post(chidi, at, f"add terms {key}")
    page = unescape(chidi.get(at).text)
    keys = [row["key"] for row in stored(desk_world, at).document["terms"]]
    selects = "".join(re.findall("<select[^>]*>", page))
    asked = [key for n, key in enumerate(keys) if f'"terms.{n}.scope"' in selects]
    assert sorted(asked) == ["group", "nationality", "sector"]
    assert (
        "Counts only these: The number includes only people of this nationality, industry or group."
        in page
    )


def test_sector_of_an_event_is_not_asked(chidi: TestClient) -> None:
    at = begin(chidi)
    post(chidi, at, "add terms sector")
    assert 'scope"' not in "".join(re.findall("<select[^>]*>", chidi.get(at).text))


def test_usual_units_come_first_and_former_currencies_are_not_offered(chidi: TestClient) -> None:
    page = chidi.get(begin(chidi, kind="M")).text
    units = re.search(r'<select[^>]*name="unit".*?</select>', page, re.DOTALL)
    assert units
    codes = re.findall(r'value="([^"]*)"', units[0].partition(">")[2])
    assert codes[:9] == [
        *("people", "families", "businesses", "visas", "permits", "ratio"),
        *("days", "weeks", "months"),
    ]
    assert "kpw" in codes and "dem" not in codes
