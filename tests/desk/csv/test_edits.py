"""Edits of a folder: the edition after the first, with the kind of change and the reason."""

from pathlib import Path

import pytest
from sqlalchemy import select

from app import paths
from app.desk.approved.publish import publish_approved
from app.desk.csv.edits import FILE, save_edits
from app.desk.csv.reader import import_folder
from app.record.models import Version
from app.settings import Settings
from app.vocabulary.record import Why
from tests.conftest import desk_session

HEADER = "record,field,value,why,reason\n"


def test_edits_of_seeds_are_a_second_edition_of_clarifications(database: Settings) -> None:
    with desk_session(database) as session:
        import_folder(session, paths.SEEDS)
        publish_approved(session)
        assert save_edits(session, paths.SEEDS) == []
        second = publish_approved(session, "Summaries and titles in plain words")
        assert second is not None and second.no == 2
        changed = session.execute(
            select(Version.kind, Version.why, Version.reason).where(Version.opened == 2).distinct()
        ).all()
        assert [tuple(each) for each in changed] == [
            ("E", Why.CLARIFIED, "Written in whole sentences")
        ]


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("E9999,title,x,clarified,y\n", "edits.csv:2:field: E9999 has no field “title”"),
        ("E1,colour,x,clarified,y\n", "edits.csv:2:field: E1 has no field “colour”"),
        ("E1,title,x,because,y\n", "edits.csv:2:why: there is no “because”"),
        ("E1,happened,never,clarified,y\n", "edits.csv:2:value: "),
    ],
)
def test_wrong_edit_is_named_and_nothing_saved(
    database: Settings, tmp_path: Path, row: str, complaint: str
) -> None:
    (tmp_path / FILE).write_text(HEADER + row)
    with desk_session(database) as session:
        import_folder(session, paths.SEEDS)
        publish_approved(session)
        problems = save_edits(session, tmp_path)
        assert str(problems[0]).startswith(complaint)
        assert publish_approved(session) is None
