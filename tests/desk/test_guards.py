"""Protection of the desk against outsiders. Each test fails without its guard."""

import logging
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.desk.approved.publish import publish_approved
from app.desk.identity import commands
from app.desk.identity.models import Person
from app.desk.identity.permissions import account_holder, half_signed_in, signed_in
from app.desk.identity.sign_in_sessions import safe_next
from app.desk.routes import router
from app.main import create_app
from app.settings import Settings
from tests.conftest import desk_session
from tests.desk.conftest import Visit
from tests.support.desk_people import FIREFOX, PASSWORD, email, is_in, make_people, sign_in
from tests.support.routes import dependencies_of, routes_of

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


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
def test_cross_site_post_is_rejected(
    database: Settings, app: FastAPI, headers: dict[str, str]
) -> None:
    make_people(database, "Amal")
    client = TestClient(app, follow_redirects=False)
    form = {"email": email("Amal"), "password": PASSWORD}
    assert client.post("/desk/sign-in", data=form, headers=headers).status_code == 403
    client.headers.update(HERE[0])
    sign_in(client, "Amal")
    for name in HERE[0]:
        del client.headers[name]
    assert is_in(client)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert client.request(method, "/desk/sign-out", headers=headers).status_code == 403
    assert is_in(client)


@pytest.mark.parametrize("headers", HERE, ids=str)
def test_same_site_post_is_accepted(
    database: Settings, app: FastAPI, headers: dict[str, str]
) -> None:
    make_people(database, "Amal")
    client = TestClient(app, follow_redirects=False, headers=headers)
    assert sign_in(client, "Amal").status_code == 303


def test_https_site_rejects_form_of_http_page(database: Settings) -> None:
    make_people(database, "Amal")
    form = {"email": email("Amal"), "password": PASSWORD}
    settings = database.model_copy(update={"public_url": "https://testserver"})
    client = TestClient(create_app(settings), follow_redirects=False)
    statuses = {
        origin: client.post("/desk/sign-in", data=form, headers={"origin": origin}).status_code
        for origin in ("http://testserver", "https://testserver")
    }
    assert statuses == {"http://testserver": 403, "https://testserver": 303}


# Cookies and sessions -----------------------------------------------------------------------------


def test_planted_token_is_never_signed_in(database: Settings, visit: Visit) -> None:
    make_people(database, "Amal", "Chidi")
    attacker, victim = visit(), visit()
    sign_in(attacker, "Chidi")
    planted = attacker.cookies["sojourn"]
    victim.cookies.set("sojourn", planted, domain="testserver.local", path="/")
    sign_in(victim, "Amal")
    tokens = [cookie.value for cookie in victim.cookies.jar]
    assert planted not in tokens, "signing in must give a new token"
    assert not is_in(attacker), "signing in must end the session of the planted token"


@pytest.mark.parametrize(
    ("public_url", "reached_at", "name", "has_secure"),
    [
        ("https://sojourn.example.org", "http://testserver", "__Host-sojourn", True),
        ("http://localhost", "http://testserver", "sojourn", False),
        (None, "http://testserver", "sojourn", False),
        (None, "https://testserver", "__Host-sojourn", True),
    ],
)
def test_cookie_is_http_only_and_same_site(
    database: Settings, public_url: str | None, reached_at: str, name: str, has_secure: bool
) -> None:
    make_people(database, "Chidi")
    settings = database.model_copy(update={"public_url": public_url})
    client = TestClient(
        create_app(settings),
        reached_at,
        follow_redirects=False,
        headers={"sec-fetch-site": "same-origin"},
    )
    cookies = sign_in(client, "Chidi").headers.get_list("set-cookie")
    parts = cookies[0].split("; ")
    assert parts[0].startswith(f"{name}=")
    assert {part.lower() for part in parts[1:]} == {"httponly", "path=/", "samesite=lax"} | (
        {"secure"} if has_secure else set()
    )
    assert cookies[1].startswith(f"{name}-device=") and "max-age" in cookies[1].lower()
    without_age = {
        part.lower() for part in cookies[1].split("; ")[1:] if "max-age" not in part.lower()
    }
    assert without_age == {part.lower() for part in parts[1:]}


@pytest.mark.parametrize(("scheme", "prefix"), [("https", "__Host-"), ("http", "")])
def test_cookies_over_https_have_host_prefix(
    desk_world: Settings, scheme: str, prefix: str
) -> None:
    changed = {
        "public_url": f"{scheme}://testserver",
        "trusted_hosts": ["testserver"],
        "one_person_desk": True,
    }
    settings = desk_world.model_copy(update=changed)
    app = create_app(settings)
    with TestClient(
        app, f"{scheme}://testserver", headers={"sec-fetch-site": "same-origin"}
    ) as client:
        with desk_session(desk_world) as db:
            publish_approved(db, "The first reports")
        sign_in(client, "Basma")
        client.post("/desk/records/E1/withdraw", data={"reason": "It was another city."})
        names = {cookie.name for cookie in client.cookies.jar}
        assert names == {f"{prefix}sojourn", f"{prefix}sojourn-device", f"{prefix}sojourn-edition"}
        assert all(
            cookie.secure is (scheme == "https") and cookie.path == "/"
            for cookie in client.cookies.jar
        )
        # A neighbouring host can plant only cookies without the prefix, which have no effect.
        assert client.get("/events.json").headers["x-sojourn-edition"] == "2"


