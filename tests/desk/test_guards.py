"""Protection of the desk against outsiders. Each test fails without its guard."""

import logging
import re
from typing import get_args
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.desk.identity import commands
from app.desk.identity.models import Person
from app.desk.identity.permissions import (
    Admin,
    Contributor,
    Editor,
    account_holder,
    half_signed_in,
    signed_in,
)
from app.desk.identity.sign_ins import safe_next
from app.desk.routes import router
from app.main import create_app
from app.settings import Settings
from tests.conftest import desk_session
from tests.desk.conftest import Visit
from tests.support.desk_people import (
    FIREFOX,
    PASSWORD,
    email,
    give_password,
    is_in,
    person,
    sign_in,
)
from tests.support.routes import dependencies_of, routes_of
from tests.support.worlds import give_cookies

# Requests from other sites ------------------------------------------------------------------------

ELSEWHERE = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "none"},
    {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
    {"origin": "https://evil.example"},
    {"origin": "http://testserver.evil.example"},
    {"origin": "http://testserver:8080"},
    {"origin": "null"},
    {"origin": "http://[testserver"},
    {"origin": "http://[x]"},
    {"origin": "http://elsewhere@testserver"},
    {"origin": "testserver"},
    {},
]
HERE = [{"sec-fetch-site": "same-origin"}, {"origin": "http://testserver"}]


def test_only_posts_of_the_same_site_are_accepted(desk_world: Settings, app: FastAPI) -> None:
    client = give_cookies(TestClient(app, follow_redirects=False), "Amal")
    form = {"email": email("Amal"), "password": PASSWORD}
    accepted = []
    for headers in ELSEWHERE:
        asked = [client.post("/desk/sign-in", data=form, headers=headers)]
        asked += [
            client.request(method, "/desk/sign-out", headers=headers)
            for method in ("POST", "PUT", "PATCH", "DELETE")
        ]
        accepted += [(headers, each.status_code) for each in asked if each.status_code != 403]
    assert accepted == [] and is_in(client)
    for headers in HERE:
        here = TestClient(app, follow_redirects=False, headers=headers)
        assert sign_in(here, "Amal").status_code == 303, headers


def test_https_site_rejects_form_of_http_page(desk_world: Settings) -> None:
    form = {"email": email("Amal"), "password": PASSWORD}
    settings = desk_world.model_copy(update={"public_url": "https://testserver"})
    client = TestClient(create_app(settings), follow_redirects=False)
    statuses = {
        origin: client.post("/desk/sign-in", data=form, headers={"origin": origin}).status_code
        for origin in ("http://testserver", "https://testserver")
    }
    assert statuses == {"http://testserver": 403, "https://testserver": 303}


# Cookies and sessions -----------------------------------------------------------------------------


def test_planted_token_is_never_signed_in(chidi: TestClient, visit: Visit) -> None:
    attacker, victim = chidi, visit()
    planted = attacker.cookies["sojourn"]
    victim.cookies.set("sojourn", planted, domain="testserver.local", path="/")
    sign_in(victim, "Amal")
    tokens = [cookie.value for cookie in victim.cookies.jar]
    assert planted not in tokens, "signing in must give a new token"
    assert not is_in(attacker), "signing in must end the session of the planted token"


COOKIES: list[tuple[str | None, str, str, set[str]]] = [
    ("https://sojourn.example.org", "http://testserver", "__Host-sojourn", {"secure"}),
    ("http://localhost", "http://testserver", "sojourn", set()),
    (None, "http://testserver", "sojourn", set()),
    (None, "https://testserver", "__Host-sojourn", {"secure"}),
]


def test_cookie_is_http_only_and_same_site(desk_world: Settings) -> None:
    for public_url, reached_at, name, secure in COOKIES:
        app = create_app(desk_world.model_copy(update={"public_url": public_url}))
        client = TestClient(app, reached_at, follow_redirects=False, headers=HERE[0])
        cookies = sign_in(client, "Chidi").headers.get_list("set-cookie")
        (session, *limits), (device, *of_device) = (each.lower().split("; ") for each in cookies)
        assert session.startswith(f"{name.lower()}="), (public_url, reached_at)
        assert set(limits) == {"httponly", "path=/", "samesite=lax"} | secure
        assert device.startswith(f"{name.lower()}-device=")
        (age,) = set(of_device) - set(limits)
        assert age.startswith("max-age=") and set(limits) < set(of_device)


def test_cookies_over_https_have_host_prefix(published_world: Settings) -> None:
    for newest, (scheme, prefix, record) in enumerate(
        [("https", "__Host-", "E1"), ("http", "", "S2")], start=2
    ):
        changed = {
            "public_url": f"{scheme}://testserver",
            "trusted_hosts": ["testserver"],
            "one_person_desk": True,
        }
        app = create_app(published_world.model_copy(update=changed))
        with TestClient(app, f"{scheme}://testserver", headers=HERE[0]) as client:
            sign_in(client, "Basma")
            client.post(f"/desk/records/{record}/withdraw", data={"reason": "Another city."})
            jar = list(client.cookies.jar)
            assert {cookie.name for cookie in jar} == {
                f"{prefix}sojourn{name}" for name in ("", "-device", "-edition")
            }
            assert {(each.secure, each.path) for each in jar} == {(scheme == "https", "/")}
            # A neighbouring host can plant only cookies without the prefix, which have no effect.
            assert client.get("/events.json").headers["x-sojourn-edition"] == str(newest)


