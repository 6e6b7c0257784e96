"""Every frozen release restores, migrates, republishes and keeps its citations.

See `tests/releases/README.md`.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import to_jsonable_python
from sqlalchemy import select
from sqlalchemy.orm import aliased
from starlette.testclient import TestClient

from app import documents
from app.cli.doctor import find_problems
from app.database.restore import restore
from app.desk.approved import store
from app.desk.approved.models import Draft, Record, ReferenceRow, Revision
from app.desk.approved.publish import publish_approved
from app.desk.drafts.page import draft_sheet
from app.desk.identity import commands, second_factor
from app.desk.identity.models import Person
from app.desk.purges import purge_again, read_list
from app.desk.quality import QualityCheck
from app.kinds import FORMS
from app.kinds.references import references
from app.main import create_app
from app.record.editions import find_outdated_rules
from app.record.models import RULES, Edition, Version
from app.record.publishing.working_set import live_keys
from app.settings import Settings
from app.vocabulary.record import Why
from tests.conftest import desk_session, wait_until
from tests.support.database_server import Server

RELEASES = sorted(path for path in (Path(__file__).parent / "releases").iterdir() if path.is_dir())
WITH_OLDER_RULES = RELEASES[:1]
"""Releases that an upgrade recalculates."""


@dataclass(frozen=True)
class Restored:
    """A frozen release in a database of today."""

    folder: Path
    settings: Settings
    expected: dict[str, Any]


@pytest.fixture(scope="module", params=RELEASES, ids=lambda folder: folder.name)
def restored(request: pytest.FixtureRequest, server: Server) -> Iterator[Restored]:
    """Restored and republished once, as an operator does who upgrades; the tests only read it."""
    folder: Path = request.param
    expected = json.loads((folder / "expected.json").read_text())
    name = server.create()
    settings = server.settings(name).model_copy(update={"secret_key": expected["secret_key"]})
    restore(settings, folder / "backup.zip", logins=True)
    with desk_session(settings) as session:
        purge_again(session, read_list(folder / "purged.txt"))
    with desk_session(settings) as session:
        publish_approved(session, "Recalculated", again=live_keys(session))
    yield Restored(folder, settings, expected)
    server.drop(name)


@pytest.fixture(scope="module")
def client(restored: Restored) -> Iterator[TestClient]:
    with TestClient(create_app(restored.settings), follow_redirects=False) as running:
        yield running


def test_release_restored_passes_doctor(restored: Restored) -> None:
    assert find_problems(restored.settings) == []


def test_release_addresses_of_edition_1_answer(restored: Restored, client: TestClient) -> None:
    """Formats that went, at most twenty addresses, lead to what has the same content."""
    differing = []
    listed = restored.folder / "led_on.txt"
    lines = listed.read_text().splitlines() if listed.exists() else []
    led_on = {line.partition(" ")[0] for line in lines}
    assert len(led_on) <= 20
    for line in (restored.folder / "addresses.txt").read_text().splitlines():
        status, address, *target = line.split(" ")
        answer = client.get(address)
        if answer.status_code == 503:  # a whole file that is written in the background
            wait_until(lambda address=address: client.get(address).status_code != 503, address)  # type: ignore[misc]
            answer = client.get(address)
        if address in led_on and answer.status_code in (301, 303):
            answer = client.get(address, follow_redirects=True)
            assert answer.url.query.endswith(b"edition=1"), address
            answer.headers.pop("location", None)
        now = [str(answer.status_code), *filter(None, [answer.headers.get("location")])]
        if now != [status, *target]:
            differing.append(f"{line}, now {' '.join(now)}")
    assert differing == []


def test_release_fingerprints_of_edition_1_hold(restored: Restored, client: TestClient) -> None:
    now = {}
    for view in restored.expected["fingerprints"]:
        found = re.search(r"\b[0-9a-f]{64}\b", client.get("/cite.json", params={"of": view}).text)
        now[view] = found[0] if found else None
    assert now == restored.expected["fingerprints"]


def test_release_second_factor_still_signs_in(restored: Restored) -> None:
    with desk_session(restored.settings) as session:
        person = commands.authenticate(session, "basma@example.org", restored.expected["password"])
        assert isinstance(person, Person)
        assert second_factor.is_readable(restored.settings, person)
        for code in restored.expected["recovery_codes"]:
            assert second_factor.consume_code(restored.settings, person, code), code
        assert (
            second_factor.consume_code(
                restored.settings, person, restored.expected["recovery_codes"][0]
            )
            is None
        )


@pytest.mark.parametrize(
    "restored", WITH_OLDER_RULES, ids=lambda folder: folder.name, indirect=True, scope="module"
)
def test_release_loses_no_support_by_the_upgrade(restored: Restored) -> None:
    """Citations that nobody answered count where nothing else does, and are listed to be read."""
    with desk_session(restored.settings) as session:
        closed = aliased(Version)
        before_and_after = session.execute(
            select(Version.id, closed.payload, Version.payload).where(
                Version.kind == "E",
                Version.closed.is_(None),
                closed.id == Version.id,
                closed.closed == Version.opened,
            )
        ).all()
        without = [
            id
            for id, before, after in before_and_after
            if after["corroboration"] == ["none"] != before["corroboration"]
        ]
        unread = QualityCheck.UNDECIDED_CITATIONS
        assert before_and_after and not without
        assert session.execute(unread.query()).all()


@pytest.mark.parametrize(
    "restored", WITH_OLDER_RULES, ids=lambda folder: folder.name, indirect=True, scope="module"
)
def test_release_is_recalculated_once_and_marked(restored: Restored) -> None:
    with desk_session(restored.settings) as session:
        newest = session.scalars(select(Edition).order_by(Edition.no.desc()).limit(1)).one()
        assert (newest.message, newest.rules) == ("Recalculated", RULES)
        assert newest.is_recalculation
        written = select(Version.why).where(Version.opened == newest.no).distinct()
        assert session.scalars(written).all() == [Why.REINDEXED]
        assert publish_approved(session, again=live_keys(session)) is None
        assert not find_outdated_rules(session)


def test_release_records_are_stored_as_when_saved(restored: Restored) -> None:
    with desk_session(restored.settings) as session:
        rows = session.scalars(select(Record)).all()
        assert {row.kind for row in rows} >= {*"VNPOSEM"}
        expected = {
            (row.id, path, store.name_known(kind, name))
            for row in rows
            for path, kind, name in references(row.form, private=True)
        }
        stored = select(ReferenceRow.record, ReferenceRow.path, ReferenceRow.target)
        assert {tuple(row) for row in session.execute(stored)} == expected
        differing = [
            row.id
            for row in rows
            if row.document != to_jsonable_python(row.form.model_dump(exclude_defaults=True))
        ]
        assert differing == []


def test_release_drafts_and_revisions_open(restored: Restored) -> None:
    with desk_session(restored.settings) as session:
        drafts = session.scalars(select(Draft)).all()
        editor = session.scalars(select(Person).where(Person.email == "basma@example.org")).one()
        assert drafts
        for draft in drafts:
            revisions = session.scalars(select(Revision).where(Revision.draft == draft.id))
            for document in (draft.document, *(revision.document for revision in revisions)):
                fitted = documents.fit_to_form(FORMS[draft.kind], document)
                sheet = draft_sheet(session, editor, draft, document=fitted)
                assert sheet, draft.record
