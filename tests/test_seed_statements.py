"""Finds each of the 24 statements of one article in the published record, row by row."""

import csv
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import paths
from app.record.models import Version

with (paths.SEEDS / "statements.csv").open(encoding="utf-8", newline="") as _file:
    STATEMENTS = list(csv.DictReader(_file))


def parts(row: dict[str, str], column: str) -> list[str]:
    return [part for part in row[column].split(";") if part]


def published(db: Session, id: str) -> dict[str, Any]:
    """The public form of a record, as readers have it."""
    row = db.scalars(
        select(Version).where(Version.id == id, Version.closed.is_(None), Version.state == "live")
    ).one()
    form: dict[str, Any] = row.payload["form"]
    return form


def test_seeds_have_24_statements() -> None:
    assert [row["id"] for row in STATEMENTS] == [f"S{number:02}" for number in range(1, 25)]
    assert all(row["events"] or row["estimates"] for row in STATEMENTS)


@pytest.mark.parametrize("row", STATEMENTS, ids=lambda row: row["id"])
def test_seed_statement_is_in_the_record(reader: Session, row: dict[str, str]) -> None:
    source = published(reader, row["source"])
    assert source["title"]
    records = {
        id: published(reader, id) for id in [*parts(row, "events"), *parts(row, "estimates")]
    }
    cited = {
        citation["id"]: citation
        for form in records.values()
        for citation in form.get("citations", [])
    }

    for id in parts(row, "citations"):
        assert cited[id]["source"] == row["source"]
        assert cited[id]["paraphrase"]
        assert cited[id]["chain"]
    for id in parts(row, "estimates"):
        assert row["source"] in {citation["source"] for citation in records[id]["citations"]}
    for id in parts(row, "events"):
        assert row["source"] in {citation["source"] for citation in records[id]["citations"]}

    steps = {stage["step"]: stage for form in records.values() for stage in form.get("stages", [])}
    for step in parts(row, "stages"):
        rests_on = steps[step]["citation"]
        around = [
            published(reader, link["to"])
            for form in records.values()
            for link in form.get("links", [])
        ]
        known = set(cited) | {citation["id"] for form in around for citation in form["citations"]}
        assert rests_on in known

    for link in parts(row, "links"):
        from_, type_, to = link.split(":")
        assert (type_, to) in {
            (one["type"], one["to"]) for one in published(reader, from_).get("links", [])
        }
        assert published(reader, to)["id"] == to

    terms = {
        (term["key"], term.get("code", ""), term["role"])
        for form in records.values()
        for term in form.get("terms", [])
    }
    for term in parts(row, "terms"):
        assert tuple(term.split(":")) in terms
