"""Coverage checks are recorded, so that a gap in the record is not mistaken for a quiet time."""

import re

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from starlette.testclient import TestClient

from app.desk.purges import purge
from app.record.coverage import checks_of_edition
from app.record.editions import select_edition
from app.record.publishing.integrity import find_problems
from app.settings import Settings
from tests.conftest import desk_session, wait_until
from tests.make import make_outlet, make_place
from tests.support.worlds import desk_with

WEEK = {
    "places": "Place-1, 단둥",
    "outlets": "outlet-8, Outlet-1",
    "languages": "Korean, zh",
    "outcome": "nothing-new",
}
WEEK |= {"first": "2026-11-01", "last": "2026-11-07"}


towns = desk_with(
    "towns",
    make_place(8, code="place-8", names=[{"text": "단둥", "language": "ko"}]),
    make_outlet(8, code="outlet-8"),
)


def last_checked(client: TestClient, address: str) -> str:
    page = re.sub(r"<[^>]+>", "", client.get(address).text.replace("</p>", "¶"))
    page = " ".join(page.replace("&nbsp;", " ").replace("\u00a0", " ").split())
    found = re.search(r"(Last checked for news|No check for news)[^¶]*", page)
    assert found, address
    return found[0].strip()


def test_check_without_news_is_recorded_and_shown(towns: Settings, basma: TestClient) -> None:
    assert last_checked(basma, "/cities/place-1").startswith("No check for news has been recorded")
    assert "No check has been recorded" in basma.get("/about").text
    assert basma.post("/desk/round/check", data=WEEK).headers["location"] == "/desk/round"
    page = basma.get("/desk/round").text
    assert "The check was recorded, in edition 2." in page and "Nothing new" in page
    ticked = re.findall(r'name="(\S+)"\s+value="yes" checked', page)
    assert ticked == ["place:place-1", "place:place-8", "outlet:outlet-1", "outlet:outlet-8"], (
        "the form for the next check must tick what the last check covered"
    )
    assert 'value="ko, zh"' in page and 'value="2026-11-08"' in page
    wait_until(
        lambda: "Last checked" in basma.get("/cities/place-1").text, "the worker to hear of it"
    )
    where = "Outlet-8, Outlet-1; in Korean, Chinese"
    said = f"Last checked for news: 1 November 2026 – 7 November 2026, {where}. Nothing new."
    assert last_checked(basma, "/cities/place-1") == said
    assert "1 November 2026" in basma.get("/about").text.replace("&nbsp;", " ").replace(
        "\u00a0", " "
    )
    assert last_checked(basma, "/cities/place-1?edition=1").startswith(
        "No check for news has been recorded"
    )

    assert basma.post("/desk/round/check/1/undo").status_code == 303
    assert "The check was undone" in basma.get("/desk/round").text
    wait_until(
        lambda: "No check for news has been recorded" in basma.get("/cities/place-1").text,
        "the worker to hear of it",
    )
    assert "Last checked" in basma.get("/cities/place-1?edition=2").text
    basma.post("/desk/round/check/1/undo")
    assert "This check was already undone" in basma.get("/desk/round").text
    with desk_session(towns) as db:
        assert find_problems(db) == []
        assert [
            select_edition(db, str(no)).no
            and len(checks_of_edition(db, select_edition(db, str(no))))
            for no in (1, 2, 3)
        ] == [0, 1, 0]


WRONG: list[tuple[dict[str, str], str]] = [
    (
        {"places": "Nowhere, place-1"},
        "No record has this name: Nowhere. Check the spelling, or add it first.",
    ),
    ({"outlets": ""}, "Fill this in."),
    ({"languages": "Klingonese"}, "This value is not valid"),
    ({"last": "2026-10-01"}, "The first day is after the last"),
    ({"last": "2999-01-01"}, "is in the future"),
    ({"first": "31 November"}, "Enter a day"),
]


def test_one_press_records_the_ticked_places_and_outlets(
    towns: Settings, basma: TestClient
) -> None:
    ticked = dict.fromkeys(("place:place-1", "place:place-8", "outlet:outlet-8"), "yes")
    week = WEEK | {"places": "", "outlets": "Outlet-1"} | ticked
    assert basma.post("/desk/round/check", data=week).status_code == 303
    with desk_session(towns) as db:
        (check,) = checks_of_edition(db, select_edition(db))
        assert (check.places, check.outlets) == (["place-1", "place-8"], ["outlet-8", "outlet-1"])


def test_error_is_shown_at_its_field_and_input_is_kept(towns: Settings, basma: TestClient) -> None:
    for changed, said in WRONG:
        answer = basma.post("/desk/round/check", data={**WEEK, **changed})
        assert answer.status_code == 422 and said in answer.text, changed
        assert all(
            f'value="{typed}"' in answer.text
            for name, typed in {**WEEK, **changed}.items()
            if typed
        ), changed
    wait_until(lambda: basma.get("/healthz").json()["edition"] == 1, "the watch to see it")


def test_check_is_immutable_except_for_purges(towns: Settings, basma: TestClient) -> None:
    basma.post("/desk/round/check", data=WEEK)
    for statement in (
        "UPDATE record.checked SET last = first",
        "UPDATE record.checked SET closed = 1",
        "DELETE FROM record.checked",
        "SELECT record.forget_in_checks('outlet-8')",
    ):
        refused = r"permission denied|taken back once|closed_after_opened|readers still see it"
        with desk_session(towns) as db, pytest.raises(DBAPIError, match=refused), db.begin_nested():
            db.execute(text(statement))
    with desk_session(towns) as db:
        purge(db, "O8", None)
        assert "outlet-8" not in str(db.execute(text("SELECT * FROM record.checked")).all())
        assert checks_of_edition(db, select_edition(db))[0].outlets == ["outlet-1"]
    wait_until(
        lambda: "Outlet-8" not in basma.get("/cities/place-1?edition=2").text,
        "the worker to forget its names",
    )
