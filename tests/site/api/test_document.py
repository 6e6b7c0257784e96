"""The OpenAPI description: it matches every response, and later versions only add to it."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from app.filtering import CODE, CODE_OF_RECORD, DAY, PERIOD, SINCE, SINCE_ZERO
from app.site.api import routes as api_pages
from app.site.api.document import document
from tests.support.routes import routes_of

RELEASED = json.loads((Path(__file__).parent / "openapi-v1.json").read_text())
"""The description of the first release, which must hold for ever."""
NOW = document("https://sojourn.example", "CC BY 4.0")
GETS = {path: told["get"] for path, told in NOW["paths"].items()}


def shape_of(path: str) -> Draft202012Validator:
    schema = GETS[path]["responses"]["200"]["content"]["application/json"]["schema"]
    return Draft202012Validator(
        {**schema, "components": NOW["components"]},
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )


def filled(path: str) -> str:
    """Return the path with the examples of its required parameters."""
    parameters = GETS[path]["parameters"]
    names = [each["example"] for each in parameters if each["in"] == "path"]
    needed = [
        f"{each['name']}={each['example']}"
        for each in parameters
        if each["in"] == "query" and each["required"]
    ]
    return path.replace("{name}", "".join(names)) + "?" + "&".join(needed)


def test_openapi_document_is_served_unchanged(client: TestClient) -> None:
    served = client.get("/api/v1/openapi.json").json()
    assert served == document("http://testserver", "CC BY 4.0")
    assert (
        client.get(f"{filled('/api/v1/events')}")
        .links["service-desc"]["url"]
        .endswith("/api/v1/openapi.json")
    )


def test_every_response_matches_its_schema(client: TestClient) -> None:
    wrong = []
    for path in GETS:
        is_long = path.endswith(("events", "estimates", "sources", "changes"))
        answer = client.get(filled(path) + ("&limit=1000" if is_long else ""))
        assert answer.status_code == 200, answer.text
        wrong += [f"{path}: {each.message}" for each in shape_of(path).iter_errors(answer.json())]
        for name, header in NOW["components"]["headers"].items():
            if header.get("required") and name not in answer.headers:
                wrong.append(f"{path}: no {name}")
    assert wrong == []


def test_example_of_every_key_is_accepted(client: TestClient) -> None:
    """Each key with its example, in one of the lists that have the key."""
    keys = [
        (path, key)
        for path, told in GETS.items()
        for key in told["parameters"]
        if key["in"] == "query"
    ]
    wrong = []
    for path, key in {
        (key["name"], str(key["example"])): (path, key) for path, key in keys
    }.values():
        values = key["example"] if isinstance(key["example"], list) else [key["example"]]
        asked = urlencode([(key["name"], str(value)) for value in values])
        address = filled(path) if key["required"] else f"{filled(path)}&{asked}"
        if client.get(address).status_code != 200 or not key["description"].endswith("."):
            wrong.append(address)
    assert len(keys) > 100 and wrong == []


def test_every_route_is_described() -> None:
    paths = {route.path for route in routes_of(api_pages.router)}
    assert paths == {*GETS, "/api", "/api/v1/openapi.json"}


def test_no_private_field_is_in_the_description() -> None:
    for name, schema in NOW["components"]["schemas"].items():
        for field in schema.get("properties", {}):
            assert not field.startswith("exact_") and field != "note", name


# Compatibility with the first release -------------------------------------------------------------


def test_first_release_of_the_description_still_holds() -> None:
    assert list(incompatibilities(RELEASED, NOW)) == []


def incompatibilities(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a program written for one description can't rely on in the other."""
    for path, told in before["paths"].items():
        if path not in now["paths"]:
            yield f"{path} is gone"
            continue
        old, new = told["get"], now["paths"][path]["get"]
        parameters = {each["name"]: each for each in new["parameters"]}
        for parameter in old["parameters"]:
            if parameter["name"] not in parameters:
                yield f"{path}: the key {parameter['name']} is gone"
            else:
                yield from _restrictions(
                    parameter["schema"],
                    parameters[parameter["name"]]["schema"],
                    f"{path} {parameter['name']}",
                )
        known = {each["name"] for each in old["parameters"]}
        yield from (
            f"{path}: {name} must be given"
            for name, each in parameters.items()
            if each["required"] and name not in known
        )
        yield from (
            f"{path}: no {status} any more"
            for status in old["responses"]
            if status not in new["responses"]
        )
        if old["responses"]["200"]["content"] != new["responses"]["200"]["content"]:
            yield f"{path} answers in another shape"
    for name, schema in before["components"]["schemas"].items():
        yield from _response_changes(schema, now["components"]["schemas"].get(name, {}), name)
    for name, header in before["components"]["headers"].items():
        if now["components"]["headers"].get(name, {}).get("required", False) < header.get(
            "required", False
        ):
            yield f"{name} may be missing"


NOW_NARROWER = {
    CODE: CODE_OF_RECORD,
    "^[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?$": f"^{PERIOD}$",
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}$": f"^{DAY}$",
    "^(?:[1-9][0-9]{0,8}|[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?)$": SINCE,
    "^(?:0|[1-9][0-9]{0,8}|[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?)$": SINCE_ZERO,
}
"""Patterns of the first release that allowed values which it refused, such as the month 13."""


def _restrictions(old: Mapping[str, Any], new: Mapping[str, Any], where: str) -> Iterator[str]:
    """Yield restrictions of a parameter: every value allowed before must stay allowed."""
    if "items" in old:
        yield from _restrictions(old["items"], new.get("items", {}), where)
    if missing := set(old.get("enum", ())) - set(new.get("enum", old.get("enum", ()))):
        yield f"{where}: {sorted(missing)} can't be asked any more"
    for name in ("type", "pattern", "default", "minimum"):
        narrower = NOW_NARROWER.get(str(old.get(name)), old.get(name))
        if new.get(name) not in {old.get(name), narrower} and not (
            name == "pattern" and "pattern" not in new
        ):
            yield f"{where}: its {name} changed"
    for name in ("maximum", "maxLength", "maxItems"):
        if new.get(name, old.get(name, 0)) < old.get(name, 0):
            yield f"{where}: its {name} shrank"


def _response_changes(old: Any, new: Any, where: str) -> Iterator[str]:
    """Yield changes of a response: removed fields, changed types, fields no longer required."""
    if isinstance(old, dict):
        for name, value in old.items():
            if name in {"description", "title"} and isinstance(value, str):
                continue
            if not isinstance(new, dict) or name not in new:
                yield f"{where}: {name} is gone"
            elif name == "required":
                yield from (
                    f"{where}: {field} may be missing" for field in value if field not in new[name]
                )
            elif name in {"enum", "anyOf"}:
                yield from (f"{where}: {each} is gone" for each in value if each not in new[name])
            else:
                yield from _response_changes(value, new[name], f"{where}.{name}")
    elif old != new:
        yield f"{where}: {old} became {new}"


def test_api_page_shows_the_description(client: TestClient) -> None:
    page = client.get("/api").text
    for path, told in GETS.items():
        assert f">{path}</b>" in page and told["operationId"] in page
    assert client.get(re.findall(r'href="([^"]+openapi.json)"', page)[0]).status_code == 200
    for address in re.findall(r'<a class="mono" href="(/api/v1[^"]*)"', page):
        assert client.get(address).status_code == 200, address
