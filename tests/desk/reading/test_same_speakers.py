"""Which marks of an article are the same speaker, who is not named, and what another passes on.

In a passage `[words]{A}` is a mark of speaker A; `!` says not named, `>` who passes it on.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple, cast

import pytest

from app.desk.reading.article import ArticleReading, read_article, usual_proposers
from app.desk.reading.known_names import RecordNames, name_rows
from app.desk.reading.marks import Language, Mark, MarkKind
from app.desk.reading.names import NameTable
from app.desk.reading.same_speakers import is_short_for
from tests.support.reading_gold import FOLDER

OUTLET = RecordNames(
    MarkKind.OUTLET, "daily-nk", ["Daily NK", "데일리NK", "每日朝鲜", "デイリーNK"]
)
PROPOSERS = usual_proposers(NameTable.of(name_rows([OUTLET])))
GOLD = re.compile(r"\[([^\]]+)\]\{([A-Z])(!?)(?:>([\w-]+))?\}")
GOAL = 0.9


class Passage(NamedTuple):
    language: Language
    marked: str


class Expected(NamedTuple):
    start: int
    end: int
    letter: str


def passages(name: str) -> Iterator[Passage]:
    for part in (FOLDER / f"{name}.txt").read_text().strip().split("\n\n"):
        language, _line, marked = part.partition("\n")
        yield Passage(cast(Language, language), marked)


def expected_of(marked: str) -> tuple[str, list[Expected], set[str], dict[str, str]]:
    """Return the text, its marks, the letters of who is not named, and who passes them on."""
    text, at = "", 0
    marks: list[Expected] = []
    unnamed: set[str] = set()
    through: dict[str, str] = {}
    for found in GOLD.finditer(marked):
        text += marked[at : found.start()]
        marks.append(Expected(len(text), len(text) + len(found[1]), found[2]))
        text += found[1]
        at = found.end()
        unnamed |= {found[2]} if found[3] else set()
        through |= {found[2]: found[4]} if found[4] else {}
    return text + marked[at:], marks, unnamed, through


def read(text: str, language: Language) -> ArticleReading:
    return read_article(text, language, date(2026, 11, 5), PROPOSERS)


def faults_of(passage: Passage) -> tuple[int, list[str]]:
    """Return how many marks a passage should have, and what is wrong with those it gets."""
    text, expected, unnamed, through = expected_of(passage.marked)
    reading = read(text, passage.language)
    found = [mark for marks in reading.marks for mark in marks if mark.kind is MarkKind.SPEAKER]
    letters: dict[int, str] = {}
    faults = []
    for each in expected:
        mark = next((m for m in found if m.start < each.end and each.start < m.end), None)
        words = text[each.start : each.end]
        if mark is None or mark.speaker is None:
            faults.append(f"missing {words}")
            continue
        found.remove(mark)
        if each.letter not in letters.values():
            letters.setdefault(mark.speaker.first, each.letter)
        if letters.get(mark.speaker.first) != each.letter:
            faults.append(f"other speaker {words}")
        elif (each.letter in unnamed) != _is_said_unnamed(mark, unnamed, each.letter):
            faults.append(f"naming {words}")
        elif through.get(each.letter, "") != mark.speaker.through:
            faults.append(f"passed on {words}")
    return len(expected), faults + [f"wrong {text[mark.start : mark.end]}" for mark in found]


def _is_said_unnamed(mark: Mark, unnamed: set[str], letter: str) -> bool:
    """Whether a speaker is not named; of kinds that never are, the kind alone says it."""
    if mark.speaker and mark.speaker.naming == "no":
        return letter in unnamed or mark.value not in {"resident", "observers"}
    return mark.value.startswith("anonymous") and letter in unnamed


@pytest.mark.parametrize("passage", [*passages("speakers")], ids=lambda each: each.marked[:20])
def test_one_person_is_one_speaker(passage: Passage) -> None:
    _count, faults = faults_of(passage)
    assert faults == []


def test_passages_kept_apart_reach_the_goal() -> None:
    results = [faults_of(passage) for passage in passages("speakers_apart")]
    count, faults = sum(count for count, _f in results), [each for _c, f in results for each in f]
    assert len(faults) <= (1 - GOAL) * count, faults


@pytest.mark.parametrize(
    ("short", "long", "is_same"),
    [
        ("국정원", "국가정보원", True),
        ("厚労省", "厚生労働省", True),
        ("人社局", "人力资源和社会保障局", True),
        ("외교부", "외무성", False),
        ("商务部", "商务局", False),
        ("部", "部部", False),
    ],
)
def test_short_name_is_that_of_the_long_one(short: str, long: str, is_same: bool) -> None:
    assert is_short_for(short, long) is is_same
