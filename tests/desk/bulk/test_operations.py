"""Bulk edits of one document."""

from app.desk.bulk.commands import BulkEdit, BulkOperation, apply_bulk_edit
from app.documents import document_of, validate
from app.kinds import EventForm
from tests.make import make_event


def test_replaced_place_keeps_role_without_repetition() -> None:
    """If the new place has the same role already, one of the two terms is dropped."""
    event = make_event(terms="place (role=from); place place-2 (role=to); place place-2")
    act = BulkEdit("place", BulkOperation.REPLACE, "place-1", "place-2")
    after = validate(EventForm, apply_bulk_edit(act, EventForm, document_of(event))).form
    assert after is not None
    assert [term.code for term in after.terms] == ["place-2"] * 3
    assert [term.role.value for term in after.terms] == ["from", "to", "at"]
    twice = make_event(terms="place; place place-2")
    assert len(apply_bulk_edit(act, EventForm, document_of(twice))["terms"]) == 1
    untouched = document_of(make_event(terms="place place-3"))
    assert apply_bulk_edit(act, EventForm, untouched) is untouched
    typed = document_of(make_event())
    assert (
        apply_bulk_edit(
            BulkEdit("type", BulkOperation.REPLACE, "stay-limit", "repatriation"), EventForm, typed
        )["type"]
        == "repatriation"
    )
    added = BulkEdit("sector", BulkOperation.ADD, new="building", role="target")
    once = apply_bulk_edit(added, EventForm, typed)
    assert len(once["terms"]) == 2 and apply_bulk_edit(added, EventForm, once) is once


def test_field_is_filled_in_and_words_are_replaced_in_texts_only() -> None:
    event = make_event(title="Firms in stay-limit towns", type="stay-limit")
    words = BulkEdit("", BulkOperation.WORDS, "stay-limit", "border")
    after = apply_bulk_edit(words, EventForm, document_of(event))
    assert (after["title"], after["type"]) == ("Firms in border towns", "stay-limit")
    filled = BulkEdit("attested", BulkOperation.SET, new="2024-05")
    assert apply_bulk_edit(filled, EventForm, document_of(event))["attested"] == "2024-05"
