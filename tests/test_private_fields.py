"""Private fields are on no public page, in no file and in no log."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.desk.approved.publish import publish_approved
from app.desk.approved.store import all_forms as approved_forms
from app.desk.approved.store import save
from app.desk.csv import import_folder
from app.kinds import FORMS, Form, is_private
from app.kinds.base import rows_of
from app.main import create_app
from app.record.publishing.validation import PublishError, refuse_other_keys
from app.settings import Settings
from bench.amplifiers import ADDRESSES
from tests.conftest import desk_session
from tests.support.database_server import SMALL_RECORD
from tests.support.forms import all_forms


def test_private_fields_are_on_no_public_page(
    database: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """Plants a secret in every private field, then searches every public address and the log."""
    secrets: set[str] = set()
    with desk_session(database) as desk:
        assert not import_folder(desk, SMALL_RECORD).errors
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
        answered = 0
        for address in _public_addresses(client):
            answer = client.get(address)
            assert "SECRET|" not in f"{answer.headers}{answer.text}", address
            answered += answer.status_code == 200
        assert answered > 700
        assert client.get("/events.json", params={"q": "SECRET"}).json()["total"] == 0
        with zipfile.ZipFile(io.BytesIO(client.get("/data.zip").content)) as dump:
            assert not [name for name in dump.namelist() if b"SECRET|" in dump.read(name)]
    assert "SECRET|" not in caplog.text


def test_publishing_refuses_a_private_or_unknown_key_at_any_depth() -> None:
    tried = 0
    for form in FORMS.values():
        for path in _paths_of_other_keys(form):
            document: Any = "SECRET"
            for name in reversed(path):
                document = {name: [document] if isinstance(document, dict) else document}
            with pytest.raises(PublishError, match=f"{path[-1]} is no public field"):
                refuse_other_keys(form, document)
            tried += 1
    assert tried > 40


def _paths_of_other_keys(form: Any) -> Iterator[list[str]]:
    yield ["unknown"]
    for name, field in form.model_fields.items():
        if is_private(field):
            yield [name]
        elif row := rows_of(field):
            yield from ([name, *path] for path in _paths_of_other_keys(row))


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


NOT_TEXT = (".png", ".xlsx", ".zip")
LISTS = ["actors", "cities", "estimates", "events", "laws", "outlets", "pages", "places", "sources"]


def _public_addresses(client: TestClient) -> Iterator[str]:
    """Yield addresses of all routes, every record under its own, and what leads nowhere."""
    for route, addresses in ADDRESSES.items():
        if not route.endswith(NOT_TEXT):
            yield from addresses
            if "{" not in route:
                yield from (f"{route}?q=SECRET", f"{route}?place=SECRET&url=http://SECRET")
    for name in LISTS:
        limit = "" if name == "cities" else "?limit=1000"
        for item in client.get(f"/api/v1/{name}{limit}").json()["items"]:
            at = f"/{name}/{item.get('code') or item['id']}"
            yield from (at, f"{at}.json", f"{at}.csv", f"{at}.svg", f"/api/v1{at}")
    yield from ("/nothing-here", "/desk", "/desk/sign-in", "/desk/people", "/desk/nothing-here")
    for of in ("/events", "/sources", "/status", "/cities/dandong", "SECRET"):
        yield from (f"{page}?of={of}" for page in ("/cite", "/cite.json", "/bibliography.bib"))
