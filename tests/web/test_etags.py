"""Different bodies have different ETags, whether a setting, a language file or a cookie differs."""

import base64
from collections.abc import Iterable, Iterator
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
from app.web.security import PUBLISHED_EDITION_COOKIE
from tests.conftest import wait_until
from tests.make import make_actor, make_estimate, make_event, make_law, make_page
from tests.support.database_server import Server
from tests.support.kept_records import kept_record
from tests.support.routes import public_addresses

KEY = base64.b64encode(b"k" * 32).decode()
CHANGED: dict[str, Any] = {
    "secret_key": KEY,
    "old_secret_keys": [KEY],
    "hash_secret": KEY,
    "old_hash_secrets": [KEY],
    "forwarded_allow_ips": ["192.0.2.1"],
    "public_url": "https://changed.example",
    "smtp_url": "smtps://changed.example:465",
    "archive_url": "https://changed.example/{url}",
    "port": 8001,
    "metrics_address": "127.0.0.1:9",
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
def small_world(server: Server, template: str) -> Iterator[Settings]:
    others = make_actor(), make_law(), make_page(), make_event(), make_estimate()
    with kept_record(server, template, *others) as settings:
        yield settings


@contextmanager
def reading(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings)) as client:
        client.headers["accept-encoding"] = "identity"
        wait_until(lambda: "etag" in client.get("/privacy").headers, "the site to know its edition")
        wait_until(lambda: client.get("/healthz/ready").status_code == 200, "the first check")
        yield client


def see(client: TestClient, addresses: dict[str, str]) -> Seen:
    """The body and the tag, if it has any, at each address."""
    found = {}
    for path, address in addresses.items():
        answer = client.get(address)
        assert answer.status_code == 200 or path in NOT_EVERYWHERE, address
        body = answer.content
        if answer.is_error:  # an error in JSON names its request
            body = body.replace(answer.headers["x-request-id"].encode(), b"")
        found[path] = body, answer.headers.get("etag", "")
    return found


@pytest.fixture(scope="module")
def before(small_world: Settings) -> Seen:
    with reading(small_world) as client:
        return see(client, ADDRESSES)


def changed_paths(before: Seen, after: Seen, client: TestClient) -> set[str]:
    """Return the paths of changed bodies, which must have new ETags and get no 304."""
    changed = {path for path, (body, _tag) in after.items() if body != before[path][0]}
    for path in changed:
        old, new = before[path][1], after[path][1]
        if old:
            again = client.get(ADDRESSES[path], headers={"If-None-Match": old})
            assert old != new and again.status_code != 304, path
    return changed


def changed_value(name: str, settings: Settings) -> Any:
    value = getattr(settings, name)
    if name in CHANGED:
        return CHANGED[name]
    if isinstance(value, bool):
        return not value
    return [*value, "changed.example"] if isinstance(value, list) else f"changed-{name}"


def changed_by(
    names: Iterable[str], settings: Settings, before: Seen, addresses: dict[str, str]
) -> set[str]:
    """Return the paths whose body these settings change."""
    values = {name: changed_value(name, settings) for name in names}
    with reading(settings.model_copy(update=values)) as client:
        return changed_paths(before, see(client, addresses), client)


def test_changed_settings_change_tags_of_changed_bodies(
    small_world: Settings, before: Seen
) -> None:
    for name in SHOWN:
        assert len(changed_by([name], small_world, before, ADDRESSES)) > 50, name
    own = {"/tell"}  # each visitor's own
    for name in SHOWN_ON_PRIVACY:
        assert changed_by([name], small_world, before, QUICK) == {"/privacy", *own}, name
    # The others all at once. A setting that changes a body belongs in SHOWN and is tested alone.
    names = Settings.model_fields.keys() - SHOWN - SHOWN_ON_PRIVACY - UNTAGGED - DATABASES
    assert changed_by(names, small_world, before, QUICK) == own
    alone = small_world.model_copy(update={"public_only": True, "database_url": None})
    with reading(alone) as client:
        changed_paths(before, see(client, QUICK), client)


def test_cookie_changes_no_body_under_its_tag(small_world: Settings, before: Seen) -> None:
    sessions = "sojourn=x; __Host-sojourn=x; sojourn-desk=x; lang=ko; session=x"
    with reading(small_world) as client:
        for cookies in ("=2", f"=1; {sessions}"):
            client.headers["cookie"] = PUBLISHED_EDITION_COOKIE + cookies
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
    assert len(changed_by([], small_world, before, QUICK)) > 10
