"""Actors and laws: drafted, withdrawn and purged at the desk, with notes that stay there."""

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.desk.purges import purged_ids
from app.kinds import RecordForm
from app.record.publishing.integrity import find_problems
from app.settings import Settings
from tests.conftest import desk_session, wait_until
from tests.desk.conftest import Visit
from tests.desk.purges.test_purges import dump
from tests.make import make_actor, make_event, make_law, make_place, make_term
from tests.support.draft_pages import begin, post
from tests.support.worlds import desk_with, publish_new

pytestmark = pytest.mark.usefixtures("one_person_desk")

NOTE, NAME = "Ravensworth", "Thornbury"
HIDDEN = re.compile(f"{NOTE}|{NAME} ")
"""Not the codes: past versions of other records keep them, as they keep those of places."""
ACTOR = make_actor(
    1,
    f"{NAME}-works".lower(),
    kind="company",
    names=[{"text": f"{NAME} Works"}],
    reply=f"{NAME} says no.",
    wikidata="Q42",
    note=NOTE,
)
LAW = make_law(
    1,
    f"{NAME}-act".lower(),
    names=[{"text": f"{NAME} Act"}],
    issuer=ACTOR.code,
    articles=[{"number": "1", "says": f"{NAME} may not."}],
    note=NOTE,
)
SITE = make_place(9, "site-9", kind="site", parent="place-1")
UNDER: list[RecordForm] = [make_actor(2), make_law(2)]
EVENT = make_event(1)
NAMING: list[RecordForm] = [
    ACTOR,
    LAW,
    SITE.model_copy(update={"operator": ACTOR.code}),
    UNDER[0].model_copy(update={"parent": ACTOR.code}),
    UNDER[1].model_copy(update={"parent": LAW.code}),
    EVENT.model_copy(
        update={
            "terms": [*EVENT.terms, make_term("actor", code=ACTOR.code)],
            "legal": make_event(
                legal=[{"instrument": LAW.code, "relation": "based-on", "reading": "source"}]
            ).legal,
        }
    ),
    make_event(2),
]
"""An actor and a law, with a record for each way to refer to them."""
PAGES = {"A1": f"/actors/{ACTOR.code}", "N1": f"/laws/{LAW.code}"}


named = desk_with("named", *NAMING)


def test_purge_leaves_only_the_code_in_past_references(
    named: Settings, visit: Visit, amal: TestClient, basma: TestClient, tmp_path: Path
) -> None:
    for id in PAGES:
        at = begin(basma, record=id, key=id)
        post(basma, at, note=f"{NOTE} again")
        basma.post(at, data={"do": "delete"})
    reader = visit("203.0.113.50")
    typed = {"reason": "Asked for.", "cause": "request"}
    for id in ("N1", "A1"):
        answer = amal.post(f"/desk/records/{id}/purge", data={"typed": id, **typed})
        assert answer.status_code == 422, "what names it must be changed first"
    publish_new(named, EVENT, SITE, *UNDER)
    for id in ("N1", "A1"):
        answer = amal.post(f"/desk/records/{id}/purge", data={"typed": id, **typed})
        assert answer.status_code == 303, answer.text
    assert HIDDEN.findall(dump(named, tmp_path / "after.zip")) == []
    with desk_session(named) as db:
        assert find_problems(db) == [] and purged_ids(db) == ["A1", "N1"]
    past = "/events/E1?edition=1"
    wait_until(lambda: not HIDDEN.search(reader.get(past).text), "the worker to hear of it")
    for id, page in PAGES.items():
        for address in (page, f"{page}?edition=1", f"/actors/{id}", f"/laws/{id}"):
            assert reader.get(address).status_code in {404, 410}, address
    for address in ("/events?edition=1", "/actors", "/laws?edition=1"):
        assert not HIDDEN.search(reader.get(address).text), address
