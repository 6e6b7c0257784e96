"""Private fields are on no public page, in no file and in no log."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app import paths
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import all_forms as approved_forms
from app.desk.approved.store import save
from app.desk.csv.reader import import_folder
from app.forms import Form, is_private
from app.forms.base import rows_of
from app.main import create_app
from app.settings import Settings
from tests.conftest import desk_session
from tests.support.forms import all_forms
from tests.support.queries import LIST_PAGES


def test_private_fields_are_on_no_public_page(
    database: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """Plants a secret in every private field, then searches every public address and the log."""
    secrets: set[str] = set()
    with desk_session(database) as desk:
        assert not import_folder(desk, paths.SEEDS).errors
        for form in list(approved_forms(desk)):
            save(desk, _with_secrets(form, secrets))
        publish_approved(desk, "With secrets")
    wanted = {f"{form.__name__}.{name}" for form in all_forms() for name in _private(form)}
    assert {secret.split("|")[1] for secret in secrets} == {
        name for name in wanted if not _is_checked(name)
    }
    with desk_session(database) as desk:
        record = json.dumps(
            [list(map(str, row)) for row in desk.execute(text("SELECT * FROM record.version"))]
        )
        assert "SECRET" not in record
    with TestClient(create_app(database), follow_redirects=True) as client:
        for address in _public_addresses(client):
            answer = client.get(address)
            assert "SECRET|" not in answer.text, address
            assert "SECRET|" not in str(answer.headers), address
        assert client.get("/events.json", params={"q": "SECRET"}).json()["total"] == 0
        with zipfile.ZipFile(io.BytesIO(client.get("/data.zip").content)) as dump:
            assert not [name for name in dump.namelist() if b"SECRET|" in dump.read(name)]
    assert "SECRET|" not in caplog.text


def _with_secrets(form: Any, secrets: set[str]) -> Any:
    changes: dict[str, Any] = {}
    for name, field in type(form).model_fields.items():
        path = f"{type(form).__name__}.{name}"
        if is_private(field) and not _is_checked(path):
            changes[name] = f"SECRET|{path}|"
            secrets.add(changes[name])
        elif rows_of(field):
            changes[name] = [_with_secrets(row, secrets) for row in getattr(form, name)]
    return form.model_copy(update=changes)


def _is_checked(name: str) -> bool:
    """Whether validation ties the field to its public value, so that it cannot contain a secret."""
    return name.rpartition(".")[2] in {"exact_happened", "exact_place", "exact_as_of"}


def _private(form: type[Form]) -> list[str]:
    return [name for name, field in form.model_fields.items() if is_private(field)]


ENDINGS = (".json", ".csv", ".csv-metadata.json", ".geojson", ".atom", ".feed.json")


def _public_addresses(client: TestClient) -> Iterator[str]:
    yield from (
        "/",
        "/about",
        "/data",
        "/privacy",
        "/accessibility",
        "/robots.txt",
        "/healthz",
        "/nothing-here",
        "/tell",
        "/tell/sent",
    )
    yield from ("/desk", "/desk/sign-in", "/desk/people", "/desk/nothing-here")
    for address in LIST_PAGES:
        yield from (f"{address}{suffix}" for suffix in ("", *ENDINGS))
        yield from (f"{address}?q=SECRET", f"{address}.json?place=SECRET")
    yield from (
        "/api",
        "/api/v1",
        "/api/v1/openapi.json",
        "/api/v1/vocabulary",
        "/api/v1/changes?since=0&limit=1000",
    )
    yield from (
        "/api/v1/lookup?url=https://x.example/SECRET",
        "/api/v1/events?q=SECRET",
        "/data/dictionary.csv",
    )
    for name in (
        "events",
        "estimates",
        "sources",
        "cities",
        "places",
        "outlets",
        "actors",
        "laws",
    ):
        yield f"/api/v1/{name}?edition=1"
    yield from (
        "/cities",
        "/cities.json",
        "/cities.csv",
        "/cities?place=SECRET",
        "/cities/dandong.png",
    )
    yield from ("/codebook", "/codebook.json", "/status?place=SECRET")
    for suffix in ("", ".csv", ".json"):
        yield f"/compare{suffix}?place=dandong&place=hunchun"
        yield f"/events/breakdown{suffix}?rows=place&columns=outlet"
    for place in ("", "?place=dandong", "?on=2019-12-22&place=china"):
        yield from (f"/status{place}", f"/status.json{place}")
    for view in ("table", "lanes", "map"):
        yield f"/events?view={view}"
    for address in (
        "/changes",
        "/changes?why=reindexed",
        "/changes?limit=1000",
        "/changes?q=SECRET",
    ):
        yield from (address.replace("/changes", f"/changes{suffix}") for suffix in ("", *ENDINGS))
    for of in (
        "/events",
        "/sources",
        "/status",
        "/cities/dandong",
        "/cities?place=SECRET",
        "SECRET",
    ):
        yield from (f"{page}?of={of}" for page in ("/cite", "/cite.json", "/bibliography.bib"))
    yield from (
        "/embed/events",
        "/embed/events?q=SECRET",
        "/embed/cities/dandong",
        "/figure/cities/dandong",
    )
    for address in LIST_PAGES:
        yield from (
            f"/oembed?url=http://testserver{address}",
            f"{address}.svg?q=SECRET",
            f"{address}.svg",
        )
        for item in client.get(f"{address}.json?limit=1000&edition=1").json()["items"]:
            yield f"{address}/{item['id']}"
            yield f"{address}/{item['id']}.json"
    for address in ("/actors", "/laws", "/outlets", "/places", "/search"):
        yield from (address, f"{address}?q=SECRET")
    facets = client.get("/events.json?limit=1").json()["facets"]
    named = {f"{noun}s": facets[noun] for noun in ("outlet", "place", "actor", "law")}
    for kind, options in named.items():
        for option in options:
            yield from (f"/{kind}/{option['code']}", f"/{kind}/{option['code']}.json")
            if kind == "places":
                yield from (f"/places/{option['code']}.svg", f"/places/{option['code']}.csv")