def test_desk_pages_are_not_cached(amal: TestClient, visit: Visit) -> None:
    client = visit()
    for address in ("/desk", "/desk/sign-in", "/desk/nowhere", "/desk/welcome/x", "/desk/people"):
        headers = client.get(address).headers
        assert headers["cache-control"] == "no-store", address
        assert headers["referrer-policy"] == "same-origin", address
    for address in ("/desk", "/desk/account", "/desk/people", "/desk/audit", "/desk/people/99"):
        assert amal.get(address).headers["cache-control"] == "no-store", address
    # The back button shows no page of the desk either.
    assert amal.post("/desk/sign-out").headers["clear-site-data"] == '"cache"'


# Redirects after signing in -----------------------------------------------------------------------


OUR_PAGES = ["/desk", "/desk/people", "/desk/audit?before=12", "/desk/people/3"]
NOT_OURS = [
    "https://evil.example/desk",
    "//evil.example/desk",
    "/\\evil.example",
    "\\\\evil.example\\desk",
    "/desk\\@evil.example",
    "/desk/\\evil.example",
    "/desk//evil.example",
    "javascript:alert(1)",
    "/events",
    "/desktop",
    "desk",
    "/desk\r\nset-cookie: x=y",
    "\t//evil.example",
    "http:/desk",
    "http://[x",
    "//[x/desk",
    "//a\N{ACCOUNT OF}b/desk",
    "///evil.example/desk",
    "///desk/drafts/3?x=1",
    "/desk/\x00",
    " /desk/drafts/3?x=1",
    "",
]


def test_signing_in_redirects_to_pages_of_the_desk_only(desk_world: Settings, visit: Visit) -> None:
    for wanted in OUR_PAGES:
        on_the_way = visit().get(wanted).headers["location"]
        assert f'name="next" value="{wanted}"' in visit().get(on_the_way).text
    wrong = [
        wanted
        for wanted in (*OUR_PAGES, *NOT_OURS)
        if not sign_in(visit(), "Amal", next=wanted).headers["location"]
        == safe_next(wanted)
        == (wanted if wanted in OUR_PAGES else "/desk")
    ]
    assert wrong == []


# Permissions --------------------------------------------------------------------------------------

OPEN_TO_ALL = {
    "/desk/sign-in",
    "/desk/sign-in/passkey",
    "/desk/sign-in/passkey/question",
    "/desk/welcome/{token}",
}
HALF_WAY = {"/desk/sign-in/code"}
OF_ENROLMENT = {
    "/desk/account",
    "/desk/account/second-factor",
    "/desk/account/passkeys",
    "/desk/account/passkeys/add",
    "/desk/account/notices/read",
    "/desk/sign-out",
}
OF_ADMINS = re.compile(r"/desk/(audit|people|vocabulary)\b|/desk/records/\S+/purge$")
OF_EDITORS = re.compile(
    r"/desk/(bulk|captures|confirmations|feeds|imports|merges|quality|review)\b"
    r"|/desk/round/(check|messages)\b|/desk/records/\S+/(merge|private|publish|withdraw)$"
)


def test_every_desk_route_declares_its_permission() -> None:
    routes = list(routes_of(router))
    assert len(routes) > 15
    for route in routes:
        asked = dependencies_of(route)
        if route.path in OPEN_TO_ALL:
            assert not asked & {signed_in, half_signed_in}, route.path
        elif route.path in HALF_WAY:
            assert half_signed_in in asked, route.path
        elif route.path in OF_ENROLMENT:
            assert account_holder in asked, route.path
        else:
            role = Admin if OF_ADMINS.match(route.path) else Contributor
            role = Editor if OF_EDITORS.match(route.path) else role
            assert signed_in in asked and get_args(role)[1].dependency in asked, route.path


def test_pages_of_editors_and_admins_are_theirs_alone(
    visit: Visit, chidi: TestClient, basma: TestClient
) -> None:
    tried, nobody = 0, visit()
    for route in routes_of(router):
        path = re.sub(r"{\w+(:\w+)?}", "1", route.path)
        refused = [chidi] if OF_EDITORS.match(route.path) else []
        refused = [chidi, basma] if OF_ADMINS.match(route.path) else refused
        for method in (route.methods or ()) if refused else ():
            assert {each.request(method, path).status_code for each in refused} == {403}, path
            answer = nobody.request(method, path)
            assert answer.headers["location"].startswith("/desk/sign-in"), path
            tried += 1
    assert tried > 40


