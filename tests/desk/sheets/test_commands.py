"""Saving a sheet: revisions, merges of two people, conflicts, undo and restore."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.desk.draft_form.documents import Document
from app.desk.identity.models import Person
from app.desk.sheets import commands
from app.desk.sheets.commands import SheetConflictError
from app.desk.sheets.models import ReportSheet
from app.desk.sheets.typed import with_typed
from app.errors import InvalidStateError
from tests.support.sheets import make_row, make_sheet


def changed(document: Document, key: str, **texts: Any) -> Document:
    rows = [{**row, **texts} if row["row"] == key else row for row in document["rows"]]
    return {**document, "rows": rows}


@pytest.fixture
def sheet(db: Session, amal: Person) -> ReportSheet:
    """A sheet with two rows, at revision 1."""
    sheet = commands.begin(db, amal, "S7")
    rows = [make_row("a1", statement="One."), make_row("a2", statement="Two.")]
    commands.save(db, sheet, {**sheet.document, "rows": rows}, 0, page="first", by=amal)
    return sheet


def statements(sheet: ReportSheet) -> list[str]:
    return [row["statement"] for row in sheet.document["rows"]]


def test_sheet_begins_once(db: Session, amal: Person, basma: Person) -> None:
    sheet = commands.begin(db, amal, "S7")

    assert commands.begin(db, basma, "S7") is sheet
    assert (sheet.owner, sheet.number, sheet.document["rows"]) == (amal.id, 0, [])


def test_contributor_writes_only_own_sheet(
    db: Session, amal: Person, basma: Person, chidi: Person
) -> None:
    of_amal, of_chidi = commands.begin(db, amal, "S7"), commands.begin(db, chidi, "S1")

    assert commands.may_write(basma, of_amal)
    assert commands.may_write(chidi, of_chidi)
    assert not commands.may_write(chidi, of_amal)


def test_same_document_makes_no_revision(db: Session, amal: Person, sheet: ReportSheet) -> None:
    commands.save(db, sheet, sheet.document, 1, page="first", by=amal)

    assert sheet.number == 1


def test_two_people_who_change_different_fields_are_merged(
    db: Session, amal: Person, basma: Person, sheet: ReportSheet
) -> None:
    began = sheet.document
    commands.save(db, sheet, changed(began, "a1", when="2019"), 1, page="x", by=amal)
    mine = changed(changed(began, "a1", statement="First."), "a2", type="stay-limit")
    mine["rows"].append(make_row("a3", statement="Three."))

    commands.save(db, sheet, mine, 1, page="y", by=basma)

    first, second, _third = sheet.document["rows"]
    assert (first["statement"], first["when"]) == ("First.", "2019")
    assert second["type"] == "stay-limit"
    assert statements(sheet) == ["First.", "Two.", "Three."]


def test_same_field_of_a_row_is_a_conflict_and_nothing_is_lost(
    db: Session, amal: Person, basma: Person, sheet: ReportSheet
) -> None:
    began = sheet.document
    commands.save(db, sheet, changed(began, "a1", when="2019"), 1, page="x", by=amal)
    mine = changed(changed(began, "a1", when="2020"), "a2", statement="Second.")

    with pytest.raises(SheetConflictError) as refused:
        commands.save(db, sheet, mine, 1, page="y", by=basma)

    assert refused.value.fields == ["rows.a1.when"]
    assert (refused.value.by, refused.value.typed, refused.value.began) == (amal.id, mine, began)
    assert sheet.document["rows"][0]["when"] == "2019"
    set_aside = commands.revision(db, sheet, sheet.number)
    assert set_aside is not None
    assert (set_aside.saved, set_aside.document) == ("set-aside", mine)


def test_row_removed_by_one_and_changed_by_another_is_a_conflict(
    db: Session, amal: Person, basma: Person, sheet: ReportSheet
) -> None:
    began = sheet.document
    without = {**began, "rows": began["rows"][1:]}
    commands.save(db, sheet, without, 1, page="x", by=amal)

    with pytest.raises(SheetConflictError):
        commands.save(db, sheet, changed(began, "a1", when="2020"), 1, page="y", by=basma)


def test_page_that_saves_again_has_no_conflict(
    db: Session, amal: Person, sheet: ReportSheet
) -> None:
    began = sheet.document
    commands.save(db, sheet, changed(began, "a1", when="2019"), 1, page="x", by=amal)
    commands.save(db, sheet, changed(began, "a1", when="2020"), 1, page="x", by=amal)

    assert sheet.document["rows"][0]["when"] == "2020"


def test_page_of_a_revision_that_never_was_is_refused(
    db: Session, amal: Person, sheet: ReportSheet
) -> None:
    with pytest.raises(InvalidStateError):
        commands.save(db, sheet, sheet.document, 9, page="x", by=amal)


def test_undo_takes_back_own_changes_one_by_one(
    db: Session, amal: Person, basma: Person, sheet: ReportSheet
) -> None:
    commands.save(db, sheet, changed(sheet.document, "a1", when="2019"), 1, page="x", by=amal)
    commands.save(db, sheet, changed(sheet.document, "a2", when="2020"), 2, page="y", by=basma)
    commands.save(
        db, sheet, changed(sheet.document, "a1", statement="First."), 3, page="x", by=amal
    )

    assert commands.undo(db, sheet, amal, "x")
    assert statements(sheet) == ["One.", "Two."]
    assert commands.undo(db, sheet, amal, "x")

    assert [row["when"] for row in sheet.document["rows"]] == ["", "2020"]
    assert commands.undo(db, sheet, amal, "x")
    assert not commands.undo(db, sheet, amal, "x")


def test_undo_keeps_what_others_changed_since_in_the_same_field(
    db: Session, amal: Person, basma: Person, sheet: ReportSheet
) -> None:
    commands.save(db, sheet, changed(sheet.document, "a1", when="2019"), 1, page="x", by=amal)
    commands.save(db, sheet, changed(sheet.document, "a1", when="2020"), 2, page="y", by=basma)

    commands.undo(db, sheet, amal, "x")

    assert sheet.document["rows"][0]["when"] == "2020"


def test_undo_keeps_the_record_of_a_row(db: Session, amal: Person, sheet: ReportSheet) -> None:
    commands.save(db, sheet, changed(sheet.document, "a1", when="2019"), 1, page="x", by=amal)
    commands.make_drafts(db, sheet, amal)
    record = sheet.document["rows"][0]["record"]

    commands.undo(db, sheet, amal, "x")

    assert sheet.document["rows"][0]["record"] == record != ""
    assert sheet.document["rows"][0]["when"] == ""


def test_earlier_revision_is_restored_as_a_new_one(
    db: Session, amal: Person, sheet: ReportSheet
) -> None:
    commands.save(db, sheet, {**sheet.document, "rows": []}, 1, page="x", by=amal)

    commands.restore(db, sheet, 1, amal, "x")

    assert statements(sheet) == ["One.", "Two."]
    assert [each.saved for each in commands.states(db, sheet)] == [
        "begun",
        "saved",
        "saved",
        "restored",
    ]


def test_event_of_an_estimate_saved_twice_is_one_link_after_a_merge() -> None:
    began = make_sheet(rows=[make_row("a1"), make_row("a2", "estimate")])
    typed = {"rows.a2.event": "a1"}

    merged = commands.merge(began, with_typed(began, typed), with_typed(began, typed))

    assert [link["to"] for link in merged["rows"][1]["links"]] == ["a1"]
