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
    named = {column: [*filter(None, text.split(";"))] for column, text in row.items()}
    ids = [*named["events"], *named["estimates"]]
    forms = [live[id] for id in ids]

    def rows(key: str) -> list[Form]:
        return [each for form in forms for each in form.get(key, [])]

    cited = {each["id"] for each in rows("citations") if each["source"] == row["source"]}
    links = [(id, each) for id, form in live.items() for each in form.get("links", [])]
    found = {
        "citations": cited,
        "stages": {each["step"] for each in rows("stages")},
        "links": {f"{id}:{each['type']}:{each['to']}" for id, each in links},
        "terms": {f"{each['key']}:{each.get('code', '')}:{each['role']}" for each in rows("terms")},
    }
    if not (ids and cited and live[row["source"]]["title"]):
        yield "records, citations or title of the source"
    for column, known in found.items():
        yield from set(named[column]) - known
