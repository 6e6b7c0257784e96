"""The seeds: they are imported and published without a problem, with one article whole."""

import csv
from typing import Any

from sqlalchemy import select

from app import paths
from app.database.sessions import DeskSession
from app.desk.approved.publish import publish_approved
from app.desk.csv import import_folder
from app.record.models import Version
from app.record.publishing.integrity import find_problems


def test_seeds_are_published_without_a_problem(desk: DeskSession) -> None:
    assert import_folder(desk, paths.SEEDS).errors == []
    first = publish_approved(desk, "The first reports")
    assert first and first.no == 1 and find_problems(desk) == []
    versions = desk.scalars(select(Version).where(Version.state == "live"))
    live: dict[str, Any] = {each.id: each.payload["form"] for each in versions}
    with (paths.SEEDS / "statements.csv").open(encoding="utf-8", newline="") as file:
        statements = list(csv.DictReader(file))
    assert [row["id"] for row in statements] == [f"S{number:02}" for number in range(1, 25)]
    for row in statements:
        ids = [*filter(None, f"{row['events']};{row['estimates']}".split(";"))]
        cited = {
            each["id"]
            for id in ids
            for each in live[id]["citations"]
            if each["source"] == row["source"]
        }
        assert ids and cited and {*filter(None, row["citations"].split(";"))} <= cited, row["id"]
