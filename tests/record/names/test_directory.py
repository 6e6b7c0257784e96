"""Directories are read once, and again only if names may have changed."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.dates.edtf import parse
from app.kinds import CheckForm
from app.record.editions import select_edition
from app.record.filters import WITH_LABELS
from app.record.names.directory import Directories, Directory, in_sentence, read_directory
from app.record.names.status_labels import age
from app.record.names.support_labels import disputed_in_words, sure
from app.record.publishing.next_edition import publish_checks, undo_coverage_check
from app.record.publishing.publish import Merge, publish
from app.record.publishing.purge import purge
from app.settings import Settings
from app.vocabulary.code import Code
from app.vocabulary.record import Outcome
from tests.conftest import desk_session, reader_session
from tests.make import (
    a_small_world,
    make_actor,
    make_event,
    make_outlet,
    make_place,
    publish_all,
    withdraw,
)
from tests.support.tables import differing


def check() -> CheckForm:
    return CheckForm(
        places=["place-1"], outlets=["outlet-1"], languages=["en"],
        first=date(2020, 1, 1), last=date(2020, 2, 1), outcome=Outcome.NOTHING_NEW,
    )  # fmt: skip


def says(names: Directory) -> tuple[object, ...]:
    return names.places, names.outlets, names.codes, names.checks, names.merged


def test_some_names_of_places_have_an_article_in_a_sentence() -> None:
    names = ("United States", "Gulf states", "Russian Far East", "Northeast China", "Dandong")
    assert [in_sentence(name) for name in names] == [
        *("the United States", "the Gulf states", "the Russian Far East"),
        *("Northeast China", "Dandong"),
    ]


def test_editions_with_equal_names_share_directory(desk: Session) -> None:
    directories = Directories()
    publish_all(desk, *a_small_world())
    first = directories.of(desk, select_edition(desk))
    publish_all(desk, make_event(1))
    withdraw(desk, "E1")
    assert directories.of(desk, select_edition(desk)) is first
    publish_all(desk, make_place(4, parent="province-2"))
    fourth = directories.of(desk, select_edition(desk))
    assert list(fourth.places) != list(first.places)
    assert directories.of(desk, select_edition(desk, "2")) is first
    assert directories.of(desk, select_edition(desk, "4")) is fourth


def test_cached_directory_equals_new_one_after_each_act(desk: Session) -> None:
    """Compare cached and new directory after each act, and in each past edition."""
    directories = Directories()
    acts: list[Callable[[], object]] = [
        lambda: publish_all(
            desk, *a_small_world(), make_outlet(4), make_place(5, parent="province-2")
        ),
        lambda: publish_all(desk, make_event(1)),
        lambda: publish_checks(desk, [check()]),
        lambda: publish_all(desk, make_outlet(5)),
        lambda: publish(desk, (), merged=[Merge("O5", "O4")]),
        lambda: undo_coverage_check(desk, 1),
        lambda: publish_all(desk, make_event(2, citations=[])),
        lambda: withdraw(desk, "P5"),
        lambda: purge(desk, "O4"),
    ]
    for act in acts:
        act()
        for past in range(select_edition(desk).no, 0, -1):
            edition = select_edition(desk, str(past))
            assert says(directories.of(desk, edition)) == says(read_directory(desk, edition)), past


def test_directory_read_before_purge_is_not_cached(database: Settings) -> None:
    directories = Directories()
    with desk_session(database) as desk:
        publish_all(
            desk,
            *a_small_world(),
            make_outlet(4, names=[{"text": "A name to be forgotten", "language": "en"}]),
        )
    with reader_session(database) as before:
        edition = select_edition(before)
        with desk_session(database) as desk:
            purge(desk, "O4")
        directories.forget(1)
        assert "A name to be forgotten" in str(directories.of(before, edition).outlets)
    with reader_session(database) as after:
        assert "A name to be forgotten" not in str(directories.of(after, edition).outlets)


def test_every_fixed_code_of_a_filter_has_the_label_of_its_own_list() -> None:
    directory = Directory.of([])
    wrong = [
        (key.key, code)
        for lists in WITH_LABELS
        for key in lists.terms()
        for code in key.closed
        if isinstance(code, Code) and directory.label(key.vocabulary, code) != code.label
    ]
    assert wrong == []


# How old a status is ------------------------------------------------------------------------------


def test_age_counts_from_latest_possible_day() -> None:
    expected = {
        "2026-11-20": ("less than a month ago", False),
        "2026-10-24": ("1 month ago", False),
        "2026-10-25": ("less than a month ago", False),
        "2025-09-24": ("14 months ago", False),
        "2024-11-25": ("23 months ago", False),
        "2024-11-24": ("2 years ago", True),
        "2023-11-25": ("2 years ago", True),
        "2023-11-24": ("3 years ago", True),
        # To the month: from its last day.
        "2024-12": ("22 months ago", False),
        "2024-10~": ("2 years ago", True),
        "2022": ("at least 3 years ago", True),
        "../2024-12-24": ("at least 23 months ago", False),
        "2024-09/2024-10": ("at least 2 years ago", True),
        "2026": ("", False),
        "XXXX-05": ("", False),
    }

    def found(text: str) -> object:
        days = parse(text).whole
        found = days and age(days, on=date(2026, 11, 24))
        return (found.words if found else ""), bool(found and found.is_old)

    assert differing(found, expected) == {}


# How sure a record is, and what is disputed about it, in the words of all pages -------------------


ONE: dict[str, Any] = {"outlets": ["a"], "sources": ["S1"], "citations": ["C1"], "speakers": 1}


@pytest.mark.parametrize(
    ("codes", "origins", "certainty", "words"),
    [
        (["independent"], [ONE, ONE], "firm", "2 independent sources"),
        (["relayed"], [ONE], "firm", "One source, repeated"),
        (["single-named"], [ONE], "alleged", "One named source, alleged"),
        (["single-anonymous"], [ONE], "firm", "One report, source not named"),
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
            "One outlet, in its own words, with anonymous sourcing, alleged",
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
