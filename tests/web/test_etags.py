"""Different bodies have different ETags, whether a setting, a language file or a cookie differs."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from starlette.testclient import TestClient

from app import paths
from app.i18n import translate
from app.main import create_app
from app.settings import Settings
from app.web import response_cache
from app.web import templates as web_templates
from app.web.cookies import PUBLISHED_EDITION_COOKIE
from tests.conftest import desk_session, wait_until
from tests.make import (
    a_small_world,
    make_actor,
    make_estimate,
    make_event,
    make_law,
    make_page,
    publish_all,
)
from tests.support.routes import public_addresses

KEY = base64.b64encode(b"k" * 32).decode()
CHANGED: dict[str, Any] = {
    "secret_key": KEY,
    "old_secret_keys": [KEY],
    "hash_secret": KEY,
    "old_hash_secrets": [KEY],
    "forwarded_allow_ips": ["192.0.2.1"],
    "forwarded_header": "Forwarded",
    "public_url": "https://changed.example",
    "smtp_url": "smtps://changed.example:465",
    "archive_url": "https://changed.example/{url}",
    "port": 8001,
    "metrics_address": "127.0.0.1:9",
    "cache_sizes": {"event-cards": 10},
}
"""Values for settings that not every text fits."""
DATABASES = {"database_url", "reader_database_url", "migrate_database_url", "public_only"}
"""Without these the site is another one; what it shows follows from its record."""
PICTURES = (".png", "data.zip")
"""Slow to make, so only asked for where a setting that readers see is changed."""
SHOWN = {"public_url", "licence"}
SHOWN_ON_PRIVACY = {"log_requests", "metrics_address"}
"""Settings that change the page /privacy alone, which tells readers of them."""
UNTAGGED = {"security_contact", "backup_dir"}
"""Settings that change answers without an ETag: security.txt and the health of a server."""
NOT_EVERYWHERE = {"/tell/{code}", "/oembed", "/.well-known/security.txt"}
"""A letter's page needs its code, oEmbed the public address, security.txt a contact."""
ADDRESSES = public_addresses(1)
QUICK = {path: address for path, address in ADDRESSES.items() if not path.endswith(PICTURES)}
Seen = dict[str, tuple[bytes, str]]


@pytest.fixture(scope="module")
def small_world(server: "object", template: str) -> Iterator[Settings]:
    name = server.create(template)  # type: ignore[attr-defined]
    settings: Settings = server.settings(name)  # type: ignore[attr-defined]
    with desk_session(settings) as desk:
        publish_all(
            desk,
            *a_small_world(),
            make_actor(1),
            make_law(1),
            make_page(1),
            make_event(1),
            make_estimate(1),
        )
    yield settings
    server.drop(name)  # type: ignore[attr-defined]


@contextmanager
def reading(settings: Settings) -> Iterator[TestClient]:
    with TestClient(
        create_app(settings), base_url="http://testserver", follow_redirects=True
    ) as client:
        client.headers["accept-encoding"] = "identity"
        wait_until(lambda: "etag" in client.get("/privacy").headers, "the site to know its edition")
        wait_until(lambda: client.get("/healthz/ready").status_code == 200, "the first check")
        yield client


def see(client: TestClient, addresses: dict[str, str]) -> Seen:
    """The body and the tag, if it has any, at each address."""
    found = {}
    for path, address in addresses.items():
        answer = client.get(address)
        assert answer.status_code == 200 or (
            path in NOT_EVERYWHERE and answer.status_code == 404
        ), address
        body = answer.content
        if answer.is_error:  # an error in JSON names its request
            body = body.replace(answer.headers["x-request-id"].encode(), b"")
        found[path] = body, answer.headers.get("etag", "")
    return found


@pytest.fixture(scope="module")
def before(small_world: Settings) -> Seen:
    with reading(small_world) as client:
        return see(client, ADDRESSES)


