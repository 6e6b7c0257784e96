"""Past editions stay as they were at every address, and their banner links to the newest one."""

import html
import random
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.forms import RecordForm, Term
from app.main import create_app
from app.record.models import Version
from app.record.publishing.publish import Approved, Merge, Withdrawal, publish
from app.settings import Settings
from app.vocabulary.record import Why
from tests.conftest import desk_session
from tests.make import (
    a_small_world,
    make_citation,
    make_code,
    make_estimate,
    make_event,
    make_outlet,
    make_place,
    make_source,
    make_term,
)
from tests.support.database_server import Server

EDITIONS, EDITS = 5, 50
"""Random edits in every edition but the first: two hundred in total."""
EVENTS, FIGURES = range(1, 61), range(1, 5)

FILES = [
    *(
        "/events.json",
        "/events.json?place=province-2&from=2019",
        "/events.json?q=Renamed",
        "/events.json?type=dispatch",
    ),
    *(
        "/events.json?changed_since=3&sort=changed&limit=2",
        "/events.json?disputed=none&not_outlet=outlet-2",
    ),
    *(
        "/events.csv?sort=-happened",
        "/events.csv-metadata.json",
        "/events.geojson",
        "/events.atom?place=place-1",
    ),
    *(
        "/events.feed.json",
        "/estimates.json",
        "/estimates.csv?place=country-3",
        "/estimates.atom",
        "/sources.json",
    ),
    *(
        "/sources.json?outlet=outlet-2",
        "/sources.csv",
        "/sources.atom",
        "/cities.json",
        "/cities.csv?place=province-2",
    ),
    *(
        "/cities.geojson",
        "/cities.atom",
        "/changes.json",
        "/changes.json?place=place-4",
        "/changes.csv",
        "/changes.atom",
    ),
    *(
        "/events/breakdown.json?rows=place",
        "/events/breakdown.csv?rows=corroboration&columns=month",
        "/compare.json?place=place-1&place=province-2",
        "/compare.csv?place=place-1&place=place-4",
        "/status.json?place=place-1",
        "/status.json?on=2020-01-01",
        "/codebook.json",
        "/places/province-2.json",
    ),
    *(
        "/cities/place-1.json",
        "/cities/place-1.csv",
        "/cities/place-1.svg",
        "/outlets/outlet-1.json",
        "/sources/S1.json",
    ),
    *(f"/events/E{n}.json" for n in EVENTS if n % 6 == 0),
    *(f"/estimates/M{n}.json" for n in FIGURES),
    *(
        "/api/v1/events?place=place-1",
        "/api/v1/outlets",
        "/api/v1/changes?since=2",
        "/api/v1/vocabulary",
    ),
    *(
        "/cite.json?of=/events",
        "/cite.bib?of=/cities/place-1",
        "/bibliography.json?of=/events?place=province-2",
    ),
]
PAGES = [
    *("/", "/events", "/events?place=place-1", "/events?view=table", "/events?view=map"),
    *(
        "/estimates",
        "/sources",
        "/cities",
        "/cities/place-1",
        "/places/province-2",
        "/outlets/outlet-1",
        "/sources/S1",
    ),
    *(
        "/status?place=place-1",
        "/events/breakdown?rows=place",
        "/compare?place=place-1&place=province-2",
        "/changes",
        "/codebook",
        "/about",
        "/data",
        "/events/E1",
        "/events/E2",
        "/estimates/M1",
    ),
    *("/embed/events?place=place-1", "/embed/cities/place-1", "/embed/places/province-2"),
]


def random_edits(chance: random.Random, events: Sequence[int]) -> list[Approved]:
    """Return random edits: new wording, place, type or name."""

    def words() -> str:
        return chance.choice(["Renamed", "Changed", "Mended", "Put otherwise"])

    def term() -> Term:
        return make_term(code=chance.choice(["place-1", "place-4", "province-2"]))

    def event(n: int) -> RecordForm:
        cited = [
            make_citation(
                n,
                source=chance.choice([1, 2]),
                stance=chance.choice(["supports", "supports", "disputes"]),
            ),
            make_citation(100 + n, source=1),
        ]
        return make_event(
            n,
            title=f"{words()} {n}",
            type=chance.choice(["stay-limit", "dispatch"]),
            happened=chance.choice(["2019-06-15", "2019", "2020-02~", "2018-01/2018-05", ""]),
            terms=[term()],
            citations=cited[: chance.choice([0, 1, 2])],
        )

    forms: list[RecordForm] = [
        *(event(n) for n in chance.sample(events, EDITS - 5)),
        make_estimate(
            chance.choice(FIGURES), point=chance.choice([900, 1_203, 4_000]), terms=[term()]
        ),
        make_place(
            1,
            parent=chance.choice(["province-2", "country-3"]),
            names=[{"text": f"{words()} Town"}],
        ),
        make_outlet(chance.choice([1, 2]), names=[{"text": f"{words()} Times"}]),
        make_code("dispatch", label=f"{words()} dispatch", group="seen", nature="act"),
        make_source(2, outlet="outlet-2", title=f"{words()} report", published="2019-07"),
    ]
    why = [Why.CORRECTED, Why.UPDATED, Why.CLARIFIED]
    return [Approved(form, chance.choice(why), f"{words()}.") for form in forms]


