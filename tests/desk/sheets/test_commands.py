"""Saving a sheet: revisions, merges of two people, conflicts, undo and restore."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.desk.identity.models import Person
from app.desk.sheets import commands
from app.desk.sheets.commands import SheetConflictError
from app.desk.sheets.models import ReportSheet
from app.desk.sheets.typed import with_typed
from app.documents import Document
from app.errors import InvalidStateError
from tests.support.sheets import make_row, make_sheet


def changed(document: Document, key: str, **texts: Any) -> Document:
    rows = [{**row, **texts} if row["row"] == key else row for row in document["rows"]]
    return {**document, "rows": rows}


class Shared:
    """A sheet with two rows, at revision 1, which several people have open."""

    def __init__(self, db: Session, by: Person) -> None:
        self.db = db
        self.sheet: ReportSheet = commands.begin(db, by, "S7")
        rows = [make_row("a1", statement="One."), make_row("a2", statement="Two.")]
        self.save(by, {**self.document, "rows": rows}, "first", 0)

    @property
    def document(self) -> Document:
        return self.sheet.document

    def save(self, by: Person, document: Document, page: str = "x", number: int = 1) -> None:
        commands.save(self.db, self.sheet, document, number, page=page, by=by)

    def change(self, by: Person, key: str, page: str = "x", **texts: str) -> None:
        """Save a change of one field of the newest revision."""
        self.save(by, changed(self.document, key, **texts), page, self.sheet.number)

    def undo(self, by: Person) -> bool:
        return commands.undo(self.db, self.sheet, by, "x")

    def column(self, name: str) -> list[str]:
        return [row[name] for row in self.document["rows"]]


@pytest.fixture
def shared(db: Session, amal: Person) -> Shared:
    return Shared(db, amal)


def test_sheet_begins_once_and_contributors_write_only_their_own(
    db: Session, amal: Person, basma: Person, chidi: Person
) -> None:
    of_amal, of_chidi = commands.begin(db, amal, "S7"), commands.begin(db, chidi, "S1")

    assert commands.begin(db, basma, "S7") is of_amal
    assert (of_amal.owner, of_amal.number, of_amal.document["rows"]) == (amal.id, 0, [])
    assert commands.may_write(basma, of_amal)
    assert commands.may_write(chidi, of_chidi)
    assert not commands.may_write(chidi, of_amal)


def test_two_people_who_change_different_fields_are_merged(
    shared: Shared, amal: Person, basma: Person
) -> None:
    began = shared.document
    shared.save(amal, began, "first")
    assert shared.sheet.number == 1, "the same document makes no revision"
    shared.save(amal, changed(began, "a1", when="2019"))
    mine = changed(changed(began, "a1", statement="First."), "a2", type="stay-limit")
    mine["rows"].append(make_row("a3", statement="Three."))

    shared.save(basma, mine, "y")

    assert shared.column("when")[0] == "2019"
    assert shared.column("type")[1] == "stay-limit"
    assert shared.column("statement") == ["First.", "Two.", "Three."]


def test_same_field_of_a_row_is_a_conflict_and_nothing_is_lost(
    shared: Shared, amal: Person, basma: Person
) -> None:
    began = shared.document
    shared.save(amal, changed(began, "a1", when="2019"))
    mine = changed(changed(began, "a1", when="2020"), "a2", statement="Second.")

    with pytest.raises(SheetConflictError) as refused:
        shared.save(basma, mine, "y")

    assert refused.value.fields == ["rows.a1.when"]
    assert (refused.value.by, refused.value.typed, refused.value.began) == (amal.id, mine, began)
    assert shared.column("when")[0] == "2019"
    set_aside = commands.revision(shared.db, shared.sheet, shared.sheet.number)
    assert set_aside is not None
    assert (set_aside.saved, set_aside.document) == ("set-aside", mine)


def test_row_removed_by_one_and_changed_by_another_is_a_conflict(
    shared: Shared, amal: Person, basma: Person
) -> None:
    began = shared.document
    shared.save(amal, {**began, "rows": began["rows"][1:]})

    with pytest.raises(SheetConflictError):
        shared.save(basma, changed(began, "a1", when="2020"), "y")


def test_page_that_saves_again_has_no_conflict(shared: Shared, amal: Person) -> None:
    began = shared.document
    for when in ("2019", "2020"):
        shared.save(amal, changed(began, "a1", when=when))

    assert shared.column("when")[0] == "2020"
    with pytest.raises(InvalidStateError):
        shared.save(amal, shared.document, number=9)


def test_undo_takes_back_own_changes_one_by_one(
    shared: Shared, amal: Person, basma: Person
) -> None:
    shared.change(amal, "a1", when="2019")
    shared.change(basma, "a2", "y", when="2020")
    shared.change(amal, "a1", statement="First.")

    assert shared.undo(amal)
    assert shared.column("statement") == ["One.", "Two."]
    assert shared.undo(amal)

    assert shared.column("when") == ["", "2020"]
    assert shared.undo(amal)
    assert not shared.undo(amal)


def test_undo_keeps_what_others_changed_since_in_the_same_field(
    shared: Shared, amal: Person, basma: Person
) -> None:
    shared.change(amal, "a1", when="2019")
    shared.change(basma, "a1", "y", when="2020")

    shared.undo(amal)

    assert shared.column("when")[0] == "2020"


def test_undo_keeps_the_record_of_a_row(shared: Shared, amal: Person) -> None:
    shared.change(amal, "a1", when="2019")
    commands.make_drafts(shared.db, shared.sheet, amal)
    record = shared.column("record")[0]

    shared.undo(amal)

    assert shared.column("record")[0] == record != ""
    assert shared.column("when")[0] == ""


def test_event_of_an_estimate_saved_twice_is_one_link_after_a_merge() -> None:
    began = make_sheet(rows=[make_row("a1"), make_row("a2", "estimate")])
    typed = {"rows.a2.event": "a1"}

    merged = commands.merge(began, with_typed(began, typed), with_typed(began, typed))

    assert [link["to"] for link in merged["rows"][1]["links"]] == ["a1"]
