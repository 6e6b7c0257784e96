"""Rows of a sheet without scripts: of another kind, with names of several words, and closed."""

import re

from starlette.testclient import TestClient

from app.settings import Settings
from tests.support.articles import report
from tests.support.draft_pages import fields
from tests.support.sheet_pages import add_event, address_of, key_of_open_row, press, sheet

__all__ = ["report"]


def test_accepted_row_that_lacks_something_stays_open_at_that_field(
    chidi: TestClient, report: str
) -> None:
    page = press(chidi, report, "add event")
    key = key_of_open_row(page)
    page = press(chidi, address_of(page), f"accept {key}", **{f"rows.{key}.statement": "A" * 201})
    assert key_of_open_row(page) == key
    assert f'data-focus="rows.{key}.statement"' in page.text
    assert page.text.count("Statement: This is too long. Use at most 200 characters.") == 1
    typed = {f"rows.{key}.statement": "Firms were told", f"rows.{key}.where": "place-1"}
    typed |= {f"rows.{key}.type": "stay-limit"}
    page = press(chidi, address_of(page), f"accept {key}", **typed)
    assert 'name="open" value=""' in page.text


def test_row_without_a_record_becomes_one_of_another_kind(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    page = press(chidi, report, "add event")
    key = key_of_open_row(page)
    typed = {f"rows.{key}.statement": "300 left", f"rows.{key}.when": "2019-04"}
    page = press(chidi, address_of(page), f"kind {key} estimate", **typed)
    row = next(row for row in sheet(desk_world)["rows"] if row["row"] == key)
    assert (row["kind"], row["statement"], row["when"]) == ("estimate", "300 left", "2019-04")
    # Without a default of the report its population is in sight, and says nothing of a default.
    at = page.text.index(f'name="rows.{key}.population"')
    assert "<details" not in page.text[page.text.index(f"row-{key}-title") : at]
    assert "Default of this report" not in page.text
    accepted, page = add_event(chidi, report, "Firms were told")
    page = press(chidi, report, f"open {accepted}")
    assert f'value="kind {accepted} estimate"' not in page.text


def test_closed_row_shows_deadline_terms_and_places_with_other_roles(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    key, _page = add_event(chidi, report, "Firms were told")
    page = press(chidi, report, f"open {key}")
    page = press(chidi, address_of(page), f"add-term {key} place")
    place = sheet(desk_world)["rows"][-1]["terms"][0]["row"]
    page = press(chidi, address_of(page), f"add-term {key} paper")
    paper = sheet(desk_world)["rows"][-1]["terms"][1]["row"]
    path = f"rows.{key}.terms"
    typed = {
        f"rows.{key}.where": "Dandong",
        f"rows.{key}.deadline": "2019-06-30",
        f"{path}.{place}.code": "Russia",
        f"{path}.{place}.role": "to",
        f"{path}.{paper}.code": "student-visa",
    }
    page = press(chidi, address_of(page), f"close {key}", **typed)
    shown = " ".join(page.text.split())
    assert "Deadline: 30 June 2019 · Visa or permit: student-visa" in shown
    assert "Dandong" in shown and "Russia (to)" in shown


def test_what_a_press_did_is_said_to_screen_readers(chidi: TestClient, report: str) -> None:
    page = press(chidi, report, "add event")
    key = key_of_open_row(page)
    sent = {**fields(page.text), f"rows.{key}.statement": "A" * 201, "do": f"accept {key}"}
    answer = chidi.post(report, data=sent, headers={"hx-request": "true"})
    said = re.search(r'data-said="([^"]*)"', answer.text)
    assert said and said[1].startswith("Accepted. ") and "Use at most 200 characters." in said[1]
    assert said[1].endswith("1 row: 1 accepted, 0 to decide")


def test_row_forgets_its_link_to_a_row_that_is_rejected(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    event, _page = add_event(chidi, report, "Firms were told")
    page = press(chidi, report, "add estimate")
    key = key_of_open_row(page)
    press(chidi, address_of(page), f"add-link {key}")
    link = sheet(desk_world)["rows"][-1]["links"][0]["row"]
    typed = {f"rows.{key}.links.{link}.to": "1", f"rows.{key}.links.{link}.relation": "same-study"}
    press(chidi, f"{report}?open={key}", "save", **typed)
    assert [each["to"] for each in sheet(desk_world)["rows"][-1]["links"]] == [event]
    press(chidi, report, f"reject {event}")
    assert sheet(desk_world)["rows"][-1]["links"] == []


def test_status_of_a_type_that_is_no_measure_is_refused_at_its_field(
    chidi: TestClient, report: str
) -> None:
    page = press(chidi, report, "add event")
    key = key_of_open_row(page)
    typed = {"statement": "Workers left", "where": "place-1", "type": "repatriation"}
    typed |= {"step": "announced"}
    page = press(
        chidi,
        address_of(page),
        f"accept {key}",
        **{f"rows.{key}.{name}": value for name, value in typed.items()},
    )
    assert "is not a measure, so its status can only be" in page.text
    assert f'data-focus="rows.{key}.step"' in page.text


def test_country_that_the_record_lacks_is_begun_from_a_row(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    page = press(chidi, report, "add event")
    key = key_of_open_row(page)
    where = {f"rows.{key}.where": "Dandong, South Korea"}
    page = press(chidi, address_of(page), "save", **where)
    page = chidi.get(f"{report}?open={key}")
    assert "New place “South Korea”" in page.text
    page = press(chidi, f"{report}?open={key}", f"make place rows.{key}.where South Korea")
    assert "/desk/drafts/" in page.url.path and 'value="South Korea"' in page.text
    assert sheet(desk_world)["rows"][-1]["where"] == "Dandong, south-korea"
