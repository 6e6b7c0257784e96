"""Who beside a verb of saying speaks, and who does not."""

from datetime import date

from app.desk.reading.article import ArticleReading, read_article
from app.desk.reading.marks import Language, MarkKind
from app.desk.reading.related_rows import relate_rows
from app.desk.reading.rows import propose_rows
from tests.support.reading_gold import differences, proposers, table


def read(text: str, language: Language) -> ArticleReading:
    return read_article(text, language, date(2022, 10, 20), proposers())


def speakers_of(text: str, language: Language) -> str:
    """Return the words for each speaker, with a letter for who it is."""
    letters: dict[int, str] = {}
    found = []
    for mark in [mark for marks in read(text, language).marks for mark in marks]:
        if mark.kind is MarkKind.SPEAKER and mark.speaker:
            letter = letters.setdefault(mark.speaker.first, "ABCDE"[len(letters)])
            found.append(f"{letter} {text[mark.start : mark.end]}")
    return "; ".join(found)


def test_speakers_beside_verbs_of_saying() -> None:
    assert differences(speakers_of, table("speech")) == {}


def denials_in(text: str, language: Language) -> str:
    """Return the stance of each denial; `of nothing` without a speaker or a number."""
    reading = read(text, language)
    rows = relate_rows(propose_rows(reading), reading)
    return " ".join(
        row.denial.value if row.to and row.to.number and row.speaker else "of nothing"
        for row in rows
        if row.denial
    )


def test_who_has_no_such_people_denies_their_number() -> None:
    texts = (
        "About 90 builders work there, a source said. The firm said it had no such workers.",
        "About 90 men live there, a source said. The firm said it employs no North Koreans.",
        "소식통은 90명이 일한다고 말했다. 회사 측은 북한 노동자를 고용한 적이 없다고 밝혔다.",
        "消息人士说，那里有90名工人。厂方表示，公司没有雇用朝鲜工人。",
        "消息筋は90人が働くと述べた。会社側は「北朝鮮の労働者はいない」と話した。",
        "Там живут 90 человек, сказал источник. В компании заявили, что рабочих из КНДР на "
        "объекте нет.",
    )
    assert differences(denials_in, dict.fromkeys(texts, "disputes")) == {}
