"""Protection of the desk against outsiders. Each test fails without its guard."""

import logging
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.testclient import TestClient

from app.desk.approved.publish import publish_approved
from app.desk.identity import commands, passwords, throttle
from app.desk.identity.models import Person
from app.desk.identity.permissions import account_holder, half_signed_in, signed_in
from app.desk.identity.sessions import safe_next
from app.desk.routes import router
from app.main import create_app
from app.settings import Settings
from tests.conftest import desk_session
from tests.desk.cast import FIREFOX, PASSWORD, email, is_in, make_people, sign_in
from tests.desk.conftest import Visit
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


# Guessing -----------------------------------------------------------------------------------------


def test_guessing_one_password_locks_out_only_the_guesser(database: Settings, visit: Visit) -> None:
    make_people(database, "Amal", "Basma")
    guesser, amal = visit("203.0.113.9"), visit("198.51.100.1")
    answers = [sign_in(guesser, "Amal", f"guess number {n}").status_code for n in range(7)]
    assert answers == [422] * 5 + [429] * 2
    assert sign_in(guesser, "Amal").status_code == 429, "even the right one is not looked at"
    assert sign_in(amal, "Amal").status_code == 303
    assert sign_in(visit("203.0.113.9"), "Basma").status_code == 303, (
        "who shares an address is not kept out"
    )


def test_guessing_for_many_people_is_limited(
    database: Settings, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "TRIES_FROM_AN_ADDRESS", 4)
    guesser = visit("2001:db8:1:2::1")
    answers = [sign_in(guesser, f"Person{n}").status_code for n in range(6)]
    assert answers == [422] * 4 + [429] * 2
    # An IPv6 /64 is one household with countless addresses.
    assert sign_in(visit("2001:db8:1:2:ffff::9"), "Another").status_code == 429
    assert sign_in(visit("2001:db8:1:3::1"), "Another").status_code == 422


def test_further_attempts_do_not_prolong_the_wait(database: Settings, visit: Visit) -> None:
    make_people(database, "Amal")
    client = visit()
    for _ in range(9):
        sign_in(client, "Amal", "a slip of the finger")
    with desk_session(database) as db:
        assert (
            db.scalar(text("SELECT count(*) FROM desk.attempt"))
            == 2 * throttle.TRIES_OF_A_NAME_FROM_AN_ADDRESS
        )
    age_attempts(database, "16 minutes")
    assert sign_in(client, "Amal").status_code == 303


def age_attempts(settings: Settings, age: str) -> None:
    """Make attempts older, as the owner of the table: other roles can't change attempts."""
    from app.database.engines import migration_engine

    engine = migration_engine(settings)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE desk.attempt SET at = at - interval '{age}'"))
    engine.dispose()


def test_success_removes_its_attempt(database: Settings, visit: Visit) -> None:
    make_people(database, "Amal")
    for _ in range(7):
        assert sign_in(visit(), "Amal").status_code == 303
    with desk_session(database) as db:
        assert db.scalar(text("SELECT count(*) FROM desk.attempt")) == 0


def test_concurrent_guesses_are_limited(database: Settings, app: FastAPI) -> None:
    from concurrent.futures import ThreadPoolExecutor

    make_people(database, "Amal")

    def guess(number: int) -> int:
        client = TestClient(app, follow_redirects=False, headers={"sec-fetch-site": "same-origin"})
        return sign_in(client, "Amal", f"guess number {number}").status_code

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(guess, range(12)))
    assert answers.count(422) <= throttle.TRIES_OF_A_NAME_FROM_AN_ADDRESS
    assert set(answers) == {422, 429}


def test_attempt_stores_neither_name_nor_address(database: Settings, visit: Visit) -> None:
    sign_in(visit("203.0.113.9"), "Amal", "wrong")
    with desk_session(database) as db:
        kept = str(db.execute(text("SELECT * FROM desk.attempt")).all())
    assert "203.0.113" not in kept and "amal" not in kept


# Revealing accounts -------------------------------------------------------------------------------


@pytest.mark.usefixtures("real_hashes")
@pytest.mark.parametrize("who", ["Amal", "Nobody", "disabled", "invited"])
def test_response_takes_one_password_check(
    database: Settings, visit: Visit, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    """A missing check would reveal unknown addresses by a shorter response time."""
    make_people(database, "Amal")
    with desk_session(database) as db:
        if who == "disabled":
            db.execute(text("UPDATE desk.person SET disabled_at = now()"))
        if who == "invited":
            db.execute(text("UPDATE desk.person SET password_hash = NULL"))
    checked: list[str] = []

    class Counting:
        def verify(self, hash: str, password: str) -> bool:
            checked.append(hash)
            return real.verify(hash, password)

    passwords._dummy_hash()
    real = passwords.HASHER
    monkeypatch.setattr(passwords, "HASHER", Counting())
    answer = sign_in(visit(), "Amal" if who != "Nobody" else who, "not the password")
    assert answer.status_code == 422
    assert len(checked) == 1
    assert checked[0].startswith("$argon2id$") and checked[0].split("$")[3] == "m=65536,t=3,p=4"


def test_dummy_hash_signs_in_nobody(database: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_dummy_hash", lambda: passwords.hash_password(PASSWORD))
    assert not passwords.is_right(PASSWORD, None)


def test_password_changed_during_the_check_is_rejected(
    database: Settings, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_people(database, "Amal")
    real = passwords.is_right

    def slowly(password: str, password_hash: str | None) -> bool:
        """Right; but by the time that this is known, Amal has another."""
        answer = real(password, password_hash)
        with desk_session(database) as db:
            amal = commands.by_email(db, email("Amal"))
            assert amal is not None
            commands.change_password(db, amal, "another horse with five words")
        return answer

    monkeypatch.setattr(passwords, "is_right", slowly)
    client = visit()
    assert sign_in(client, "Amal").status_code == 422
    assert not is_in(client)


# Cookies and sessions -----------------------------------------------------------------------------


def test_planted_token_is_never_signed_in(database: Settings, visit: Visit) -> None:
    make_people(database, "Amal", "Chidi")
    attacker, victim = visit(), visit()
    sign_in(attacker, "Chidi")
    planted = attacker.cookies["sojourn"]
    victim.cookies.set("sojourn", planted, domain="testserver.local", path="/")
    sign_in(victim, "Amal")
    tokens = [cookie.value for cookie in victim.cookies.jar]
    assert planted not in tokens, "signing in gives a new one"
    assert not is_in(attacker), "and ends what was there before"


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
        "/desk/\x00",
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
        assert "My desk" not in answer.text, "it leads to nothing that is not there"
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
        ("email", "password", "next", "code", "name", "own_password", "role", "secret"), nonsense
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
        monkeypatch.setattr("app.desk.identity.commands.everybody", fail)
        assert client.get("/desk/people").status_code == 500
    # The client of this test logs its own requests.
    ours = "".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("http")
    )
    assert "RuntimeError at app/desk/people/routes.py" in ours
    for secret in ("example.org", "a wrong password", PASSWORD, token, "203.0.113"):
        assert secret not in ours