def assert_tags_differ(before: Seen, after: Seen, client: TestClient) -> list[str]:
    """Assert that changed bodies have new ETags and get no 304; return the changed paths."""
    changed = [path for path, (body, _tag) in after.items() if body != before[path][0]]
    for path in changed:
        old, new = before[path][1], after[path][1]
        assert not old or old != new, path
        if old:
            assert client.get(ADDRESSES[path], headers={"If-None-Match": old}).status_code != 304, (
                path
            )
    return changed


def changed_value(name: str, settings: Settings) -> Any:
    value = getattr(settings, name)
    if name in CHANGED:
        return CHANGED[name]
    if isinstance(value, bool):
        return not value
    return [*value, "changed.example"] if isinstance(value, list) else f"changed-{name}"


@pytest.mark.parametrize("name", sorted(SHOWN))
def test_changed_setting_changes_tags_of_changed_bodies(
    small_world: Settings, before: Seen, name: str
) -> None:
    settings = small_world.model_copy(update={name: changed_value(name, small_world)})
    with reading(settings) as client:
        assert len(assert_tags_differ(before, see(client, ADDRESSES), client)) > 50


def test_other_settings_change_no_body_under_its_tag(small_world: Settings, before: Seen) -> None:
    """Changes all at once. A setting that changes a body belongs in SHOWN and is tested alone."""
    names = Settings.model_fields.keys() - SHOWN - SHOWN_ON_PRIVACY - UNTAGGED - DATABASES
    settings = small_world.model_copy(
        update={name: changed_value(name, small_world) for name in names}
    )
    with reading(settings) as client:
        assert assert_tags_differ(before, see(client, QUICK), client) == [
            "/tell"
        ]  # each visitor's own


@pytest.mark.parametrize("name", sorted(SHOWN_ON_PRIVACY))
def test_setting_told_to_readers_changes_tag_of_privacy(
    small_world: Settings, before: Seen, name: str
) -> None:
    told = small_world.model_copy(update={name: changed_value(name, small_world)})
    with reading(told) as client:
        changed = assert_tags_differ(before, see(client, QUICK), client)
        assert set(changed) == {"/privacy", "/tell"}


def test_public_site_alone_changes_no_body_under_its_tag(
    small_world: Settings, before: Seen
) -> None:
    alone = small_world.model_copy(update={"public_only": True, "database_url": None})
    with reading(alone) as client:
        assert_tags_differ(before, see(client, QUICK), client)


COOKIES = [
    f"{PUBLISHED_EDITION_COOKIE}=2",
    (
        f"{PUBLISHED_EDITION_COOKIE}=1; sojourn=x; __Host-sojourn=x; sojourn-desk=x; "
        "lang=ko; session=x"
    ),
]


@pytest.mark.parametrize("cookies", COOKIES)
def test_cookie_changes_no_body_under_its_tag(
    small_world: Settings, before: Seen, cookies: str
) -> None:
    with reading(small_world) as client:
        client.headers["cookie"] = cookies
        after = see(client, QUICK)
    changed = [path for path, (body, _tag) in after.items() if body != before[path][0]]
    assert changed == ["/tell"] and not after["/tell"][1] + before["/tell"][1]
    assert all(tag in {"", before[path][1]} for path, (_body, tag) in after.items())


@pytest.fixture
def translated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A language file with other words, in a process that has read none so far."""
    catalog = Catalog(locale="en")
    for message in ("Events", "Filter", "Edition", "Licence", "Privacy", "Changes"):
        catalog.add(message, f"{message} in other words")
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "sojourn.mo").open("wb") as file:
        write_mo(file, catalog)
    monkeypatch.setattr(paths, "LOCALES", tmp_path)
    caches = (
        translate.translations,
        web_templates.environment,
        web_templates._translate,
        web_templates._translate_static,
        response_cache.release_hash,
    )
    for each in caches:
        each.cache_clear()
    yield
    monkeypatch.undo()
    for each in caches:
        each.cache_clear()


@pytest.mark.usefixtures("translated")
def test_language_file_changes_tags_of_changed_bodies(small_world: Settings, before: Seen) -> None:
    with reading(small_world) as client:
        assert len(assert_tags_differ(before, see(client, QUICK), client)) > 10
