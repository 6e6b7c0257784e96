"""The description of the interface: it is true of every answer, and what was released is only ever added to."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from app.record.filters import EventFilters
from app.site.api.document import document
from app.site.export.record_columns import COLUMNS

RELEASED = json.loads((Path(__file__).parent / "openapi-v1.json").read_text())
"""The description as it was first published. What is added later need not stand in it; what stands in it holds."""
NOW = document("https://sojourn.example", "CC BY 4.0")
GETS = {path: told["get"] for path, told in NOW["paths"].items()}


def shape_of(path: str) -> Draft202012Validator:
    schema = GETS[path]["responses"]["200"]["content"]["application/json"]["schema"]
    return Draft202012Validator(
        {**schema, "components": NOW["components"]},
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )


def filled(path: str) -> str:
    """The path with the example of what stands in it, and what must be asked."""
    parameters = GETS[path]["parameters"]
    names = [each["example"] for each in parameters if each["in"] == "path"]
    needed = [
        f"{each['name']}={each['example']}"
        for each in parameters
        if each["in"] == "query" and each["required"]
    ]
    return path.replace("{name}", "".join(names)) + "?" + "&".join(needed)


def test_it_is_served_as_it_is(client: TestClient) -> None:
    served = client.get("/api/v1/openapi.json").json()
    assert served == document("http://testserver", "CC BY 4.0")
    assert (
        client.get(f"{filled('/api/v1/events')}")
        .links["service-desc"]["url"]
        .endswith("/api/v1/openapi.json")
    )


@pytest.mark.parametrize("path", GETS)
def test_every_answer_is_as_it_is_described(client: TestClient, path: str) -> None:
    address = (
        f"{filled(path)}&limit=1000"
        if path.endswith(("events", "estimates", "sources", "changes"))
        else filled(path)
    )
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    shape_of(path).validate(answer.json())
    for name, header in NOW["components"]["headers"].items():
        assert name in answer.headers or not header.get("required")


TRIED = {
    (key["name"], str(key["example"])): (path, key)
    for path, told in GETS.items()
    for key in told["parameters"]
    if key["in"] == "query"
}
"""Each key with its example, in one of the lists that have it."""


@pytest.mark.parametrize(("path", "key"), TRIED.values(), ids=[name for name, _example in TRIED])
def test_every_example_of_a_key_is_understood(
    client: TestClient, path: str, key: dict[str, Any]
) -> None:
    assert key["description"].endswith(".")
    values = key["example"] if isinstance(key["example"], list) else [key["example"]]
    asked = urlencode([(key["name"], str(value)) for value in values])
    answer = client.get(filled(path) if key["required"] else f"{filled(path)}&{asked}")
    assert answer.status_code == 200, answer.text


def test_a_new_key_or_column_is_described_without_another_word() -> None:
    keys = {each["name"] for each in GETS["/api/v1/events"]["parameters"]}
    assert keys == {key.key for key in EventFilters.FILTERS} | {
        f"not_{key.key}" for key in EventFilters.terms()
    }
    assert NOW["components"]["schemas"]["Event"]["properties"].keys() >= {
        column.name for column in COLUMNS["E"]
    }


def test_no_private_field_is_described() -> None:
    for name, schema in NOW["components"]["schemas"].items():
        for field in schema.get("properties", {}):
            assert not field.startswith("exact_") and field not in {"note", "reliability_by"}, name


# What was released ------------------------------------------------------------------------------------------------


def test_what_was_released_still_holds() -> None:
    assert list(broken(RELEASED, NOW)) == []


def broken(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """What a program written for the one description could not rely on in the other."""
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
                yield from _narrower(
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
        yield from _changed(schema, now["components"]["schemas"].get(name, {}), name)
    for name, header in before["components"]["headers"].items():
        if now["components"]["headers"].get(name, {}).get("required", False) < header.get(
            "required", False
        ):
            yield f"{name} may be missing"


def _narrower(old: Mapping[str, Any], new: Mapping[str, Any], where: str) -> Iterator[str]:
    """A value that could be asked must be possible to ask."""
    if "items" in old:
        yield from _narrower(old["items"], new.get("items", {}), where)
    if missing := set(old.get("enum", ())) - set(new.get("enum", old.get("enum", ()))):
        yield f"{where}: {sorted(missing)} can't be asked any more"
    for name in ("type", "pattern", "default", "minimum"):
        if old.get(name) != new.get(name) and not (name == "pattern" and "pattern" not in new):
            yield f"{where}: its {name} changed"
    for name in ("maximum", "maxLength", "maxItems"):
        if new.get(name, old.get(name, 0)) < old.get(name, 0):
            yield f"{where}: its {name} shrank"


def _changed(old: Any, new: Any, where: str) -> Iterator[str]:
    """In an answer nothing goes, no type changes, and what was always there stays so."""
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
                yield from _changed(value, new[name], f"{where}.{name}")
    elif old != new:
        yield f"{where}: {old} became {new}"


def _without(document: Any, path: str) -> Any:
    """A copy in which what that path leads to is gone; ">" between the names."""
    copy = json.loads(json.dumps(document))
    *way, last = path.split(">")
    inner = copy
    for name in way:
        inner = inner[int(name) if isinstance(inner, list) else name]
    inner.pop(int(last) if isinstance(inner, list) else last)
    return copy


@pytest.mark.parametrize(
    "path",
    [
        "paths>/api/v1/events",
        "paths>/api/v1/events>get>parameters>0",
        "paths>/api/v1/events>get>responses>422",
        "paths>/api/v1/events>get>parameters>3>schema>enum>1",
        "components>schemas>Event",
        "components>schemas>Event>properties>title",
        "components>schemas>Event>required>0",
        "components>schemas>Citation>properties>stance>enum>0",
        "components>headers>Link>required",
    ],
)
def test_nothing_can_go_unnoticed(path: str) -> None:
    assert list(broken(NOW, _without(NOW, path)))


@pytest.mark.parametrize(
    "path",
    [
        "paths>/api/v1/events",
        "paths>/api/v1/events>get>parameters>0",
        "components>schemas>Event",
        "components>schemas>Event>properties>title",
        "components>schemas>Citation>properties>stance>enum>0",
    ],
)
def test_what_is_added_breaks_nothing(path: str) -> None:
    assert not list(broken(_without(NOW, path), NOW))


def test_the_page_says_the_same(client: TestClient) -> None:
    page = client.get("/api").text
    for path, told in GETS.items():
        assert f">{path}</span>" in page and told["operationId"] in page
    assert client.get(re.findall(r'href="([^"]+openapi.json)"', page)[0]).status_code == 200
    for address in re.findall(r'<a class="mono" href="(/api/v1[^"]*)"', page):
        assert client.get(address).status_code == 200, address
