"""Records that a bulk edit lists."""

import re
from collections.abc import Iterable

import pytest
from sqlalchemy import event, select
from starlette.testclient import TestClient

from app.desk.approved.draft_models import Draft
from app.desk.bulk.selection import filters_class, select_records
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import commands as drafts
from app.desk.drafts.commands import SUBMIT
from app.documents import Document, document_of
from app.kinds import PlaceForm, RecordForm
from app.record.derivation.context import DerivationContext
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import (
    make_citation,
    make_event,
    make_source,
    make_term,
)
from tests.support.bulk_edits import WHY, preview_edit
from tests.support.desk_people import person
from tests.support.record_queries import ready_indexes


def test_submitted_records_make_room_for_next_ones(
    construction: Settings, basma: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next records of a longer list appear once the first are submitted."""
    address = "/desk/bulk?kind=event"
    monkeypatch.setattr("app.desk.bulk.selection.MAX_RECORDS", 2)

    def listed() -> list[str]:
        return re.findall(r'name="take\.(E\d+)"', basma.get(address).text)

    first = listed()
    assert len(first) == 2 and "left out" not in basma.get(address).text
    act = {"what": "place", "do": "replace", "old": "place-1", "new": "place-4"}
    made = ""
    for _page in range(2):
        _preview, sent = preview_edit(basma, address, act, *listed())
        made = basma.post(address, data={**sent, **WHY}).headers["location"]
    assert (
        listed() == []
        and "4 records were found, and all have open drafts" in basma.get(address).text
    )
    basma.post(made, data={"do": "take-back"})
    assert len(listed()) == 2 and not set(listed()) & set(first)
    page = basma.get(address).text
    assert "2 records have open drafts and are left out" in page


def own_drafts(settings: Settings, first: int, last: int) -> list[str]:
    """Begin Basma's drafts of new events in construction, each with its own draft of a source."""
    by, made = person(settings, "Basma"), []
    with desk_session(settings) as db:
        for number in range(first, last + 1):
            source = drafts.begin(
                db, by, f"source {number}", "S", document=document_of(make_source(number))
            )
            terms = [make_term(), make_term("sector", "construction")]
            said = make_event(
                number,
                title=f"Mine {number}",
                terms=terms,
                citations=[make_citation(1, source.record)],
            )
            made.append(
                drafts.begin(db, by, f"event {number}", "E", document=document_of(said)).record
            )
    return made


def test_first_own_drafts_are_listed_and_all_counted(
    construction: Settings, basma: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An import can make thousands of drafts, so titles are read for listed ones only."""
    made = own_drafts(construction, 11, 15)
    titled: list[object] = []
    title = Catalogue.title

    def counted(self: Catalogue, kind: str, document: Document) -> str:
        titled.append(document)
        return title(self, kind, document)

    monkeypatch.setattr("app.desk.bulk.selection.MAX_RECORDS", 3)
    monkeypatch.setattr(Catalogue, "title", counted)
    for asked, total in (("", 9), ("&sector=construction", 7), ("&q=mine", 5)):
        titled.clear()
        page = basma.get(f"/desk/bulk?kind=event{asked}").text
        assert (
            re.findall(r'name="take\.(E\d+)"', page) == made[:3]
            and f"Showing the first 3 of {total}" in page
        ), asked
        assert len(titled) <= 3 + 3, (
            "titles may be read for three own drafts and three published records only"
        )
    assert "Mine" not in basma.get("/desk/bulk?kind=event&changed_since=2000-01-01").text
    with desk_session(construction) as db:
        drafts.move(
            db,
            db.scalars(select(Draft).where(Draft.record == made[0])).one(),
            person(construction, "Basma"),
            SUBMIT,
        )
        drafts.begin_to_change(db, person(construction, "Basma"), "E1")
        of_amal = Catalogue(db, person(construction, "Amal")).own_new_drafts("E")
        of_basma = Catalogue(db, person(construction, "Basma")).own_new_drafts("E")
        assert db.scalars(of_amal).all() == []
        assert [draft.record for draft in db.scalars(of_basma)] == made[1:], (
            "own new drafts must exclude submitted ones and changes of approved records"
        )


def test_many_own_drafts_need_no_more_statements(
    construction: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number of statements stays equal, and place names are collected once."""
    filters, _dropped = filters_class("event").from_pairs([("sector", "construction")])

    indexes = ready_indexes(construction)

    def cost() -> tuple[int, int]:
        of = DerivationContext.of
        names: list[PlaceForm] = []
        seen: list[str] = []

        def gathered(forms: Iterable[RecordForm]) -> DerivationContext:
            forms = list(forms)
            names.extend(form for form in forms if isinstance(form, PlaceForm))
            return of(forms)

        with desk_session(construction) as db, monkeypatch.context() as patch:
            patch.setattr(DerivationContext, "of", gathered)
            by = person(construction, "Basma")
            event.listen(
                db.get_bind(), "before_cursor_execute", lambda *given: seen.append(given[2])
            )
            assert select_records(db, Catalogue(db, by), filters, indexes).total == 2 + made
            return len(seen), len(names)

    made = len(own_drafts(construction, 11, 11))
    before = cost()
    made += len(own_drafts(construction, 12, 16))
    assert cost() == before and before[1] == 4


def test_record_with_open_draft_is_skipped(
    construction: Settings, basma: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "/desk/bulk?kind=event"
    _page, sent = preview_edit(
        basma, address, {"what": "place", "do": "replace", "old": "place-1", "new": "place-4"}, "E1"
    )
    basma.post(address, data={**sent, **WHY})
    page = basma.get(address).text
    assert "1 record has an open draft" in page and "Showing the first" not in page
    monkeypatch.setattr("app.desk.bulk.selection.MAX_RECORDS", 1)
    page = basma.get(address).text
    assert "Showing the first 1 of 4" in page and re.findall(r'name="take\.(E\d+)"', page) == ["E2"]
