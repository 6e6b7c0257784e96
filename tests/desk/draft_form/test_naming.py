"""Whether a speaker is named is asked, and proposed by the kind of speaker."""

import importlib.util
import json
from contextlib import nullcontext
from copy import deepcopy
from typing import Any

import pytest
from sqlalchemy import text

from app import paths
from app.database.engines import migration_engine
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.checks import check_draft
from app.desk.draft_form.documents import Document, blank_row, document_of
from app.desk.draft_form.fields import DraftSheet
from app.desk.draft_form.speakers import empty_of_former_speakers
from app.forms import ChainStep, EventForm
from app.record.publishing.validation import PublishError, refuse_contradictory_speakers
from app.record.publishing.working_set import Change
from app.settings import Settings
from app.vocabulary.citations import USUAL_NAMING, Attribution
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import Why
from tests.conftest import desk_session
from tests.make import make_citation, make_event, make_step
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


@pytest.mark.parametrize(
    ("kind", "kept", "refused"),
    [
        ("outlet-own-voice", {"words": "on site"}, []),
        ("outlet-own-voice", {"named": "yes", "occasion": "briefing"}, ["named", "occasion"]),
        ("outlet-own-voice", {"outlet": "outlet-1", "said": "2020"}, ["outlet", "said"]),
        (
            "outlet-own-voice",
            {"speakers": "2", "speakers_text": "several"},
            ["speakers", "speakers_text"],
        ),
        ("anonymous-source", {"outlet": "outlet-1"}, ["outlet"]),
        ("unattributed", {"outlet": "outlet-1"}, ["outlet"]),
        ("anonymous-source", {"speakers": "2", "occasion": "telephone"}, []),
        ("other-outlet", {"outlet": "outlet-1"}, []),
        ("government-statement", {"outlet": "outlet-1"}, ["outlet"]),
    ],
)
def test_contradictory_speaker_is_refused_field_by_field(
    database: Settings, kind: str, kept: dict[str, str], refused: list[str]
) -> None:
    make_people(database, "Chidi")
    document = document_of(make_event())
    document["citations"][0]["chain"] = [blank_row(ChainStep, attribution=kind, **kept)]
    with desk_session(database) as db:
        catalogue = Catalogue(db, person(database, "Chidi"))
        errors = check_draft(EventForm, document, catalogue).errors
    at = "citations.0.chain.0."
    told = {path for path, error in errors.items() if "can’t have this field" in error}
    assert told == {f"{at}{name}" for name in refused}


def _before_and_after(kind: str, **typed: str) -> tuple[Document, Document]:
    before = document_of(make_event())
    former = blank_row(
        ChainStep, attribution="named-official", words="Geng", named="yes", occasion="briefing"
    )
    before["citations"][0]["chain"] = [former]
    after = deepcopy(before)
    after["citations"][0]["chain"] = [{**former, "attribution": kind, **typed}]
    return before, after


@pytest.mark.parametrize(
    ("kind", "typed", "left"),
    [
        ("outlet-own-voice", {}, {"words": "", "named": "", "occasion": ""}),
        ("anonymous-source", {}, {"words": "", "named": "", "occasion": ""}),
        ("outlet-own-voice", {"words": "on site"}, {"words": "on site", "occasion": ""}),
        ("government-statement", {}, {"words": "Geng", "named": "yes", "occasion": "briefing"}),
    ],
)
def test_another_kind_of_speaker_empties_the_former_one(
    kind: str, typed: dict[str, str], left: dict[str, str]
) -> None:
    before, after = _before_and_after(kind, **typed)
    step = empty_of_former_speakers(before, after)["citations"][0]["chain"][0]
    assert {name: step[name] for name in left} == left


def test_outlet_of_a_former_speaker_is_emptied_for_any_other() -> None:
    before, after = _before_and_after("government-statement")
    for document in (before, after):
        document["citations"][0]["chain"][0]["outlet"] = "outlet-1"
    step = empty_of_former_speakers(before, after)["citations"][0]["chain"][0]
    assert (step["outlet"], step["words"]) == ("", "Geng")


@pytest.mark.parametrize(
    ("chain", "is_refused"),
    [
        ([("outlet-own-voice", ""), ("named-official", "Geng")], True),
        ([("outlet-own-voice", ""), ("other-outlet", "")], False),
        ([("named-official", "Geng"), ("named-official", "geng")], True),
        ([("named-official", "Geng"), ("named-official", "Kong")], False),
        ([("resident", ""), ("resident", "")], False),
        ([("government-statement", "The ministry"), ("outlet-own-voice", "")], False),
    ],
)
def test_chain_that_cannot_be_is_refused(
    database: Settings, chain: list[tuple[str, str]], is_refused: bool
) -> None:
    make_people(database, "Chidi")
    steps = [{"attribution": kind, "words": words, "named": ""} for kind, words in chain]
    document = document_of(make_event())
    document["citations"][0]["chain"] = [blank_row(ChainStep, **step) for step in steps]
    with desk_session(database) as db:
        catalogue = Catalogue(db, person(database, "Chidi"))
        errors = check_draft(EventForm, document, catalogue).errors
    assert ("citations.0.chain.1.attribution" in errors) is is_refused
    cited = make_citation(chain=[make_step(kind, words) for kind, words in chain])
    change = Change(make_event(citations=[cited]), RecordKind.EVENT, "E1", Why.ADDED)
    with pytest.raises(PublishError, match="can’t pass on") if is_refused else nullcontext():
        refuse_contradictory_speakers([change])
