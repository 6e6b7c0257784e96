"""Possible duplicates are shown while a record is being written."""

from typing import Any

import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from app.desk.approved.store import save_all
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import document_of
from app.desk.drafts.similar import similar
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_citation, make_estimate, make_event, make_place, make_term
from tests.support.desk_people import person
from tests.support.draft_pages import begin, fields, post, stored
from tests.support.html import words

TITLE = "Workers told to leave the city"


@pytest.fixture
def known(desk_world: Settings) -> Settings:
    """An event in place-1 in June 2019 and an estimate for it, both from source 1."""
    with desk_session(desk_world) as db:
        other = make_place(4, "other-city", parent="province-2")
        save_all(db, [other, make_event(5, title=TITLE), make_estimate(5)])
    return desk_world


def similar_to(settings: Settings, form: Any) -> list[tuple[str, str]]:
    with desk_session(settings) as db:
        catalogue = Catalogue(db, person(settings, "Chidi"))
        return [(each.id, each.why) for each in similar(db, catalogue, form.id, document_of(form))]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        (
            {"happened": "2019-06-15", "type": "repatriation", "source": 2},
            "same place, about the same time, same words",
        ),
        (
            {"happened": "2019-05~", "type": "stay-limit", "title": "Short stays", "source": 2},
            "same place, about the same time, same type",
        ),
        (
            {"place": "province-2", "title": "Short stays", "source": 2},
            "same place, about the same time, same type",
        ),
        (
            {"place": "other-city", "title": "Short stays"},
            "same source, about the same time, same type",
        ),
        (
            {"place": "other-city", "happened": "2012", "type": "stay-limit"},
            "same source, same type, same words",
        ),
        ({"happened": "", "title": "Short stays"}, "same source, same place, same type"),
        (
            {"happened": "last week or so", "title": "Short stays"},
            "same source, same place, same type",
        ),
        # Sharing a city and month, or one article, is not enough.
        ({"type": "repatriation", "title": "Short stays", "source": 2}, None),
        ({"place": "other-city", "happened": "2012", "title": "Short stays"}, None),
        ({"place": "other-city", "happened": "2012", "type": "repatriation", "source": 2}, None),
    ],
)
def test_record_matching_three_criteria_is_shown(
    known: Settings, changes: dict[str, Any], why: str | None
) -> None:
    values: dict[str, Any] = {
        "title": TITLE,
        "place": "place-1",
        "source": 1,
        "type": "stay-limit",
    } | changes
    place, source = values.pop("place"), values.pop("source")
    form = make_event(9, citations=[make_citation(9, source)], terms=[make_term(code=place)])
    assert dict(similar_to(known, form.model_copy(update=values))).get("E5") == why


def test_estimate_matches_by_its_measure(known: Settings) -> None:
    assert similar_to(known, make_estimate(9)) == [
        ("M5", "same source, same place, about the same time, measures the same")
    ]
    assert (
        similar_to(
            known,
            make_estimate(9, counts="arrivals", period="2012", citations=[make_citation(9, 2)]),
        )
        == []
    )


@pytest.mark.parametrize(
    ("changes", "is_offered"),
    [
        ({}, True),
        ({"point": 1_200, "quantifier": "about"}, True),
        ({"point": None, "quantifier": "words", "printed_words": "many"}, True),
        ({"point": 129_000, "quantifier": "about"}, False),
        ({"as_of": "2019-07"}, False),
        ({"counts": "arrivals", "as_of": "", "period": "2019-06"}, False),
    ],
    ids=str,
)
def test_only_an_alike_estimate_is_offered(
    known: Settings, changes: dict[str, Any], is_offered: bool
) -> None:
    values = {"population_text": "workers in the city", **changes}
    assert bool(similar_to(known, make_estimate(9, **values))) is is_offered


def test_empty_draft_and_record_itself_match_nothing(known: Settings, chidi: TestClient) -> None:
    assert "E5" not in dict(similar_to(known, make_event(5, title=TITLE)))
    assert "Possible duplicates" not in chidi.get(begin(chidi)).text


def test_own_draft_is_shown_but_drafts_of_others_are_not(
    known: Settings, chidi: TestClient, basma: TestClient
) -> None:
    typed = {
        "title": "Ships without crews",
        "happened": "2024-02",
        "type": "repatriation",
        "terms.0.code": "place-1",
    }
    post(chidi, begin(chidi, key="one"), **typed)
    second = begin(chidi, key="two")
    post(chidi, second, **typed)
    page = chidi.get(second).text
    assert "Possible duplicates" in page and "a draft" in page
    hers = begin(basma, key="hers")
    post(basma, hers, **{**typed, "title": "SECRET ships without crews"})
    assert "SECRET" not in chidi.get(second).text, "a contributor sees no draft of others"


