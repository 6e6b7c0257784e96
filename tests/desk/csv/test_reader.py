"""Importing a folder: all or nothing, with the file, line and column of each error."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.desk.approved import models, store
from app.desk.approved.publish import publish_approved
from app.desk.csv import export_folder, import_folder
from tests.make import make_event
from tests.support.csv_folder import Write, changed, import_errors, row_counts


def test_import_stores_the_approved_state(desk: Session, write: Write) -> None:
    report = import_folder(desk, write())
    assert report.errors == []
    assert report.counts["events saved"] == 2
    event = desk.get_one(models.Record, "E1").form
    assert event == make_event(
        1,
        title="Stay",
        terms="place dandong",
        stages=[{"step": "announced", "date": "2019-06", "citation": "C1"}],
        citations="S1 by resident a resident",
    )
    assert publish_approved(desk) is not None


def test_dry_run_changes_nothing_and_reports_counts(desk: Session, write: Write) -> None:
    before = row_counts(desk)
    report = import_folder(desk, write(), dry_run=True)
    assert (report.errors, report.counts["sources saved"]) == ([], 2)
    assert row_counts(desk) == before
    assert store.pending_rows(desk) == []


# Private values, and the way back -----------------------------------------------------------------


def test_private_values_are_not_exported_and_survive_imports(
    desk: Session, write: Write, tmp_path: Path
) -> None:
    import_folder(desk, write())
    event = desk.get_one(models.Record, "E1").form
    citation = event.citations[0]  # type: ignore[union-attr]
    chain = [step.model_copy(update={"exact_words": "Ravensworth"}) for step in citation.chain]
    secret = citation.model_copy(update={"note": "Ravensworth", "chain": chain})
    private = {
        "note": "Ravensworth",
        "exact_happened": "2019-06-15",
        "exact_place": "dandong",
        "citations": [secret],
    }
    store.save(desk, event.model_copy(update=private))
    desk.flush()
    publish_approved(desk)
    out = tmp_path / "out"
    out.mkdir()
    export_folder(desk, out)
    assert not any("Ravensworth" in file.read_text("utf-8") for file in out.iterdir())
    assert [name for name in import_folder(desk, out).counts if name.endswith("saved")] == []
    import_folder(desk, write(events=changed("events", ("E1,Stay,", "E1,Stays,"))))
    kept = desk.get_one(models.Record, "E1").form
    assert (kept.title, kept.note, kept.exact_place) == ("Stays", "Ravensworth", "dandong")  # type: ignore[union-attr]
    assert kept.citations[0].chain[0].exact_words == "Ravensworth"  # type: ignore[union-attr]


CHAIN = "C1,resident,a resident\n"


@pytest.fixture
def desk_with_private_step(desk: Session, write: Write) -> Session:
    """A chain of two steps; at the desk, the first one has a more exact, private wording."""
    import_folder(
        desk, write(chains=changed("chains", (CHAIN, CHAIN + "C1,named-official,an official\n")))
    )
    event = desk.get_one(models.Record, "E1").form
    (citation,) = event.citations  # type: ignore[union-attr]
    first, second = citation.chain
    chain = [first.model_copy(update={"exact_words": "Ravensworth"}), second]
    secret = citation.model_copy(update={"note": "Ravensworth", "chain": chain})
    store.save(desk, event.model_copy(update={"citations": [secret]}))
    desk.flush()
    return desk


def steps(desk: Session) -> list[tuple[str, str]]:
    (citation,) = desk.get_one(models.Record, "E1").form.citations  # type: ignore[union-attr]
    return [(step.words, step.exact_words) for step in citation.chain]


def test_moved_chain_step_keeps_its_private_value(
    desk_with_private_step: Session, write: Write
) -> None:
    chain = f"C1,named-official,another\nC1,named-official,an official\n{CHAIN}"
    files = {"chains": changed("chains", (CHAIN, chain))}
    assert import_folder(desk_with_private_step, write(**files)).errors == []
    kept = [("another", ""), ("an official", ""), ("a resident", "Ravensworth")]
    assert steps(desk_with_private_step) == kept


def test_changed_or_removed_step_with_private_value_is_reported(
    desk_with_private_step: Session, write: Write
) -> None:
    official = "C1,named-official,an official\n"
    for chain in (
        official,
        f"C1,resident,a trader\n{official}",
    ):
        files = {"chains": changed("chains", (CHAIN, chain))}
        (problem,) = import_errors(desk_with_private_step, write(**files))
        lost = "what the desk alone knows of “resident · a resident” would be lost"
        assert problem.startswith(f"events.csv:2:chain: {lost}"), chain
        assert steps(desk_with_private_step) == [("a resident", "Ravensworth"), ("an official", "")]


def test_public_date_excluding_the_private_one_is_reported(desk: Session, write: Write) -> None:
    import_folder(desk, write())
    event = desk.get_one(models.Record, "E1").form
    store.save(desk, event.model_copy(update={"exact_happened": "2019-06-15"}))
    desk.flush()
    (problem,) = import_errors(desk, write(events=changed("events", ("2019-06-15", "2018-06-15"))))
    assert problem == "events.csv:2:: the exact date must be within the public one"
