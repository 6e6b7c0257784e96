"""The marks of whole passages, against those that their author gave them."""

from datetime import date

import pytest

from app.desk.reading.article import guess_language, read_article
from app.desk.reading.marks import Language, MarkKind
from tests.support.reading_gold import KINDS, compare, parse, passages, proposers

LANGUAGES: tuple[Language, ...] = ("en", "ko", "zh", "ja", "ru")
GOAL = 0.9


def test_tuned_passages_reach_the_goal_in_each_kind_and_language() -> None:
    comparison = compare(passages("tuned"), proposers())
    groups = [comparison.total(kind) for kind in KINDS.values()]
    groups += [comparison.total(language=language) for language in LANGUAGES]
    assert all(score.precision >= GOAL for score in groups), comparison.differences
    assert all(score.recall >= GOAL for score in groups), comparison.differences


def test_there_are_enough_passages_in_each_language() -> None:
    for name, least in (("tuned", 300), ("apart", 100), ("apart2", 100)):
        found = passages(name)
        assert len(found) >= least
        for language in LANGUAGES:
            assert sum(passage.language == language for passage in found) >= least // 5


def test_marks_within_marks_are_parsed() -> None:
    text, marks = parse("[A man in [Dandong]{p:dandong}]{s:resident} left.")
    assert text == "A man in Dandong left."
    assert [(text[mark.start : mark.end], mark.kind) for mark in marks] == [
        ("Dandong", MarkKind.PLACE),
        ("A man in Dandong", MarkKind.SPEAKER),
    ]


def test_positions_of_marks_are_those_of_the_article() -> None:
    text = "Nothing happened. On 3 May 2019 a source in Dandong said 40 workers left."
    reading = read_article(text, "en", date(2019, 5, 9), proposers())
    words = {mark.kind: text[mark.start : mark.end] for marks in reading.marks for mark in marks}
    assert words[MarkKind.DATE] == "3 May 2019"
    assert words[MarkKind.PLACE] == "Dandong"
    assert words[MarkKind.ESTIMATE] == "40 workers"
    assert words[MarkKind.SPEAKER] == "a source in Dandong"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Workers left on Monday.", "en"),
        ("단둥의 노동자들이 RFA에 말했다.", "ko"),
        ("丹东的工人已经离开。", "zh"),
        ("丹東の労働者が帰国した。", "ja"),
        ("Рабочие уехали из Даньдуна.", "ru"),
    ],
)
def test_language_is_that_of_most_letters(text: str, language: Language) -> None:
    assert guess_language(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "Los trabajadores salieron de la ciudad el lunes porque sus visados habían caducado, según "
        "dos personas que conocen el caso y no quisieron dar su nombre.",
        "Người lao động đã rời thành phố hôm thứ hai vì thị thực của họ đã hết hạn, theo hai người "
        "biết rõ vụ việc và không muốn nêu tên của mình.",
        "Ishchilar dushanba kuni shaharni tark etdi, chunki ularning vizalari muddati tugagan edi, "
        "deb aytdi ishdan xabardor ikki kishi, ular ismlarini oshkor qilishni istamadi.",
        "Робітники поїхали з міста в понеділок, оскільки їхні візи закінчилися.",
        "Работниците напуснаха града в понеделник, защото визите им бяха изтекли, казаха двама "
        "души, които познават случая и не пожелаха да кажат имената си пред журналистите. Според "
        "тях още хора ще последват, а фабриките край реката вече търсят нови служители от други "
        "области, но засега никой не иска да работи за толкова малко.",
        "غادر العمال المدينة يوم الاثنين.",
        "श्रमिक सोमवार को शहर से चले गए।",
    ],
)
def test_text_in_another_language_is_taken_for_none_of_the_five(text: str) -> None:
    assert guess_language(text) is None
