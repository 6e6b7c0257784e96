"""Whether a speaker is named is asked, and proposed by the kind of speaker."""

import importlib.util
import json
from copy import deepcopy
from typing import Any

from sqlalchemy import text

from app import paths
from app.database.engines import migration_engine
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.checks import check_draft
from app.desk.draft_form.documents import blank_row, document_of
from app.desk.draft_form.fields import DraftSheet
from app.desk.draft_form.speakers import empty_of_former_speakers
from app.kinds import ChainStep, EventForm
from app.record.publishing.validation import PublishError, refuse_contradictory_speakers
from app.record.publishing.working_set import Change
from app.settings import Settings
from app.vocabulary.citations import USUAL_NAMING, Attribution
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import Why
from tests.make import make_citation, make_event, make_step
from tests.support.tables import failing

AT = "citations.0.chain.0.named"


def step_errors(catalogue: Catalogue, *steps: dict[str, str]) -> dict[str, str]:
    """Return the errors of a citation with this chain, by step and field."""
    document = document_of(make_event())
    document["citations"][0]["chain"] = [blank_row(ChainStep, **step) for step in steps]
    errors = check_draft(EventForm, document, catalogue).errors
    return {path.removeprefix("citations.0.chain."): words for path, words in errors.items()}


def test_speaker_counts_as_named_only_if_an_editor_says_so(catalogue: Catalogue) -> None:
    def asked_and_proposed(attribution: str, named: str) -> tuple[bool, str]:
        step = {"attribution": attribution, "named": named}
        document = document_of(make_event())
        document["citations"][0]["chain"] = [blank_row(ChainStep, **step)]
        box = DraftSheet(EventForm, document, catalogue).box_at(AT)
        proposed = " ".join(each.value for each in box.proposed)
        return "0.named" in step_errors(catalogue, step), proposed

    cases = [
        ("company", "", (True, "yes")),
        ("government-statement", "", (True, "yes")),
        ("company", "no", (False, "")),
        ("named-official", "", (False, "yes")),
        ("resident", "", (False, "no")),
        ("outlet-own-voice", "", (False, "")),
        ("", "", (False, "")),
    ]
    assert failing(cases, asked_and_proposed) == []


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


def test_contradictory_speaker_is_refused_field_by_field(catalogue: Catalogue) -> None:
    def refused(kind: str, kept: dict[str, str]) -> set[str]:
        errors = step_errors(catalogue, {"attribution": kind, **kept})
        told = {path for path, error in errors.items() if "can’t have this field" in error}
        return {path.removeprefix("0.") for path in told}

    outlet = {"outlet": "outlet-1"}
    several = {"speakers_text": "several"}
    cases: list[tuple[str, dict[str, str], set[str]]] = [
        ("outlet-own-voice", {"words": "on site"}, set()),
        ("outlet-own-voice", {"named": "yes", "occasion": "briefing"}, {"named", "occasion"}),
        ("outlet-own-voice", outlet, {"outlet"}),
        ("outlet-own-voice", several, {*several}),
        ("anonymous-source", outlet, {"outlet"}),
        ("unattributed", outlet, {"outlet"}),
        ("anonymous-source", {"speakers_text": "two", "occasion": "telephone"}, set()),
        ("other-outlet", outlet, set()),
        ("government-statement", outlet, {"outlet"}),
    ]
    assert failing(cases, refused) == []


def test_another_kind_of_speaker_empties_the_former_one() -> None:
    former = {"words": "Geng", "named": "yes", "occasion": "briefing", "outlet": "outlet-1"}

    def left(kind: str, typed: dict[str, str]) -> dict[str, str]:
        before = document_of(make_event())
        step = blank_row(ChainStep, attribution="named-official", **former)
        before["citations"][0]["chain"] = [step]
        after = deepcopy(before)
        after["citations"][0]["chain"] = [{**step, "attribution": kind, **typed}]
        step = empty_of_former_speakers(before, after)["citations"][0]["chain"][0]
        return {name: step[name] for name in former if step[name]}

    stays = {name: former[name] for name in ("words", "named", "occasion")}
    cases: list[tuple[str, dict[str, str], dict[str, str]]] = [
        ("outlet-own-voice", {}, {}),
        ("anonymous-source", {}, {}),
        ("outlet-own-voice", {"words": "on site"}, {"words": "on site"}),
        ("government-statement", {}, stays),
    ]
    assert failing(cases, left) == []


def test_chain_that_cannot_be_is_refused(catalogue: Catalogue) -> None:
    """On the form, and when it is published."""

    def refused(*chain: tuple[str, str]) -> tuple[bool, bool]:
        steps = [{"attribution": kind, "words": words, "named": ""} for kind, words in chain]
        on_form = "1.attribution" in step_errors(catalogue, *steps)
        cited = make_citation(chain=[make_step(kind, words) for kind, words in chain])
        change = Change(make_event(citations=[cited]), RecordKind.EVENT, "E1", Why.ADDED)
        try:
            refuse_contradictory_speakers([change])
        except PublishError as error:
            assert "can’t pass on" in str(error)
            return on_form, True
        return on_form, False

    geng = ("named-official", "Geng")
    cases = [
        (("outlet-own-voice", ""), geng, (True, True)),
        (("outlet-own-voice", ""), ("other-outlet", ""), (False, False)),
        (geng, ("named-official", "geng"), (True, True)),
        (geng, ("named-official", "Kong"), (False, False)),
        (("resident", ""), ("resident", ""), (False, False)),
        (("government-statement", "The ministry"), ("outlet-own-voice", ""), (False, False)),
    ]
    assert failing(cases, refused) == []
