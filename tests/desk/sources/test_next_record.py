"""Submitting a draft and going on with the next one."""

import re
from typing import Any

from starlette.testclient import TestClient

from app.desk.approved.draft_models import DraftState
from app.desk.approved.store import save_all
from app.documents import Document
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_event
from tests.support.articles import ADDRESS, EVENT, FIGURE, enter, sent_twice
from tests.support.draft_pages import fields, post, stored

READ = {
    "outlet": "outlet-1",
    "title": "Go home",
    "title_basis": "printed",
    "kind": "news",
    "published": "2019-05-01",
    "published_basis": "stated",
    "copies.0.extent": "full",
}
"""What a source needs."""
STEP = "citations.0.chain.0"


def values(row: Document, *names: str) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


def columns(rows: list[Document], *names: str) -> list[tuple[Any, ...]]:
    return [values(row, *names) for row in rows]


def ticks(page: str) -> list[str]:
    return re.findall(r'name="carry\.(\w+)"\s+value="yes" checked', page)


def test_submitting_starts_the_next_record_of_the_article(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    first = enter(chidi, report, kind="E")
    # An incomplete draft starts none.
    answer = post(chidi, first, "submit E", **{**EVENT, "title": ""})
    assert answer.headers["location"].endswith("?check=1")
    assert stored(desk_world, first).state == DraftState.DRAFT
    assert chidi.get(report).text.count('href="/desk/drafts/') == 1
    second = sent_twice(chidi, first, "submit E", **EVENT)
    assert second.endswith("?focus=title")
    assert stored(desk_world, first).state == DraftState.IN_REVIEW
    event = stored(desk_world, first).record
    assert f"{event} was submitted." in chidi.get(second).text
    begun = stored(desk_world, second).document
    assert columns(begun["terms"], "code", "role") == [("place-1", "via")]
    assert columns(begun["citations"][0]["chain"], "attribution") == [("resident",)]
    assert values(begun, "title", "happened") == ("", "")
    assert begun["citations"][0]["paraphrase"] == ""

    # What was carried over is marked until it is changed or looked at.
    row, chain = stored(desk_world, second).carried
    assert (row.partition("/")[0], chain.rpartition("/")[2]) == ("terms", "chain")
    page = chidi.get(second).text
    assert f'value="looked {row}"' in page and f'value="looked {chain}"' in page
    answer = post(chidi, second, "submit", **EVENT | {"terms.0.role": "at"})
    assert stored(desk_world, second).carried == [chain], "a change removes the mark"
    assert stored(desk_world, second).state == DraftState.DRAFT
    words = "Speaker: carried over; mark it as checked"
    assert words in chidi.get(answer.headers["location"]).text
    post(chidi, second, f"looked {chain}")
    assert stored(desk_world, second).carried == []

    third = sent_twice(chidi, second, "submit M", **EVENT)
    assert stored(desk_world, third).document["event"] == stored(desk_world, second).record
    cleared = post(chidi, third, "save", event="")
    assert f'value="set event {event}"' in chidi.get(cleared.headers["location"]).text, (
        "the estimate's form must offer the article's events as buttons"
    )
    post(chidi, third, "looked all")
    counted = {"carry.counted": "yes", "carry.period": "yes"}
    fourth = sent_twice(chidi, third, "submit M", **FIGURE, **counted, event=event)
    begun = stored(desk_world, fourth).document
    assert values(begun, "counts", "population", "as_of") == ("present", "workers", "2019-04")
    assert values(begun, "event", "point", "quantifier") == (event, "", "")
    post(chidi, fourth, "looked all")
    assert sent_twice(chidi, fourth, "submit", **FIGURE) == report, (
        "submitting without a next record must lead to the article's page"
    )


def test_only_ticked_blocks_are_carried_over(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    first = enter(chidi, report, kind="E")
    post(chidi, first, "add terms paper")
    sent = fields(chidi.get(first).text)
    assert sent["carry.shown"] == "yes"
    unticked = {"carry.place": "", "carry.speaker": "", "carry.paper": "yes"}
    chidi.post(first, data={**sent, **unticked, "do": "save"})
    found = ticks(chidi.get(first).text)
    assert "place" not in found and "paper" in found, "ticks survive saving"
    second = sent_twice(chidi, first, "submit E", **EVENT, **{"terms.1.code": "student"})
    begun = stored(desk_world, second).document
    assert columns(begun["terms"], "key", "code") == [("place", ""), ("paper", "student")]
    assert columns(begun["citations"][0]["chain"], "attribution") == [("outlet-own-voice",)]
    kept = ["event", "nationality", "said", "paper"]
    assert ticks(chidi.get(second).text) == kept, "the choice is kept for the next"


def test_speaker_of_an_added_citation_is_marked_until_looked_at(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    with desk_session(desk_world) as db:
        save_all(db, [make_event(71)])
    first = enter(chidi, report, kind="E")
    post(chidi, first, "add citations", **EVENT | {f"{STEP}.occasion": "a call"})
    mark = f"citations/{stored(desk_world, first).document['citations'][1]['row']}/chain"
    assert stored(desk_world, first).carried == [mark]
    page = chidi.get(first).text
    folded = page.index('name="citations.1.chain.0.occasion"')
    opened = page.rindex("<details", 0, folded)
    assert page[opened:].startswith('<details class="facet" open>'), "it holds a carried value"
    post(chidi, first, "submit")
    assert stored(desk_world, first).state == DraftState.DRAFT
    post(chidi, first, "looked all")
    assert stored(desk_world, first).carried == []
    # So is one that is carried by citing under a record.
    cited = stored(desk_world, enter(chidi, report, record="E71"))
    added = cited.document["citations"][1]
    assert columns(added["chain"], "attribution") == [("resident",)]
    assert cited.carried == [f"citations/{added['row']}/chain"]


def test_summary_and_speakers_are_copied_by_buttons(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    first = enter(chidi, report, kind="E")
    before = stored(desk_world, first).document
    for line in (
        *("above", "above x", "above citations.9.paraphrase", "above terms"),
        *("speakers citations.0", "speakers x C1"),
    ):
        assert post(chidi, first, line).status_code == 303
        assert stored(desk_world, first).document == before, line
    post(chidi, first, "above citations.0.paraphrase", summary="Firms were told to send them home.")
    citation = stored(desk_world, first).document["citations"][0]
    assert citation["paraphrase"] == "Firms were told to send them home."
    assert 'value="above ' not in chidi.get(first).text, "once a paraphrase is typed"
    post(chidi, first, "save", **{f"{STEP}.attribution": "resident", f"{STEP}.words": "a baker"})

    second = enter(chidi, report, kind="E")
    post(chidi, second, "save", **{f"{STEP}.attribution": "observers", f"{STEP}.words": ""})
    copy = f"speakers citations.0 {citation['id']}"
    assert f'value="{copy}">Resident: a baker<' in chidi.get(second).text
    assert post(chidi, second, copy).headers["location"].endswith("paraphrase")
    steps = stored(desk_world, second).document["citations"][0]["chain"]
    assert columns(steps, "attribution", "words") == [("resident", "a baker")]

    figure = enter(chidi, report, kind="M")
    stated = {"population_text": "workers of the city", "terms.0.code": "place-1"}
    stated |= {name: text for name, text in FIGURE.items() if "." not in name}
    post(chidi, figure, "above citations.0.paraphrase", **stated)
    said_of_it = stored(desk_world, figure).document["citations"][0]["paraphrase"]
    assert said_of_it == "About 2,000 workers of the city, people present, Place-1, April 2019"


def test_unknown_outlet_is_started_from_its_name(chidi: TestClient, desk_world: Settings) -> None:
    """The editor need not look for the form of outlets, and returns to the source."""
    answer = chidi.post("/desk/sources", data={"key": "k", "url": ADDRESS})
    source, _mark, focus = answer.headers["location"].partition("?")
    assert focus == "focus=outlet"
    post(chidi, source, outlet="가상일보", title="Go home")
    assert 'value="make outlet"' in chidi.get(source).text
    outlet = post(chidi, source, "make outlet").headers["location"]
    assert post(chidi, source, "make outlet").headers["location"] == outlet, (
        "pressing the button twice must start only one outlet"
    )
    begun = stored(desk_world, outlet).document
    assert columns(begun["names"], "text", "language") == [("가상일보", "ko")]
    answer = post(chidi, outlet, "submit", code="gasang", kind="newspaper")
    assert answer.headers["location"] == source
    page = chidi.get(source).text
    assert "was submitted." in page and 'value="make outlet"' not in page
    assert stored(desk_world, source).document["title"] == "Go home"
    # The submitted source starts a record that cites it.
    event = sent_twice(chidi, source, "submit E", **READ)
    cited = stored(desk_world, event).document["citations"][0]
    assert values(cited, "source", "said") == (stored(desk_world, source).record, "2019-05-01")
