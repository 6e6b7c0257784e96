"""How sure a record is, and what is disputed about it, in the words of all pages."""

from typing import Any

import pytest

from app.record.names.directory import Directory
from app.record.names.support_labels import disputed_in_words, sure
from tests.make import make_actor

ONE: dict[str, Any] = {"outlets": ["a"], "sources": ["S1"], "citations": ["C1"], "speakers": 1}
SEVERAL = {**ONE, "speakers": 2}


@pytest.mark.parametrize(
    ("codes", "origins", "certainty", "words"),
    [
        (["independent"], [ONE, ONE], "firm", "2 independent sources"),
        (["relayed"], [ONE], "firm", "One source, repeated"),
        (["single-named"], [ONE], "alleged", "One named source, alleged"),
        (["single-anonymous"], [ONE], "firm", "One unnamed source"),
        (["single-anonymous"], [SEVERAL], "firm", "One report, several unnamed people"),
        (["passed-on"], [ONE], "firm", "One report, second-hand"),
        (["single-named", "documented"], [ONE], "firm", "Official document"),
        (["relayed", "documented"], [ONE], "alleged", "Official document, alleged"),
        (
            ["independent", "documented"],
            [ONE, ONE],
            "firm",
            "2 independent sources, official document",
        ),
        (
            ["own-report", "single-anonymous"],
            [ONE],
            "alleged",
            "One outlet, in its own words, with an unnamed source, alleged",
        ),
        (["unread"], [], "", "Not read by us"),
    ],
)
def test_level_and_doubt_are_one_phrase(
    codes: list[str], origins: list[dict[str, Any]], certainty: str, words: str
) -> None:
    payload: Any = {"corroboration": codes, "origins": origins, "certainty": certainty}
    assert sure(payload) == words


GOVERNMENT, MINISTRY, KREMLIN, FIRM = (
    make_actor(code=code, kind=kind, country=country)
    for code, kind, country in (
        ("government", "public-body", "CN"),
        ("ministry", "public-body", "CN"),
        ("kremlin", "public-body", "RU"),
        ("firm", "company", "CN"),
    )
)


@pytest.mark.parametrize(
    ("fields", "deniers", "words"),
    [
        ([], [], ""),
        (["scope", "date"], [], "Disputed: how far it goes, the date"),
        (["occurrence"], [], "Disputed: whether it happened"),
        (["occurrence"], ["government", "ministry"], "Disputed: China denies it"),
        (["occurrence"], ["government", "kremlin"], "Disputed: whether it happened"),
        (["occurrence"], ["firm"], "Disputed: whether it happened"),
        (["scope"], ["government"], "Disputed: how far it goes"),
    ],
)
def test_dispute_names_one_state_that_denies(
    fields: list[str], deniers: list[str], words: str
) -> None:
    terms = [{"key": "actor", "role": "denies", "code": code} for code in deniers]
    payload: Any = {"disputed": {key: ["C1"] for key in fields}, "form": {"terms": terms}}
    directory = Directory.of([GOVERNMENT, MINISTRY, KREMLIN, FIRM])
    assert disputed_in_words(payload, directory) == words
