"""Texts written for the benchmark of entering, and what each of their sentences states."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from app import paths
from app.vocabulary.sources import TitleBasis

FOLDER = paths.ROOT / "bench" / "reports"
Row = dict[str, str]
"""A row of the seeds, as an editor types it into the desk's forms."""


def _rows(name: str) -> list[Row]:
    with (paths.SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Seeds:
    """Rows of the seeds by record."""

    def __init__(self) -> None:
        self.by_id = {
            row["id"]: row for name in ("sources", "events", "estimates") for row in _rows(name)
        }
        self.terms, self.citations, self.chains, self.copies = map(
            _rows, ("terms", "citations", "chains", "copies")
        )

    def codes_of(self, record: str, key: str) -> list[str]:
        """Return what a record is about, without places that a picture only shows."""
        codes = [
            row["code"]
            for row in self.terms
            if (row["record"], row["key"]) == (record, key)
            and row["code"]
            and (row["role"] == "target" or (key == "place" and row["role"] != "shown-only"))
        ]
        return [*dict.fromkeys(codes)]

    def citations_of(self, id: str, source: str) -> list[Row]:
        """Return the record's citations of the source or, if there are none, of other sources."""
        of_record = [row for row in self.citations if row["record"] == id and not row["about"]]
        return [row for row in of_record if row["source"] == source] or of_record

    def speaker_of(self, citation: str) -> Row:
        return next(step for step in self.chains if step["citation"] == citation)


@dataclass(frozen=True)
class Wanted:
    """A statement of a report: a record of the seeds, or a further citation of one."""

    record: str
    citation: Row
    speaker: Row
    is_first: bool
    """Whether it becomes the record; otherwise it cites the record of an earlier statement."""

    @property
    def is_event(self) -> bool:
        return self.record[0] == "E"


@dataclass(frozen=True)
class Report:
    """An article of the seeds with its text."""

    source: str
    language: str

    @cached_property
    def lines(self) -> Sequence[tuple[Sequence[str], str]]:
        """Ids and words of each sentence; a paragraph ends with an empty one."""
        text = (FOLDER / f"{self.source}.txt").read_text(encoding="utf-8")
        lines = (line.rpartition(" | ") for line in text.rstrip().splitlines())
        return [(ids.split(), words.strip()) for ids, _bar, words in lines]

    @cached_property
    def text(self) -> str:
        joint = "" if self.language in {"zh", "ja"} else " "
        return joint.join(words or "\n\n" for _ids, words in self.lines)

    def printed(self, source: Row) -> str:
        """Return the text below its headline, as it is copied from a page."""
        has_headline = source["title_basis"] != TitleBasis.OWN_WORDS
        return f"{source['title']}\n\n{self.text}" if has_headline else self.text

    def wanted(self, seeds: Seeds) -> Iterator[Wanted]:
        """Yield the statements in the order of the text; of a sentence, its event comes first."""
        records = {row["id"]: row["record"] for row in seeds.citations}
        seen: set[str] = set()
        for ids, _words in self.lines:
            for id in sorted(ids, key=lambda id: records.get(id, id)):
                record = records.get(id, id)
                citations = seeds.citations_of(record, self.source)
                citation = next(each for each in citations if id in {record, each["id"]})
                speaker = seeds.speaker_of(citation["id"])
                yield Wanted(record, citation, speaker, record not in seen)
                seen.add(record)


REPORTS = [
    Report("S1", "en"),
    Report("S102", "en"),
    Report("S44", "ko"),
    Report("S182", "zh"),
    Report("S6", "ja"),
    Report("S175", "ru"),
]