def test_public_site_alone_has_no_desk(database: Settings) -> None:
    app = create_app(database.model_copy(update={"public_only": True, "database_url": None}))
    client = TestClient(app, follow_redirects=False, headers={"sec-fetch-site": "same-origin"})
    for address in ("/desk", "/desk/sign-in", "/desk/welcome/x"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "My desk" not in answer.text, (
            "the public site must not link to the desk, which it lacks"
        )
    assert sign_in(client, "Amal").status_code == 404
    assert not hasattr(app.state, "desk_engine")


def test_oversized_form_is_rejected_unread(visit: Visit) -> None:
    for content in (b"password=" + b"x" * 2_000_000, b"&".join([b"a=b"] * 5_000)):
        assert visit().post("/desk/sign-in", content=content).status_code == 413


NUL, SHORT, LONG = "\x00", "😀<script>%s%n@b.c\r\nX: y", "é" * 300 + "@example.org"
NONSENSE = [NUL, "a\x00b@example.org", "😀@example.org", LONG, "<script>", "%s%n", "a@b.c\r\nX: y"]
NAMES = (
    "email",
    "password",
    "next",
    "code",
    "name",
    "own_password",
    "role",
    "secret",
    "one",
    "open",
)


def test_malformed_input_is_no_server_error(desk_world: Settings, visit: Visit) -> None:
    basma = person(desk_world, "Basma").id
    for nonsense in (*NONSENSE, SHORT):
        with desk_session(desk_world) as db:
            link = commands.make_link(db, db.get_one(Person, basma), by=None)
        for address in ("sign-in", "sign-in/code", f"welcome/{link}", f"welcome/{quote(nonsense)}"):
            answer = visit().post(f"/desk/{address}", data=dict.fromkeys(NAMES, nonsense))
            assert answer.status_code < 500, (address, nonsense)
    paths = {
        route.path.replace("{id:int}", str(basma))
        for route in routes_of(router)
        if "POST" in (route.methods or ()) and signed_in in dependencies_of(route)
    }
    assert len(paths) > 40
    for nonsense in (NUL, SHORT, LONG):
        client = give_cookies(visit(), "Amal")
        for path in sorted(paths):
            answer = client.post(path, data=dict.fromkeys(NAMES, nonsense))
            assert answer.status_code < 500, (path, nonsense)
        assert is_in(client), "what comes after a sign-out was not tried"
    for path in sorted(OF_ENROLMENT):
        for nonsense in (NUL, SHORT, LONG):
            answer = give_cookies(visit(), "Basma").post(path, data=dict.fromkeys(NAMES, nonsense))
            assert answer.status_code < 500, (path, nonsense)


# Logs ---------------------------------------------------------------------------------------------


def test_logs_name_nobody(
    desk_world: Settings,
    visit: Visit,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = visit("203.0.113.9", FIREFOX)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(f"{email('Amal')} at 203.0.113.9 with {PASSWORD}")

    with caplog.at_level(logging.DEBUG):
        sign_in(client, "Amal", "a wrong password")
        sign_in(client, "Amal")
        token = client.cookies["sojourn"]
        client.post("/desk/people", data={"email": "dara@example.org", "role": "editor"})
        client.get(f"/desk/welcome/{token}")
        monkeypatch.setattr("app.desk.identity.commands.list_people", fail)
        assert client.get("/desk/people").status_code == 500
    # The client of this test logs its own requests.
    ours = "".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("http")
    )
    assert "RuntimeError at app/desk/accounts.py" in ours
    for secret in ("example.org", "a wrong password", PASSWORD, token, "203.0.113"):
        assert secret not in ours


# What a control refuses is logged with the route, the reason and, at the desk, the person ---------


FIELDS = ("route", "status", "fault", "person")


def test_refusals_are_logged_and_ordinary_work_is_not(
    chidi: TestClient,
    basma: TestClient,
    visit: Visit,
    desk_world: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "sojourn")
    begun = basma.post("/desk/drafts", data={"key": "one", "kind": "E"})
    assert basma.get(begun.headers["location"]).status_code == 200
    assert chidi.get("/desk/people").status_code == 403
    visit().get("/desk/drafts/17")
    visit().post("/desk/drafts/17", headers={"sec-fetch-site": "cross-site"})
    client = visit()
    while give_password(client, "Amal", "a wrong password").status_code != 429:
        pass
    ours = [each for each in caplog.records if each.name.startswith("sojourn")]
    refusals = [
        tuple(getattr(each, name, None) for name in FIELDS)
        for each in ours
        if each.name == "sojourn.requests" and each.getMessage() == "Refused"
    ]
    assert refusals == [
        ("/desk/people", 403, "forbidden", person(desk_world, "Chidi").id),
        ("/desk/drafts/{id}", 303, "not signed in", None),
        ("none", 403, "cross-site", None),
        ("/desk/sign-in", 429, "limit", None),
    ]
    assert not any(
        word in f"{each.__dict__}" for each in ours for word in ("amal@", "198.51.100.1", "wrong p")
    )