def test_desk_pages_are_not_cached(database: Settings, visit: Visit) -> None:
    make_people(database, "Amal")
    client = visit()
    for address in ("/desk", "/desk/sign-in", "/desk/nowhere", "/desk/welcome/x", "/desk/people"):
        headers = client.get(address).headers
        assert headers["cache-control"] == "no-store", address
        assert headers["referrer-policy"] == "same-origin", address
    sign_in(client, "Amal")
    for address in ("/desk", "/desk/account", "/desk/people", "/desk/audit", "/desk/people/99"):
        assert client.get(address).headers["cache-control"] == "no-store", address


def test_signing_out_clears_the_cache_of_the_back_button(database: Settings, visit: Visit) -> None:
    make_people(database, "Amal")
    client = visit()
    sign_in(client, "Amal")
    assert client.post("/desk/sign-out").headers["clear-site-data"] == '"cache"'


# Redirects after signing in -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "wanted", ["/desk", "/desk/people", "/desk/audit?before=12", "/desk/people/3"]
)
def test_signing_in_redirects_to_the_requested_page(
    database: Settings, visit: Visit, wanted: str
) -> None:
    make_people(database, "Amal")
    client = visit()
    on_the_way = client.get(wanted).headers["location"]
    page = client.get(on_the_way).text
    assert f'name="next" value="{wanted}"' in page
    assert sign_in(client, "Amal", next=wanted).headers["location"] == wanted


@pytest.mark.parametrize(
    "wanted",
    [
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
    ],
)
def test_signing_in_redirects_to_no_other_site(
    database: Settings, visit: Visit, wanted: str
) -> None:
    assert safe_next(wanted) == "/desk"
    make_people(database, "Amal")
    assert sign_in(visit(), "Amal", next=wanted).headers["location"] == "/desk"


# Permissions --------------------------------------------------------------------------------------

OPEN_TO_ALL = {
    "/desk/sign-in",
    "/desk/sign-in/passkey",
    "/desk/sign-in/passkey/question",
    "/desk/welcome/{token}",
}
HALF_WAY = {"/desk/sign-in/code"}
OF_ENROLMENT = {
    "/desk/account/second-factor",
    "/desk/account/passkeys",
    "/desk/account/passkeys/add",
    "/desk/account/notices/read",
    "/desk/sign-out",
}
OF_ADMINS = ("/desk/audit", "/desk/people")


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
            assert signed_in in asked, route.path


@pytest.mark.parametrize("name", [None, "Chidi", "Basma"])
def test_admin_pages_are_for_admins(database: Settings, visit: Visit, name: str | None) -> None:
    ids = make_people(database, "Amal", "Basma", "Chidi")
    client = visit()
    if name:
        sign_in(client, name)
    tried = 0
    for route in routes_of(router):
        if not route.path.startswith(OF_ADMINS):
            continue
        path = route.path.replace("{id:int}", str(ids["Amal"]))
        for method in route.methods or ():
            answer = client.request(method, path)
            if name:
                assert answer.status_code == 403, (method, path)
            else:
                assert answer.headers["location"].startswith("/desk/sign-in"), (method, path)
            tried += 1
    assert tried >= 9


@pytest.mark.parametrize(
    ("address", "status"), [("/desk/audit", 403), ("/desk/drafts/99", 404), ("/desk/nowhere", 404)]
)
def test_desk_error_page_links_back_to_the_desk(
    database: Settings, visit: Visit, address: str, status: int
) -> None:
    make_people(database, "Chidi")
    client = visit()
    sign_in(client, "Chidi")
    answer = client.get(address)
    assert answer.status_code == status
    ways = answer.text.split('class="fault"')[1]
    assert 'href="/desk"' in ways and "Ids are never reused" not in ways
    assert 'href="/desk"' not in client.get("/nowhere").text.split('class="fault"')[1]


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
    answer = visit().post("/desk/sign-in", content=b"password=" + b"x" * 2_000_000)
    assert answer.status_code == 413
    assert (
        visit().post("/desk/sign-in", content=b"&".join(b"a=b" for _ in range(5_000))).status_code
        == 413
    )


NONSENSE = [
    "\x00",
    "a\x00b@example.org",
    "😀@example.org",
    "é" * 300 + "@example.org",
    "<script>",
    "%s%n",
    "a@b.c\r\nX: y",
]


@pytest.mark.parametrize("nonsense", NONSENSE, ids=range(len(NONSENSE)))
def test_malformed_input_is_no_server_error(
    database: Settings, visit: Visit, nonsense: str
) -> None:
    ids = make_people(database, "Amal", "Basma")
    client = visit()
    fields = dict.fromkeys(
        (
            *("email", "password", "next", "code", "name", "own_password", "role", "secret"),
            *("one", "open"),
        ),
        nonsense,
    )
    with desk_session(database) as db:
        link = commands.make_link(db, db.get_one(Person, ids["Basma"]), by=None)
    for address in (
        "/desk/sign-in",
        "/desk/sign-in/code",
        f"/desk/welcome/{link}",
        "/desk/welcome/" + quote(nonsense),
    ):
        assert client.post(address, data=fields).status_code < 500, address
    sign_in(client, "Amal")
    for route in routes_of(router):
        if (
            "POST" in (route.methods or ())
            and "{token}" not in route.path
            and "sign-in" not in route.path
        ):
            path = route.path.replace("{id:int}", str(ids["Basma"]))
            assert client.post(path, data=fields).status_code < 500, path
            if not is_in(client):
                sign_in(client, "Amal")


# Logs ---------------------------------------------------------------------------------------------


def test_logs_name_nobody(
    database: Settings,
    visit: Visit,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_people(database, "Amal")
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
    assert "RuntimeError at app/desk/people/routes.py" in ours
    for secret in ("example.org", "a wrong password", PASSWORD, token, "203.0.113"):
        assert secret not in ours
