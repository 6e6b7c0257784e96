"""Who beside a verb of saying speaks, and who does not."""

from datetime import date

import pytest

from app.desk.reading.article import ArticleReading, read_article
from app.desk.reading.marks import Language, MarkKind
from app.desk.reading.related_rows import relate_rows
from app.desk.reading.rows import propose_rows
from tests.support.reading_gold import proposers


def read(text: str, language: Language) -> ArticleReading:
    return read_article(text, language, date(2022, 10, 20), proposers())


def speakers_of(text: str, language: Language) -> list[str]:
    """Return the words for each speaker, with a letter for who it is."""
    letters: dict[int, str] = {}
    found = []
    for mark in [mark for marks in read(text, language).marks for mark in marks]:
        if mark.kind is MarkKind.SPEAKER and mark.speaker:
            letter = letters.setdefault(mark.speaker.first, "ABCDE"[len(letters)])
            found.append(f"{letter} {text[mark.start : mark.end]}")
    return found


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The labour ministry did not answer."),
        ("en", "The company declined to comment."),
        ("ru", "В посольстве на вопросы не ответили."),
        ("ru", "Прокуратура не прокомментировала проверку."),
        ("zh", "外交部未回应。"),
        ("ja", "会社側は質問に回答しなかった。"),
        ("ja", "外務省はコメントを控えた。"),
        ("ko", "노동부는 질의에 답하지 않았다."),
    ],
)
def test_who_did_not_answer_is_no_speaker(language: Language, text: str) -> None:
    assert speakers_of(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "speakers"),
    [
        (
            "en",
            "We met a trader. According to him, the police had told the plant to close.",
            ["A him"],
        ),
        (
            "en",
            "According to a broker, the embassy said that nobody would be paid.",
            ["A a broker"],
        ),
        (
            "en",
            "According to a broker, 40 left, but the embassy said that nobody had.",
            ["A a broker", "B the embassy"],
        ),
        ("ko", "한 소식통에 따르면 영사관은 회사에 노동자를 돌려보내라고 말했다.", ["A 한 소식통"]),
        ("zh", "据一名商人说，领事馆告诉公司让工人回国。", ["A 一名商人"]),
        ("ja", "消息筋によると、領事館は会社に帰国させるよう伝えた。", ["A 消息筋"]),
        (
            "ru",
            "Мы встретили торговца. По его словам, посольство сообщило фирмам о запрете.",
            ["A его"],
        ),
    ],
)
def test_according_to_at_the_head_governs_the_sentence(
    language: Language, text: str, speakers: list[str]
) -> None:
    assert speakers_of(text, language) == speakers


@pytest.mark.parametrize(
    ("language", "text", "speakers"),
    [
        (
            "en",
            "They left, a source said. Another source, who sells fish in Hunchun, gave a different "
            "version. “Nobody left,” she said. The first source insisted on it.",
            ["A a source", "B Another source, who sells fish in Hunchun", "B she"],
        ),
        (
            "en",
            "They left, a source said. But there was another source. “Nobody left,” he said.",
            ["A a source", "B he"],
        ),
        (
            "ko",
            "한 소식통은 모두 떠났다고 말했다. 다른 소식통은 전혀 다른 설명을 내놨다. "
            "그는 “아무도 떠나지 않았다”고 말했다.",
            ["A 한 소식통", "B 다른 소식통", "B 그"],
        ),
        (
            "ru",
            "«Все уехали», — сказал источник. Другой источник придерживается иной версии. "
            "«Никто не уехал», — говорит он.",
            ["A источник", "B Другой источник", "B он"],
        ),
    ],
)
def test_another_source_is_another_speaker(
    language: Language, text: str, speakers: list[str]
) -> None:
    found = speakers_of(text, language)
    assert found[: len(speakers)] == speakers


def test_first_source_is_the_one_who_came_first() -> None:
    text = "One left, a source said. None left, another source said. The first source sighed it."
    assert [each[0] for each in speakers_of(text.replace("sighed it", "said so"), "en")] == [*"ABA"]


@pytest.mark.parametrize(
    ("language", "text", "speakers"),
    [
        (
            "ru",
            "«Уехали», — сказал источник в мэрии. «Все», — уточнил собеседник газеты.",
            ["A источник в мэрии", "A собеседник газеты"],
        ),
        ("ko", "다만 현지 주민은 이를 몰랐다고 말했다.", ["A 현지 주민"]),
        (
            "ko",
            "반면 현지 사정을 아는 소식통은 모두 떠났다고 전했다.",
            ["A 현지 사정을 아는 소식통"],
        ),
        ("ru", "В городском комитете по занятости ранее заявляли о сотне виз.", ["A городском"]),
        ("ru", "В компании «Восток», подрядчике стройки, заявили о сокращении.", ["A компании"]),
    ],
)
def test_words_for_a_speaker(language: Language, text: str, speakers: list[str]) -> None:
    found = speakers_of(text, language)
    assert len(found) == len(speakers)
    assert all(one.startswith(other) for one, other in zip(found, speakers, strict=True)), found


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "About 90 builders work there, a source said. The firm said it had no such workers.",
        ),
        (
            "en",
            "About 90 men live there, a source said. The firm said it employs no North Koreans.",
        ),
        (
            "ko",
            "소식통은 90명이 일한다고 말했다. 회사 측은 북한 노동자를 고용한 적이 없다고 밝혔다.",
        ),
        ("zh", "消息人士说，那里有90名工人。厂方表示，公司没有雇用朝鲜工人。"),
        ("ja", "消息筋は90人が働くと述べた。会社側は「北朝鮮の労働者はいない」と話した。"),
        (
            "ru",
            "Там живут 90 человек, сказал источник. В компании заявили, что рабочих из КНДР "
            "на объекте нет.",
        ),
    ],
)
def test_who_has_no_such_people_denies_their_number(language: Language, text: str) -> None:
    reading = read(text, language)
    rows = relate_rows(propose_rows(reading), reading)
    (row,) = [row for row in rows if row.denial]
    assert row.denial and row.denial.value == "disputes"
    assert row.to and row.to.number and row.speaker
