"""The pages of texts, their list, and what `/about` shows of them."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.record.publishing.purge import purge
from app.settings import Settings
from app.vocabulary.record import Why
from tests.conftest import desk_session
from tests.make import make_event, make_page, publish_all, withdraw
from tests.support.event_pages import published_as
from tests.support.html import words


def test_page_shows_text_links_and_history(client: TestClient) -> None:
    page = client.get("/pages/overview").text
    assert '<a href="/events/E19">send North Korean workers home by 22 December 2019</a>' in page
    assert "History of this entry" in page
    assert client.get("/pages/U3").headers["location"] == "/pages/overview"
    assert client.get("/pages/nothing").status_code == 404


def test_page_as_json_has_its_text_sections_and_marks(client: TestClient) -> None:
    found = client.get("/pages/about.json").json()
    assert [section["part"] for section in found["sections"]] == ["corrections"]
    marks = client.get("/api/v1/pages/picture").json()["marks"]
    assert marks[0] == {
        "event": "E17",
        "label": "Cap on work permits (resolution 2371)",
        "group": "UN Security Council",
    }
    assert [each["code"] for each in client.get("/api/v1/pages").json()["items"]] == [
        *("subject", "picture", "overview", "about")
    ]
    listed = words(client.get("/pages").text)
    assert "What the record shows Overview" in listed


def test_past_edition_has_the_text_of_its_day(database: Settings) -> None:
    first = make_page(kind="overview", body="First: [it](E1).")
    second = make_page(kind="overview", body="Then: [it](E1).")
    with published_as(database, (make_event(), first), (second,)) as client:
        assert "Then: it ." in words(client.get("/pages/page-1").text)
        assert "First: it ." in words(client.get("/pages/page-1?edition=1").text)
        history = words(client.get("/pages/page-1").text)
        assert "Corrected The report says otherwise." in history


def test_about_shows_parts_that_are_written_and_invents_none(database: Settings) -> None:
    about = make_page(
        kind="about",
        names=[{"text": "About us"}],
        body="",
        sections=[
            {"part": "contact", "says": "Write to desk@example.org."},
            {"part": "publisher", "says": "A foundation.\n\nIn Seoul."},
        ],
    )
    with published_as(database, (make_event(), about)) as client:
        page = words(client.get("/about").text)
        assert (
            "About us Publisher A foundation. In Seoul. Contact Write to desk@example.org. "
            "Earlier versions" in page
        )
        assert "Funding" not in page


WRITTEN = "It closed [C1] in spring [C2] . written by an editor"
GENERATED = "No estimate in the record is for Place-1 itself."


@pytest.mark.parametrize("change", ["corrected", "withdrawn", "purged"])
def test_editors_sentence_is_shown_until_a_cited_record_changes(
    database: Settings, change: str
) -> None:
    text: dict[str, Any] = {"places": ["place-1"], "body": "It closed [C1] in spring [C2]."}
    sentences = [make_page(3, kind="answer", **text), make_page(4, kind="row", **text)]
    front = make_page(2, kind="picture", places=["place-1"])
    with published_as(database, (make_event(1), make_event(2), front, *sentences)) as client:

        def where(query: str = "") -> list[str]:
            pages = ("/cities/place-1", "/", "/pages/page-3", "/pages/page-4")
            return [at for at in pages if WRITTEN in words(client.get(at + query).text)]

        everywhere = where()
        assert len(everywhere) == 4
        place = client.get("/cities/place-1").text
        assert '<a href="/events/E2#C2">[C2]</a>' in place and GENERATED not in words(place)
        with desk_session(database) as db:
            if change == "corrected":
                publish_all(
                    db, make_event(2, summary="Otherwise."), why=Why.CORRECTED, reason="So."
                )
            elif change == "withdrawn":
                withdraw(db, "E2")
            else:
                purge(db, "E2")
        assert where() == [] and GENERATED in words(client.get("/cities/place-1").text)
        assert "a record that it cites has changed" in words(client.get("/pages/page-3").text)
        assert where("?edition=1") == ([] if change == "purged" else everywhere)
        if change == "corrected":
            with desk_session(database) as db:
                again = make_page(3, kind="answer", **text | {"language": "ko"})
                publish_all(db, again, why=Why.CORRECTED, reason="Read again.")
            assert where() == ["/cities/place-1", "/pages/page-3"]
            assert '<span lang="ko">It closed' in client.get("/cities/place-1").text
