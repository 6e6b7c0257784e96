"""Possible duplicates are shown while a record is written, and its citations can be added there."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.desk.approved.store import save_all
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts.duplicates import similar
from app.documents import document_of
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_citation, make_code, make_estimate, make_event, make_place, make_term
from tests.support.desk_people import person
from tests.support.draft_pages import begin, fields, post, stored, write_event
from tests.support.tables import failing

TITLE = "Workers told to leave the city"
DEPARTED: dict[str, Any] = {"counts": "departures", "as_of": "", "period": "2019-06"}
TYPED = {"happened": "2019-06", "type": "stay-limit", "terms.0.code": "place-1"}


@pytest.fixture
def known(desk_world: Settings) -> Settings:
    """An event in place-1 in June 2019 and an estimate for it, both from source 1."""
    with desk_session(desk_world) as db:
        other = make_place(4, "other-city", parent="province-2")
        codes = [make_code(code, direction="tightens") for code in ("visa-stop", "permit-stop")]
        lasting = make_event(6, type="visa-stop", happened="2016-01/..")
        events = [make_event(5, title=TITLE), lasting]
        codes += [make_code("contracts-end", nature="act")]
        codes += [make_code("sent-home", direction="leaves")]
        save_all(db, [*codes, other, *events, make_estimate(5, **DEPARTED)])
    return desk_world


def test_same_statement_of_a_place_and_time_is_shown(known: Settings) -> None:
    def is_found(kind: str, changes: dict[str, Any]) -> bool:
        values = {"place": "place-1", **(DEPARTED if kind == "M" else {}), **changes}
        place = str(values.pop("place"))
        make = make_event if kind == "E" else make_estimate
        terms = [make_term(code=place or "place-1")]
        form: Any = make(9, citations=[make_citation(9)], terms=terms, **values)
        document = document_of(form) | ({} if place else {"terms": []})
        with desk_session(known) as db:
            catalogue = Catalogue(db, person(known, "Chidi"))
            found = similar(db, catalogue, form.id, document)
        return f"{kind}5" in {each.code for each in found}

    between = {"point": None, "low": 1_000, "high": 1_500, "quantifier": "range"}
    cases = [
        ("E", {"happened": "2019-06-15"}, True),
        ("E", {"type": "repatriation"}, False),
        ("E", {"happened": "2012"}, False),
        ("E", {"happened": ""}, False),
        ("E", {"place": "other-city"}, False),
        ("E", {"place": "province-2"}, True),
        ("E", {"place": ""}, True),
        ("E", {"place": "", "type": "repatriation"}, False),
        ("M", {}, True),
        ("M", {"point": 129_000}, False),
        ("M", between, True),
        ("M", {"counts": "arrivals"}, False),
        ("M", {**between, "period": "2019-07"}, True),
        ("M", {**between, "period": "2019-09"}, False),
        ("M", {"period": "2012"}, True),
    ]
    assert failing(cases, is_found) == []


def test_event_that_lasts_is_shown_for_its_type_or_direction_while_it_lasts(
    known: Settings,
) -> None:
    def is_of_other_type(changes: dict[str, str]) -> bool | None:
        form = make_event(9, citations=[make_citation(9)], **changes)
        with desk_session(known) as db:
            catalogue = Catalogue(db, person(known, "Chidi"))
            found = similar(db, catalogue, form.id, document_of(form))
        return {each.code: "Only there: Visa" in each.about for each in found}.get("E6")

    visas, permits = {"type": "visa-stop"}, {"type": "permit-stop"}
    cases = [
        (visas | {"happened": "2018"}, False),
        (visas | {"happened": "../2018"}, False),
        (visas | {"happened": "../2014"}, None),
        (permits | {"happened": "2018"}, True),
        (permits | {"happened": "2015-12-20"}, None),
        ({"happened": "2018", "type": "sent-home"}, None),
        ({"happened": "2018", "type": "contracts-end"}, True),
    ]
    assert failing(cases, is_of_other_type) == []


def test_own_draft_is_shown_but_drafts_of_others_are_not(
    known: Settings, chidi: TestClient, basma: TestClient
) -> None:
    typed = TYPED | {"title": "Ships without crews", "happened": "2024-02", "type": "repatriation"}
    assert "Possible duplicates" not in chidi.get(begin(chidi)).text
    post(chidi, begin(chidi, key="one"), **typed)
    second = begin(chidi, key="two")
    post(chidi, second, **typed)
    page = chidi.get(second).text
    assert "Possible duplicates" in page and "A draft. February 2024." in page
    hers = begin(basma, key="hers")
    post(basma, hers, **typed | {"summary": "SECRET ships without crews"})
    assert stored(known, hers).record not in chidi.get(second).text
    # A save by itself shows them, too.
    at = begin(chidi, key="three")
    typed = {"card.when": "2019-06", "type": "stay-limit", "card.where": "province-2"}
    sent = {**fields(chidi.get(at).text), **typed, "do": "autosave"}
    answer = chidi.post(at, data=sent).text
    assert f">{TITLE}</a>" in answer and "15 June 2019. Reported. Only there: Place-1." in answer


def test_drafts_of_the_same_article_are_no_duplicates(reports: Settings, basma: TestClient) -> None:
    first, second, undated, other, early = (
        stored(reports, write_event(basma, f"/desk/sources/{at}", happened=day))
        for at, day in (
            ("S7", "2019-06-03"),
            ("S7", "2019-06"),
            ("S7", ""),
            ("S8", "2019-06-05"),
            ("S8", "2019-05-01"),
        )
    )
    with desk_session(reports) as db:
        catalogue = Catalogue(db, person(reports, "Basma"))
        ids, ids_of_undated = (
            {each.code for each in similar(db, catalogue, draft.record, draft.document)}
            for draft in (first, undated)
        )
    assert other.record in ids and second.record not in ids
    # Without a date, records of the time of the report.
    assert ids_of_undated == {early.record}


def test_duplicate_gets_citations_and_draft_is_deleted(known: Settings, chidi: TestClient) -> None:
    at = begin(chidi)

    def cite(number: int, paraphrase: str, do: str = "save", **more: str) -> None:
        values = {"source": "S2", "paraphrase": paraphrase, **more}
        post(chidi, at, do, **{f"citations.{number}.{name}": v for name, v in values.items()})

    post(chidi, at, "add citations", title=TITLE, **TYPED)
    cite(0, "It was said.", "add citations")
    ids = [row["id"] for row in stored(known, at).document["citations"]]
    post(chidi, at, "add stages")
    post(chidi, at, "save", **{"stages.0.step": "planned", "stages.0.citation": ids[0]})
    cite(0, "It was said.", stance="supports")
    cite(1, "It was denied.", about=ids[0], stance="disputes")
    assert 'value="same E5"' in chidi.get(at).text
    there = post(chidi, at, "same E5").headers["location"]
    twin = there.split("?")[0]
    page = chidi.get(twin).text
    assert "Change event E5" in page and "Your citations were added to “" in page
    citations = stored(known, twin).document["citations"]
    assert there.endswith("?focus=citations.1.paraphrase#citations.1.paraphrase")
    moved = [(row["paraphrase"], row["stance"], row["happened"]) for row in citations[1:]]
    assert moved == [("It was said.", "", "2019-06"), ("It was denied.", "disputes", "")]
    *_others, stage = stored(known, twin).document["stages"]
    assert (stage["step"], stage["citation"]) == ("planned", citations[1]["id"])
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


def test_citations_are_not_added_to_a_record_others_change(
    known: Settings, chidi: TestClient, basma: TestClient
) -> None:
    begin(basma, record="E5")
    at = begin(chidi)
    for twin in ("E5", "M5", "E999", stored(known, at).record):
        post(chidi, at, f"same {twin}")
        assert stored(known, at).state == "draft", twin
    assert "Another person is editing" in chidi.get(at).text