def make_history(desk: Session, chance: random.Random, no: int) -> None:
    """Publish an edition in which records change, are withdrawn, return or are merged."""
    if no == 1:
        world = [
            *a_small_world(),
            make_place(4, parent="province-2"),
            make_code("dispatch", group="seen", nature="act"),
        ]
        events = [make_event(n) for n in EVENTS if n < 50]
        publish(
            desk, [Approved(form) for form in (*world, *events, make_estimate(1), make_estimate(2))]
        )
        return
    # A merged record can't change, but its target can.
    merged = set(
        desk.scalars(
            select(Version.number).where(Version.closed.is_(None), Version.state == "merged")
        )
    )
    edits = random_edits(chance, [n for n in EVENTS if n not in merged])
    gone: dict[str, Any] = {}
    live = select(Version.id).where(
        Version.kind == "E", Version.closed.is_(None), Version.state == "live"
    )
    here = sorted(set(desk.scalars(live)) - {item.form.id for item in edits})
    if no % 2:
        gone["withdrawn"] = [Withdrawal(chance.choice(here), "It was another city.")]
    elif no == 4:
        one, other = chance.sample(here, 2)
        gone["merged"] = [Merge(one, other, "The same buses.")]
    assert publish(desk, edits, message=f"Edition {no}", **gone)


def in_edition(address: str, no: int) -> str:
    """Add the edition to an address. For citations, add it to the cited address."""
    mark = (
        "&"
        if "?" in address.partition("?of=")[2] or ("?" in address and "?of=" not in address)
        else "?"
    )
    return f"{address}{(mark + f'edition={no}').replace('&', '%26' if '?of=' in address else '&')}"


def words_of(page: str) -> str:
    """Return the text of a page without banner and foot, which name the newest edition."""
    page = re.sub(r'<div class="banner">.*?</div></div>', "", page, flags=re.DOTALL)
    page = re.sub(r"Edition [0-9]+ is newer[.]", "", page)
    page = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def seen(client: TestClient, no: int) -> Iterator[tuple[str, Any]]:
    """Yield what every address answers; errors without the id of the request, which is random."""
    for address in FILES:
        answer = client.get(in_edition(address, no))
        content = answer.content
        if answer.is_error:
            content = content.replace(answer.headers["x-request-id"].encode(), b"")
        yield address, (answer.status_code, answer.headers.get("location"), content)
    for address in PAGES:
        answer = client.get(in_edition(address, no))
        yield address, (answer.status_code, answer.headers.get("location"), words_of(answer.text))


def test_past_editions_stay_equal_after_random_edits(database: Settings) -> None:
    """Files are equal to the byte, pages to the word, after two hundred random edits."""
    chance, then = random.Random(20261124), dict[int, dict[str, Any]]()
    for no in range(1, EDITIONS + 1):
        with desk_session(database) as desk:
            make_history(desk, chance, no)
        with TestClient(create_app(database), follow_redirects=False) as client:
            then[no] = dict(seen(client, no))
    statuses = {answer[0] for looks in then.values() for answer in looks.values()}
    assert statuses <= {200, 301, 404, 422} and sum(
        a[0] == 200 for a in then[EDITIONS].values()
    ) > len(FILES)
    assert len({then[no]["/events.json"][2] for no in then}) == EDITIONS
    with TestClient(create_app(database), follow_redirects=False) as client:
        for no, looks in then.items():
            for address, now in seen(client, no):
                assert now == looks[address], (no, address)