def test_autosave_shows_duplicate_to_link_as_part_of(known: Settings, chidi: TestClient) -> None:
    at = begin(chidi)
    typed = {"title": TITLE, "happened": "2019-06", "type": "stay-limit", "terms.0.code": "place-1"}
    sent = {**fields(chidi.get(at).text), **typed}
    answer = chidi.post(at, data={**sent, "do": "autosave"})
    assert f">{TITLE}</a>" in answer.text and 'href="/events/E5"' in answer.text
    post(chidi, at, "part-of E5")
    page = chidi.get(at).text
    assert 'name="links.0.to"' in page and 'value="E5"' in page


def test_duplicate_gets_citations_and_draft_is_deleted(known: Settings, chidi: TestClient) -> None:
    at = begin(chidi)
    post(
        chidi,
        at,
        "add citations",
        title=TITLE,
        happened="2019-06",
        type="stay-limit",
        **{"terms.0.code": "place-1"},
    )
    post(
        chidi,
        at,
        "add citations",
        **{"citations.0.source": "S2", "citations.0.paraphrase": "It was told."},
    )
    ids = [row["id"] for row in stored(known, at).document["citations"]]
    post(
        chidi,
        at,
        **{
            "citations.1.source": "S2",
            "citations.1.paraphrase": "It was denied.",
            "citations.1.about": ids[0],
        },
    )
    assert "Same record: add my citations to E5" in chidi.get(at).text
    comparing = post(chidi, at, "same E5").headers["location"]
    shown = words(chidi.get(comparing).text)
    assert "Values to be deleted" in shown and "Deleted June 2019" in shown
    assert "Citations to be added 2 It was told. It was denied." in shown
    assert stored(known, at).state == "draft", "comparing must change nothing"
    there = chidi.post(comparing).headers["location"]
    twin = there.split("?")[0]
    page = chidi.get(twin).text
    assert "Change event E5" in page and "Your citations were added to this record" in page
    citations = stored(known, twin).document["citations"]
    assert there.endswith("?focus=citations.1.paraphrase#citations.1")
    assert [row["paraphrase"] for row in citations[1:]] == ["It was told.", "It was denied."]
    assert citations[2]["about"] == citations[1]["id"], (
        "the copied denial must refer to the copied citation, not to the old one"
    )
    assert {row["id"] for row in citations[1:]}.isdisjoint(ids)
    assert stored(known, at).state == "deleted"
    assert "Same record: add my citations" not in chidi.get(twin).text, (
        "a draft that changes a published record must not offer to move its citations"
    )
    # The deleted draft can be restored with all its citations.
    chidi.post(f"{at}/bring-back")
    assert [row["id"] for row in stored(known, at).document["citations"]] == ids


def test_every_value_that_would_be_dropped_is_shown(known: Settings, chidi: TestClient) -> None:
    at = begin(chidi, kind="M")
    typed = {"counts": "present", "quantifier": "about", "point": "2000", "population": "workers"}
    typed |= {"population_text": "of one plant", "as_of": "2019-06", "terms.0.code": "place-1"}
    post(chidi, at, "add terms-sector", **typed)
    shown = words(chidi.get(post(chidi, at, "same M5").headers["location"]).text)
    for field, mine, theirs in [
        ("Value", "2000", "1203"),
        ("Reported as", "About", "As reported"),
        ("Population, in words", "of one plant", "empty"),
    ]:
        assert f"{field} Deleted {mine} In M5 {theirs}" in shown
    assert "As of Deleted" not in shown, "a value that both have is not dropped"


def test_citations_are_not_added_to_a_record_others_change(
    known: Settings, chidi: TestClient, basma: TestClient
) -> None:
    begin(basma, record="E5")
    at = begin(chidi)
    for twin in ("E5", "M5", "E999", stored(known, at).record):
        comparing = post(chidi, at, f"same {twin}").headers["location"]
        chidi.get(comparing)
        chidi.post(comparing)
        assert stored(known, at).state == "draft", twin
    assert "Another person is editing" in chidi.get(at).text


def test_number_of_statements_does_not_grow_with_records(known: Settings) -> None:
    def statements() -> int:
        with desk_session(known) as db:
            catalogue = Catalogue(db, person(known, "Chidi"))
            assert catalogue.directory and catalogue.drafts is not None
            seen: list[str] = []
            event.listen(
                db.get_bind(), "before_cursor_execute", lambda *given: seen.append(given[2])
            )
            similar(db, catalogue, "E900", document_of(make_event(900, title=TITLE)))
            return len(seen)

    before = statements()
    with desk_session(known) as db:
        save_all(db, [make_event(number, title=TITLE) for number in range(10, 60)])
    assert statements() == before
