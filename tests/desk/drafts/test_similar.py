"""Possible duplicates are shown while a record is being written."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.desk.approved.store import save_all
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts.similar import similar
from app.documents import document_of
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_citation, make_estimate, make_event, make_place, make_term
from tests.support.desk_people import person
from tests.support.draft_pages import begin, fields, post, stored
from tests.support.html import words
from tests.support.tables import failing

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


def test_record_matching_three_criteria_is_shown(known: Settings) -> None:
    def why(changes: dict[str, Any]) -> str | None:
        values = {"title": TITLE, "place": "place-1", "source": 1, "type": "stay-limit", **changes}
        place, source = str(values.pop("place")), int(values.pop("source"))
        form = make_event(9, citations=[make_citation(9, source)], terms=[make_term(code=place)])
        return dict(similar_to(known, form.model_copy(update=values))).get("E5")

    short, second, elsewhere = {"title": "Short stays"}, {"source": 2}, {"place": "other-city"}
    home, long_ago = {"type": "repatriation"}, {"happened": "2012"}
    place_and_time, of_source = "same place, about the same time", "same source"
    same_type = f"{of_source}, same place, same type"
    cases: list[tuple[dict[str, Any], str | None]] = [
        ({"happened": "2019-06-15"} | home | second, f"{place_and_time}, same words"),
        ({"happened": "2019-05~"} | short | second, f"{place_and_time}, same type"),
        ({"place": "province-2"} | short | second, f"{place_and_time}, same type"),
        (elsewhere | short, f"{of_source}, about the same time, same type"),
        (elsewhere | long_ago, f"{of_source}, same type, same words"),
        ({"happened": ""} | short, same_type),
        ({"happened": "last week or so"} | short, same_type),
        # Sharing a city and month, or one article, is not enough.
        (home | short | second, None),
        (elsewhere | long_ago | short, None),
        (elsewhere | long_ago | home | second, None),
    ]
    assert failing(cases, why) == []


def test_only_an_alike_estimate_is_offered(known: Settings) -> None:
    reasons = "same source, same place, about the same time, measures the same"
    assert similar_to(known, make_estimate(9)) == [("M5", reasons)]

    def is_offered(changes: dict[str, Any]) -> bool:
        values = {"population_text": "workers in the city", **changes}
        return bool(similar_to(known, make_estimate(9, **values)))

    about, in_words = {"quantifier": "about"}, {"quantifier": "words", "printed_words": "many"}
    arrivals = {"counts": "arrivals", "as_of": ""}
    cases: list[tuple[dict[str, Any], bool]] = [
        ({}, True),
        (about | {"point": 1_200}, True),
        (in_words | {"point": None}, True),
        (about | {"point": 129_000}, False),
        ({"as_of": "2019-07"}, False),
        (arrivals | {"period": "2019-06"}, False),
        (arrivals | {"period": "2012", "citations": [make_citation(9, 2)]}, False),
    ]
    assert failing(cases, is_offered) == []


def test_empty_draft_and_record_itself_match_nothing(known: Settings, chidi: TestClient) -> None:
    assert "E5" not in dict(similar_to(known, make_event(5, title=TITLE)))
    assert "Possible duplicates" not in chidi.get(begin(chidi)).text


TYPED = {"happened": "2019-06", "type": "stay-limit", "terms.0.code": "place-1"}


def test_own_draft_is_shown_but_drafts_of_others_are_not(
    known: Settings, chidi: TestClient, basma: TestClient
) -> None:
    typed = TYPED | {"title": "Ships without crews", "happened": "2024-02", "type": "repatriation"}
    post(chidi, begin(chidi, key="one"), **typed)
    second = begin(chidi, key="two")
    post(chidi, second, **typed)
    page = chidi.get(second).text
    assert "Possible duplicates" in page and "a draft" in page
    hers = begin(basma, key="hers")
    post(basma, hers, **typed | {"title": "SECRET ships without crews"})
    assert "SECRET" not in chidi.get(second).text, "a contributor sees no draft of others"
    # A save by itself shows them, too, and a press links one.
    at = begin(chidi, key="three")
    sent = {**fields(chidi.get(at).text), **TYPED, "title": TITLE, "do": "autosave"}
    answer = chidi.post(at, data=sent)
    assert f">{TITLE}</a>" in answer.text and 'href="/events/E5"' in answer.text
    post(chidi, at, "part-of E5")
    page = chidi.get(at).text
    assert 'name="links.0.to"' in page and 'value="E5"' in page


def test_duplicate_gets_citations_and_draft_is_deleted(known: Settings, chidi: TestClient) -> None:
    at = begin(chidi)

    def cite(number: int, paraphrase: str, do: str = "save", **more: str) -> None:
        values = {"source": "S2", "paraphrase": paraphrase, **more}
        post(chidi, at, do, **{f"citations.{number}.{name}": v for name, v in values.items()})

    post(chidi, at, "add citations", title=TITLE, **TYPED)
    cite(0, "It was told.", "add citations")
    ids = [row["id"] for row in stored(known, at).document["citations"]]
    cite(1, "It was denied.", about=ids[0])
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
    assert 'value="same ' not in page, (
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
