"""Passages with the marks that they should get, and how the marks of the desk compare.

In a passage `[words]{kind:value}` is a mark, which may be within another. Of several values
apart by `|` each is right, `?` may be marked or not, and `@` is a place outside the record.
"""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar, cast

from app import paths
from app.desk.draft_form.gazetteer import towns
from app.desk.reading.names import NameTable, RecordNames, name_rows, usual_proposers
from app.desk.reading.text import Language, Mark, MarkKind, Proposer, read_article
from app.kinds.locale_names import code_of_country, guess_language

FOLDER = paths.ROOT / "tests" / "desk" / "reading" / "gold"
KINDS = {
    "d": MarkKind.DATE,
    "e": MarkKind.ESTIMATE,
    "p": MarkKind.PLACE,
    "o": MarkKind.OUTLET,
    "c": MarkKind.ACTOR,
    "l": MarkKind.LAW,
}
COUNTRY = re.compile(r"[A-Z]{2}")
ANY = "?"
OUTSIDE = "@"


class GoldMark(NamedTuple):
    start: int
    end: int
    kind: MarkKind
    values: frozenset[str]


@dataclass(frozen=True)
class Passage:
    id: str
    language: Language
    published: date
    text: str
    marks: Sequence[GoldMark]


def passages(name: str) -> list[Passage]:
    """Return the passages of a file: `tuned`, `apart` or `apart2`."""
    lines = (FOLDER / f"{name}.jsonl").read_text().splitlines()
    return [_passage(json.loads(line)) for line in lines]


def _passage(row: dict[str, str]) -> Passage:
    text, marks = parse(row["marked"])
    published = date.fromisoformat(row["published"])
    return Passage(row["id"], cast(Language, row["language"]), published, text, marks)


def parse(marked: str) -> tuple[str, list[GoldMark]]:
    """Return a text without its brackets, and the marks that they made."""
    text: list[str] = []
    open_at: list[int] = []
    marks = []
    at = 0
    while at < len(marked):
        sign = marked[at]
        if sign == "[":
            open_at.append(len(text))
        elif sign == "]" and marked[at + 1 : at + 2] == "{":
            end = marked.index("}", at)
            letter, _colon, values = marked[at + 2 : end].partition(":")
            marks.append(
                GoldMark(open_at.pop(), len(text), KINDS[letter], frozenset(values.split("|")))
            )
            at = end
        else:
            text.append(sign)
        at += 1
    assert not open_at, marked
    return "".join(text), marks


# The names of the seeds ---------------------------------------------------------------------------


@cache
def proposers() -> Sequence[Proposer]:
    """Return the proposers with the names of the seeds, and the gazetteer."""
    names = NameTable.of(name_rows(records_of_seeds(), towns()[0].values()))
    return usual_proposers(names)


def records_of_seeds() -> Iterator[RecordNames]:
    names: dict[str, list[str]] = {}
    for row in _rows(paths.SEEDS / "names.csv"):
        names.setdefault(row["record"], []).append(row["text"])
    for row in _rows(paths.SEEDS / "places.csv"):
        own = names.get(row["id"], [])
        yield RecordNames(
            MarkKind.PLACE,
            row["code"],
            own,
            next(filter(COUNTRY.fullmatch, map(code_of_country, own)), "")
            if row["kind"] == "country"
            else "",
            float(row["latitude"]) if row["latitude"] else None,
            float(row["longitude"]) if row["longitude"] else None,
        )
    for row in _rows(paths.SEEDS / "outlets.csv"):
        yield RecordNames(MarkKind.OUTLET, row["code"], names.get(row["id"], []))
    for file, kind in (("actors.csv", MarkKind.ACTOR), ("laws.csv", MarkKind.LAW)):
        for row in _rows(paths.SEEDS / file):
            yield RecordNames(kind, row["code"], names.get(row["id"], []))
    for row in _rows(FOLDER / "names.csv"):
        kind = MarkKind(row["kind"])
        yield RecordNames(kind, row["code"], row["names"].split("|"))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


