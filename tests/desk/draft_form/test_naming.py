"""Whether a speaker is named is asked, and proposed by the kind of speaker."""

import importlib.util
import json
from typing import Any

import pytest
from sqlalchemy import text

from app import paths
from app.database.engines import migration_engine
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.checks import check_draft
from app.desk.draft_form.documents import blank_row, document_of
from app.desk.draft_form.fields import DraftSheet
from app.forms import ChainStep, EventForm
from app.settings import Settings
from app.vocabulary.citations import USUAL_NAMING, Attribution
from tests.conftest import desk_session
from tests.make import make_event
from tests.support.desk_people import make_people, person

AT = "citations.0.chain.0.named"


@pytest.mark.parametrize(
    ("attribution", "named", "is_asked", "proposed"),
    [
        ("company", "", True, ["yes"]),
        ("government-statement", "", True, ["yes"]),
        ("company", "no", False, []),
        ("named-official", "", False, ["yes"]),
        ("resident", "", False, ["no"]),
        ("outlet-own-voice", "", False, []),
        ("", "", False, []),
    ],
)
def test_speaker_counts_as_named_only_if_an_editor_says_so(
    database: Settings, attribution: str, named: str, is_asked: bool, proposed: list[str]
) -> None:
    make_people(database, "Chidi")
    document = document_of(make_event())
    step = blank_row(ChainStep, attribution=attribution, named=named)
    document["citations"][0]["chain"] = [step]
    with desk_session(database) as db:
        catalogue = Catalogue(db, person(database, "Chidi"))
        errors = check_draft(EventForm, document, catalogue).errors
        box = DraftSheet(EventForm, document, catalogue).box_at(AT)
    assert (AT in errors) is is_asked
    assert [each.value for each in box.proposed] == proposed


def test_migration_names_speakers_as_the_kind_said(database: Settings) -> None:
    """Chains in the documents of drafts are migrated by the rule that reads old steps."""
    path = paths.MIGRATIONS / "versions/2026_11_27_named_speakers.py"
    spec = importlib.util.spec_from_file_location("named_speakers", path)
    assert spec and spec.loader
    migration: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(migration)
    chain = [{"row": str(n), "attribution": str(kind)} for n, kind in enumerate(Attribution)]
    chain.append({"row": "99", "attribution": "company", "named": "no"})
    document = {"title": "Old", "citations": [{"source": "S1", "chain": chain}, {"chain": []}]}
    with migration_engine(database).connect() as connection:
        for function in (migration.NAMING, migration.DOCUMENT):
            connection.execute(text(function))
        query = text("SELECT desk.with_naming(CAST(:old AS jsonb))")
        made = connection.scalar(query, {"old": json.dumps(document)})
        connection.rollback()
    assert made["title"] == "Old" and made["citations"][1] == {"chain": []}
    named = {step["attribution"]: step["named"] for step in made["citations"][0]["chain"][:-1]}
    assert named == {str(kind): USUAL_NAMING.get(kind, "") for kind in Attribution}
    assert made["citations"][0]["chain"][-1]["named"] == "no"
    assert [step["row"] for step in made["citations"][0]["chain"]] == [s["row"] for s in chain]
