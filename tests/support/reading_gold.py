"""Passages with the marks that they should get, and how the marks of the desk compare.

In a passage `[words]{kind:value}` is a mark, which may be within another. Of several values
apart by `|` each is right, `?` may be marked or not, and `@` is a place outside the record.
"""

import csv
import json
import re
from collections import Counter
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
class Comparison:
    """How many marks are right, wrong and missing, by kind and by language, and which."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    def note(self, what: str, passage: Passage, mark: Mark | GoldMark, value: str) -> None:
        for group in (mark.kind, passage.language):
            self.counts[group, what] += 1
        if what != "right":
            words = passage.text[mark.start : mark.end]
            self.differences.append(f"{passage.id} {what} {mark.kind} “{words}” {value}")

    def shares(self, group: str) -> list[float]:
        """Return the share of a group's proposed marks that are right, and of those found."""
        right = self.counts[group, "right"]
        return [right / (right + self.counts[group, what]) for what in ("wrong", "missing")]


def compare(all_passages: Iterable[Passage], proposers: Sequence[Proposer]) -> Comparison:
    """Return how the proposed marks of passages compare with those that they should get."""
    comparison = Comparison()
    for passage in all_passages:
        reading = read_article(passage.text, passage.language, passage.published, proposers)
        # A date without a reading says only that there is one: it is neither right nor wrong.
        proposed = [mark for _sentence, marks in reading for mark in marks if mark.value]
        rest = [mark for mark in proposed if mark.kind in KINDS.values()]
        for gold in passage.marks:
            found = next((mark for mark in rest if _is_same(mark, gold)), None)
            if found:
                rest.remove(found)
            if ANY not in gold.values:
                what = "right" if found else "missing"
                comparison.note(what, passage, gold, "|".join(sorted(gold.values)))
        optional = [gold for gold in passage.marks if ANY in gold.values]
        for mark in rest:
            if not any(_is_same(mark, gold) for gold in optional):
                comparison.note("wrong", passage, mark, mark.value)
    return comparison


def _is_same(mark: Mark, gold: GoldMark) -> bool:
    if mark.kind is not gold.kind or mark.start >= gold.end or gold.start >= mark.end:
        return False
    if ANY in gold.values:
        return True
    if OUTSIDE in gold.values:
        return ":" in mark.value
    return mark.value in gold.values


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
