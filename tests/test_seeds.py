"""The seeds: they are imported and published without a problem, with one article whole."""

import csv
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from app import paths
from app.database.sessions import DeskSession
from app.desk.approved.publish import publish_approved
from app.desk.csv import import_folder
from app.record.models import Version
from app.record.publishing.integrity import find_problems

Form = dict[str, Any]


def test_seeds_are_published_without_a_problem(desk: DeskSession) -> None:
    assert import_folder(desk, paths.SEEDS).errors == []
    first = publish_approved(desk, "The first reports")
    assert first and first.no == 1 and find_problems(desk) == []
    versions = desk.scalars(select(Version).where(Version.state == "live"))
    live: dict[str, Form] = {each.id: each.payload["form"] for each in versions}
    with (paths.SEEDS / "statements.csv").open(encoding="utf-8", newline="") as file:
        statements = list(csv.DictReader(file))
    assert [row["id"] for row in statements] == [f"S{number:02}" for number in range(1, 25)]
    wrong = [f"{row['id']}: {part}" for row in statements for part in missing_parts(row, live)]
    assert wrong == []


def missing_parts(row: dict[str, str], live: dict[str, Form]) -> Iterator[str]:
    """Yield what the record lacks of a statement: records, citations, steps, links and terms."""

    def named(column: str) -> list[str]:
        return [part for part in row[column].split(";") if part]

    def rows(key: str, forms: list[Form]) -> list[Form]:
        return [each for form in forms for each in form.get(key, [])]

    ids = [*named("events"), *named("estimates")]
    if not ids or not live[row["source"]]["title"]:
        yield "records or title of the source"
    forms = [live[id] for id in ids]
    cited = {each["id"]: each for each in rows("citations", forms)}
    for id in ids:
        if row["source"] not in {each["source"] for each in live[id]["citations"]}:
            yield id
    for id in named("citations"):
        each = cited.get(id, {"source": ""})
        if each["source"] != row["source"] or not (each["paraphrase"] and each["chain"]):
            yield id
    around = [live[link["to"]] for link in rows("links", forms)]
    known = cited.keys() | {each["id"] for each in rows("citations", around)}
    steps = {each["step"]: each["citation"] for each in rows("stages", forms)}
    yield from (step for step in named("stages") if steps.get(step) not in known)
    for link in named("links"):
        from_, type_, to = link.split(":")
        if (type_, to) not in {(each["type"], each["to"]) for each in live[from_]["links"]}:
            yield link
    terms = {
        f"{each['key']}:{each.get('code', '')}:{each['role']}" for each in rows("terms", forms)
    }
    yield from set(named("terms")) - terms
