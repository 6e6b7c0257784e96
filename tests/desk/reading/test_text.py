"""Sentences of five languages, and the marks of whole passages against those of their author."""

import subprocess
import sys
from datetime import date

import pytest

from app.desk.reading.text import Language, MarkKind, read_article, split_sentences
from tests.support.reading_gold import KINDS, compare, passages, proposers

LANGUAGES: tuple[Language, ...] = ("en", "ko", "zh", "ja", "ru")
GOAL = 0.9
HEAVY = ("dates", "numbers")


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["Mr. Kim of the U.S. group left.", "No. 5 stayed on Jan. 3.", "Why?"]),
        ("en", ['"They left," he said.', "Pay was 1.5 million won."]),
        ("ko", ["한 소식통은 “떠났다. 모두 갔다”고 말했다.", "3.5%가 남았다."]),
        ("zh", ["他说:“走了。”", "工人留下!", "为什么?"]),
        ("ja", ["男性は「帰った。もういない。」と話した。", "工場は静かだ。"]),
        ("ru", ["В 2019 г. уехали 2,5 тыс. человек.", "Остальные ждут."]),
    ],
)
def test_text_is_split_at_the_end_of_sentences(language: Language, sentences: list[str]) -> None:
    text = ("" if language in {"zh", "ja"} else " ").join(sentences)
    assert [each.text for each in split_sentences(text, language, None)] == sentences


def test_lines_are_sentences_and_positions_are_kept() -> None:
    text = "A headline\n\nThe text."
    found = [*split_sentences(text, "en", None)]
    assert [text[each.start : each.end] for each in found] == ["A headline", "The text."]


def test_tuned_passages_reach_the_goal_in_each_kind_and_language() -> None:
    comparison = compare(passages("tuned"), proposers())
    for group in (*KINDS.values(), *LANGUAGES):
        assert min(comparison.shares(group)) >= GOAL, comparison.differences


def test_positions_of_marks_are_those_of_the_article() -> None:
    text = "Nothing happened. On 3 May 2019 a source in Dandong said 40 workers left."
    reading = read_article(text, "en", date(2019, 5, 9), proposers())
    words = {
        mark.kind: text[mark.start : mark.end] for _sentence, marks in reading for mark in marks
    }
    assert words == {
        MarkKind.DATE: "3 May 2019",
        MarkKind.PLACE: "Dandong",
        MarkKind.ESTIMATE: "40 workers",
    }


CHARACTERS = 40_000


@pytest.mark.parametrize(
    ("language", "piece"),
    [
        ("en", "About 40 workers left Dandong on 3 May, a trader said, and 300 more will follow. "),
        ("en", "A. "),
        ("en", "workers from Vietnam and 40 men in May to June "),
        ("en", "9"),
        ("en", "1,234 "),
        ("en", "two hundred and "),
        ("en", "May 3 to "),
        ("ko", "노동자 300여 명이 지난달 3일 "),
        ("zh", "三百多名朝鲜工人去年五月"),
        ("ru", "около двухсот рабочих из Вьетнама в мае "),
    ],
)
def test_endless_text_is_read_with_bounded_work(language: Language, piece: str) -> None:
    text = (piece * CHARACTERS)[:CHARACTERS]
    reading = read_article(text, language, date(2019, 5, 9), proposers())
    assert max(len(sentence.text) for sentence, _marks in reading) <= 1_200


def loaded_by(program: str) -> set[str]:
    command = [sys.executable, "-c", f"import sys; {program}; print(*sys.modules)"]
    found = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    return {*found.stdout.split()}


def test_server_loads_no_proposer() -> None:
    loaded = loaded_by("import app.main, app.desk.reports.relays")
    assert "app.desk.reading.relays" in loaded
    assert not loaded & {f"app.desk.reading.{name}" for name in HEAVY}
