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
from tests.support.articles import EVENT, enter, sent_twice
from tests.support.draft_pages import fields, post, stored

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
