"""Edits of a folder: the edition after the first, with the kind of change and the reason."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved.publish import publish_approved
from app.desk.csv.edits import FILE, save_edits
from app.desk.csv.reader import import_folder
from app.record.models import Version
from app.vocabulary.record import Why
from tests.support.csv_folder import Write

HEADER = "record,field,value,why,reason\n"


def test_edits_are_a_second_edition_of_clarifications(
    desk: Session, write: Write, tmp_path: Path
) -> None:
    import_folder(desk, write())
    publish_approved(desk)
    (tmp_path / FILE).write_text(HEADER + "E1,title,A stay,clarified,In plain words\n")
    assert save_edits(desk, tmp_path) == []
    second = publish_approved(desk, "Titles in plain words")
    assert second is not None and second.no == 2
    statement = select(Version.kind, Version.why, Version.reason).where(Version.opened == 2)
    assert [*desk.execute(statement)] == [("E", Why.CLARIFIED, "In plain words")]


def test_wrong_edit_is_named_and_nothing_saved(desk: Session, write: Write, tmp_path: Path) -> None:
    import_folder(desk, write())
    publish_approved(desk)
    for row, complaint in {
        "E9999,title,x,clarified,y": "field: E9999 has no field “title”",
        "E1,colour,x,clarified,y": "field: E1 has no field “colour”",
        "E1,title,x,because,y": "why: there is no “because”",
        "E1,happened,never,clarified,y": "value: ",
    }.items():
        (tmp_path / FILE).write_text(HEADER + row + "\n")
        problems = save_edits(desk, tmp_path)
        assert str(problems[0]).startswith(f"edits.csv:2:{complaint}")
        assert publish_approved(desk) is None