@pytest.mark.parametrize(
    "file",
    [
        "/events.csv?",
        "/events.xlsx?place=place-1&",
        "/events.geojson?",
        "/estimates.csv?",
        "/sources.csv?lang=ko&",
    ],
)
def test_file_of_past_edition_does_not_count_facets(
    history: TestClient, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = history.get(re.sub(r"\.\w+", ".json", file) + "edition=1").json()["filter"]
    monkeypatch.setattr("app.record.index.matching.Matching._among", None)  # the facets' counts
    answer = history.get(f"{file}edition=1")
    assert answer.headers["x-sojourn-filter"] == told.encode("ascii", "replace").decode()


# Banner -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def history(server: Server, template: str) -> Iterator[TestClient]:
    """Five editions of four events: one moves, one is withdrawn, one merged; a fifth is added."""
    name = server.create(template)
    with desk_session(server.settings(name)) as desk:
        events = [make_event(n, citations=[make_citation(n)]) for n in (1, 2, 3, 4)]
        publish(desk, [Approved(form) for form in (*a_small_world(), *events, make_estimate(1))])
        moved = make_event(1, terms=[make_term(code="country-3")], citations=[make_citation(1)])
        publish(
            desk,
            [
                Approved(moved, Why.CORRECTED, "It was elsewhere."),
                Approved(make_code(label="Limit")),
            ],
        )
        publish(desk, [], withdrawn=[Withdrawal("E2", "It was another city.")])
        publish(desk, [], merged=[Merge("E3", "E4", "The same buses.")])
        publish(desk, [Approved(make_event(5, citations=[make_citation(5)]))])
    with TestClient(create_app(server.settings(name)), follow_redirects=False) as client:
        yield client
    server.drop(name)


def banner(client: TestClient, address: str) -> str:
    found = re.search(
        r'<div class="banner">(.*?)</div></div>', client.get(address).text, flags=re.DOTALL
    )
    return html.unescape(found[1]) if found else ""


@pytest.mark.parametrize(
    ("address", "said", "changes"),
    [
        ("/events?edition=1", "1 row added, 1 changed, 2 removed", "/changes?what=event&since=2"),
        (
            "/events?place=place-1&edition=1",
            "1 row added, 3 removed",
            "/changes?what=event&since=2&place=place-1",
        ),
        (
            "/events?place=place-1&edition=4",
            "1 row added.",
            "/changes?what=event&since=5&place=place-1",
        ),
        ("/estimates?edition=1", "no change", "/changes?what=estimate&since=2"),
        ("/cities/place-1?edition=1", "1 row added, 3 removed", "/changes?since=2&place=place-1"),
        ("/events/E1?edition=1", "1 changed", "/changes?id=E1&since=2"),
        ("/codebook?edition=1", "1 changed", "/changes?what=code&since=2"),
        (
            "/?edition=1",
            "1 row added, 1 changed, 2 removed",
            "/changes?what=estimate&what=event&what=source&since=2",
        ),
        (
            "/changes?place=country-3&edition=1",
            "4 more changes",
            "/changes?since=2&place=country-3",
        ),
    ],
)
def test_past_edition_banner_says_what_changed_since(
    history: TestClient, address: str, said: str, changes: str
) -> None:
    shown = banner(history, address)
    assert f"Since then: {said}" in shown and f'href="{changes}"' in shown
    assert history.get(changes).status_code == 200
    if said != "no change":
        assert history.get(changes.replace("/changes", "/changes.json")).json()["total"] > 0


def test_past_page_of_removed_record_has_a_note(history: TestClient) -> None:
    shown = banner(history, "/events/E2?edition=1")
    assert 'href="/events/E2">E2</a> was withdrawn in edition 3: It was another city.' in shown
    assert "Event 2" in history.get("/events/E2?edition=1").text
    assert "E3</a> was merged into E4 in edition 4: The same buses." in banner(
        history, "/events/E3?edition=2"
    )
    both = banner(history, "/events?edition=2")
    assert "E2</a> was withdrawn" in both and "E3</a> was merged" in both
    assert "withdrawn" not in banner(history, "/events?edition=3")


def test_banner_link_keeps_the_whole_query(history: TestClient) -> None:
    shown = banner(history, "/events?place=country-3&place=place-1&edition=1")
    assert 'href="/events?place=country-3&place=place-1"' in shown


@pytest.mark.parametrize("address", ["/events", "/events?edition=5", "/cite?of=/events?edition=5"])
def test_newest_edition_has_no_banner(history: TestClient, address: str) -> None:
    assert banner(history, address) == ""
