"""Texts that repeat others, and the same facts in another language."""

from datetime import date

from app.desk.reading.article import read_article
from app.desk.reading.marks import Language
from app.desk.reading.relays import (
    ReadBefore,
    facts_of,
    fingerprint,
    relay_questions,
    share,
)
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


def test_same_text_is_recognised_with_other_signs_and_capitals() -> None:
    again = ENGLISH.upper().replace(",", ";")
    assert share(fingerprint(again, SECRET), fingerprint(ENGLISH, SECRET)) == 1


def test_share_is_the_part_of_a_text_that_is_in_the_other() -> None:
    half = len(KOREAN) // 2
    text = fingerprint(KOREAN[:half] + RUSSIAN[:half], SECRET)
    assert 0.3 < share(text, fingerprint(KOREAN, SECRET)) < 0.7


def test_hashes_of_another_secret_have_nothing_in_common() -> None:
    assert not fingerprint(ENGLISH, SECRET) & fingerprint(ENGLISH, OTHER_SECRET)


def test_short_text_is_not_compared() -> None:
    assert share(fingerprint("Workers left on Monday.", SECRET), fingerprint(ENGLISH, SECRET)) == 0


def test_relay_is_asked_about_with_the_days_between() -> None:
    known = [
        ReadBefore("S3", date(2019, 6, 19), fingerprint(ENGLISH, SECRET)),
        ReadBefore("S4", DAY, fingerprint(KOREAN, SECRET)),
    ]
    text = ReadBefore("S9", DAY, fingerprint(ENGLISH[:2000], SECRET))
    questions = relay_questions(text, known)
    assert [(each.source, each.how, each.days_later) for each in questions] == [("S3", "words", 1)]
    assert questions[0].share > 0.9


def test_same_facts_in_another_language_are_asked_about_within_days() -> None:
    facts = [facts_of(read_article(text, language, DAY, proposers())) for text, language in TEXTS]
    assert facts[0] == facts[1]
    text = ReadBefore("S9", DAY, frozenset(), facts[0])
    same_week = ReadBefore("S3", date(2019, 6, 18), frozenset(), facts[1])
    long_ago = ReadBefore("S4", date(2019, 1, 1), frozenset(), facts[1])
    questions = relay_questions(text, [same_week, long_ago])
    assert [(each.source, each.how, each.days_later) for each in questions] == [("S3", "facts", 2)]