# Comparing ----------------------------------------------------------------------------------------


@dataclass
class Score:
    """Marks that are right, wrong or superfluous, and missing."""

    right: int = 0
    wrong: int = 0
    missing: int = 0

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missing) if self.right + self.missing else 1.0

    def add(self, other: "Score") -> None:
        self.right += other.right
        self.wrong += other.wrong
        self.missing += other.missing


@dataclass
class Comparison:
    """The scores by kind and language, and the differences in words."""

    scores: dict[tuple[MarkKind, Language], Score] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)

    def total(self, kind: MarkKind | None = None, language: Language | None = None) -> Score:
        total = Score()
        for (each_kind, each_language), score in self.scores.items():
            if kind in {None, each_kind} and language in {None, each_language}:
                total.add(score)
        return total


def compare(all_passages: Iterable[Passage], proposers: Sequence[Proposer]) -> Comparison:
    """Return how the proposed marks of passages compare with those that they should get."""
    comparison = Comparison()
    for passage in all_passages:
        reading = read_article(passage.text, passage.language, passage.published, proposers)
        proposed = [mark for _sentence, marks in reading for mark in marks]
        _compare_one(passage, proposed, comparison)
    return comparison


def _compare_one(passage: Passage, proposed: Sequence[Mark], comparison: Comparison) -> None:
    # A date without a reading says only that there is one: it is neither right nor wrong.
    rest = [mark for mark in proposed if mark.kind in KINDS.values() and mark.value]
    for gold in passage.marks:
        found = next((mark for mark in rest if _is_same(mark, gold)), None)
        if found:
            rest.remove(found)
        if ANY in gold.values:
            continue
        score = comparison.scores.setdefault((gold.kind, passage.language), Score())
        if found:
            score.right += 1
        else:
            score.missing += 1
            words = passage.text[gold.start : gold.end]
            comparison.differences.append(
                f"{passage.id} missing {gold.kind} “{words}” {'|'.join(sorted(gold.values))}"
            )
    for mark in rest:
        if not _is_ignored(mark, passage):
            score = comparison.scores.setdefault((mark.kind, passage.language), Score())
            score.wrong += 1
            words = passage.text[mark.start : mark.end]
            comparison.differences.append(f"{passage.id} wrong {mark.kind} “{words}” {mark.value}")


def _is_same(mark: Mark, gold: GoldMark) -> bool:
    if mark.kind is not gold.kind or mark.start >= gold.end or gold.start >= mark.end:
        return False
    if ANY in gold.values:
        return True
    if OUTSIDE in gold.values:
        return ":" in mark.value
    return mark.value in gold.values


def _is_ignored(mark: Mark, passage: Passage) -> bool:
    """Whether a mark may be there or not."""
    for gold in passage.marks:
        is_any = gold.kind is mark.kind and ANY in gold.values
        if is_any and mark.start < gold.end and gold.start < mark.end:
            return True
    return False


# Tables of texts ----------------------------------------------------------------------------------

Read = TypeVar("Read")


def table(name: str) -> dict[str, str]:
    """Return what should be read from the texts of a file: `text => reading`, `# rule` above."""
    lines = (FOLDER / f"{name}.txt").read_text().splitlines()
    rows = [line.partition(" =>") for line in lines if not line.startswith("#")]
    found = {text: reading.strip() for text, _sign, reading in rows}
    assert len(found) == len(rows) > 0, "each text stands once"
    return found


def differences(
    read: Callable[[str, Language], Read], expected: Mapping[str, Read]
) -> dict[str, Read]:
    """Return what is read from texts otherwise than expected; their letters tell the language."""
    found = {text: read(text, cast(Language, guess_language(text, "en"))) for text in expected}
    return {text: value for text, value in found.items() if value != expected[text]}
