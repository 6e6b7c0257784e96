"""Texts that repeat others, and the same facts in another language."""

from datetime import date

import pytest

from app.database.sessions import DeskSession
from app.desk.draft_form.catalogue import Catalogue
from app.desk.reading.relays import (
    MIN_SHARE_OF_FACTS,
    Fact,
    Facts,
    Fingerprint,
    facts_of,
    fingerprint,
    relay_questions,
)
from app.desk.reading.text import Language, MarkKind, read_article
from app.desk.reports.relays import questions
from app.desk.reports.texts import keep_facts
from tests.support.desk_people import add_person
from tests.support.reading_gold import passages, proposers

SECRET, OTHER_SECRET = b"one secret of the desk", b"another one"
DAY = date(2019, 6, 20)
ENGLISH, KOREAN, RUSSIAN = (
    " ".join(passage.text for passage in passages("tuned") if passage.language == language)
    for language in ("en", "ko", "ru")
)

TEXTS: tuple[tuple[str, Language], ...] = (
    ("On 3 June 2019 about 40 workers left Dandong for Sinuiju.", "en"),
    ("2019년 6월 3일 약 40명이 단둥에서 신의주로 떠났다.", "ko"),
)


def share(text: Fingerprint, other: Fingerprint) -> float:
    return len(text & other) / len(text)


def test_same_text_is_recognised_with_other_signs_and_capitals() -> None:
    again = ENGLISH.upper().replace(",", ";")
    assert share(fingerprint(again, SECRET), fingerprint(ENGLISH, SECRET)) == 1
    assert not fingerprint(ENGLISH, SECRET) & fingerprint(ENGLISH, OTHER_SECRET)


KOREAN_REPORT = (
    "[베이징=어느통신] 단둥의 의류 공장에서 일하던 북한 노동자 320여 명이 지난 3일 버스로 "
    "귀국했다고 현지 소식통이 말했다. 이들은 4년간 일했으며 월 2천500위안을 받았다. "
    "지난달에는 훈춘에서도 40명이 떠났다. 공장 측은 8월까지 새 인력을 받기로 했다. "
    "소식통은 비자 120건이 발급됐다고 했다."
)
ENGLISH_REPORT = (
    "SEOUL, 5 June – Some 320 North Korean workers left Dandong on Monday, a Korean news agency "
    "reported. Sewing plants in Yanji and Tumen still employ more than 900 women. China ordered "
    "all of them home by 22 December. In Vladivostok 75 people flew out on 28 May. "
    "A trader said that rooms for 60 guests in Shenyang stand empty."
)


def facts_in(text: str, language: Language, day: date = DAY) -> Facts:
    return facts_of(read_article(text, language, day, proposers()))


def test_translation_with_facts_of_its_own_is_asked_about() -> None:
    korean = facts_in(KOREAN_REPORT, "ko", date(2019, 6, 4))
    english = facts_in(ENGLISH_REPORT, "en", date(2019, 6, 5))
    (question,) = relay_questions(english, [("S3", korean)])
    assert (question.source, question.how) == ("S3", "facts")
    assert question.common >= 3
    assert question.share < MIN_SHARE_OF_FACTS


@pytest.mark.parametrize(
    "facts",
    [
        {(MarkKind.PLACE, f"place-{number}") for number in range(9)},
        {
            (MarkKind.PLACE, "dandong"),
            (MarkKind.DATE, "2019"),
            (MarkKind.ESTIMATE, "about 320 people"),
        },
    ],
)
def test_few_facts_that_many_reports_have_are_not_asked_about(facts: set[Fact]) -> None:
    own = {(MarkKind.PLACE, f"own-{number}") for number in range(9)}
    other = {(MarkKind.PLACE, f"other-{number}") for number in range(9)}
    assert relay_questions(frozenset(facts | own), [("S3", frozenset(facts | other))]) == []


def test_same_facts_in_another_language_are_asked_about_within_days(desk: DeskSession) -> None:
    english, korean = (facts_in(text, language) for text, language in TEXTS)
    assert english == korean
    for source, day in (("S9", f"{DAY}"), ("S3", "2019-06-18"), ("S4", "2019-01-01")):
        keep_facts(desk, source, day, korean)
    asked = questions(desk, Catalogue(desk, add_person(desk, "Chidi")), "S9")
    assert [(each.source, each.how) for each in asked] == [("S3", "facts")]
