"""Texts written for the benchmark of entering, and what each of their sentences states."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from app import paths
from app.desk.reading.text import Language, split_sentences
from app.vocabulary.sources import TitleBasis
from bench.seed_rows import Row, Seeds

FOLDER = paths.ROOT / "bench" / "reports"


@dataclass(frozen=True)
class Wanted:
    """A statement of a report: a record of the seeds, or a further citation of one."""

    record: str
    sentence: int
    """Its number in the text, from 1."""
    citation: Row
    chain: Sequence[Row]
    is_first: bool
    """Whether it becomes the record; otherwise it cites the record of an earlier row."""

    @property
    def kind(self) -> str:
        if not self.is_first:
            return "citation"
        return "event" if self.record[0] == "E" else "estimate"

    @property
    def speaker(self) -> Row:
        return dict(self.chain[0])


@dataclass(frozen=True)
class Report:
    """An article of the seeds with its text."""

    source: str
    language: Language

    @cached_property
    def lines(self) -> Sequence[tuple[Sequence[str], str]]:
        """Ids and words of each sentence; a paragraph ends with an empty one."""
        text = (FOLDER / f"{self.source}.txt").read_text(encoding="utf-8")
        lines = (line.rpartition(" | ") for line in text.rstrip().splitlines())
        return [(ids.split(), words.strip()) for ids, _bar, words in lines]

    @cached_property
    def text(self) -> str:
        joint = "" if self.language in {"zh", "ja"} else " "
        paragraphs: list[list[str]] = [[]]
        for _ids, words in self.lines:
            if words:
                paragraphs[-1].append(words)
            else:
                paragraphs.append([])
        return "\n\n".join(joint.join(sentences) for sentences in paragraphs)

    def printed(self, source: Row) -> str:
        """Return the text below its headline, as it is copied from a page."""
        has_headline = source["title_basis"] != TitleBasis.OWN_WORDS
        return f"{source['title']}\n\n{self.text}" if has_headline else self.text

    def size(self) -> str:
        if self.language in {"zh", "ja"}:
            return f"{len(self.text):,} characters"
        return f"{len(self.text.split()):,} words"

    def wanted(self, seeds: Seeds) -> Iterator[Wanted]:
        """Yield the statements in the order of the text."""
        text = self.printed(seeds.by_id[self.source])
        found = split_sentences(text, self.language, None)
        starts = [sentence.start for sentence in found]
        seen: set[str] = set()
        end = len(text) - len(self.text)
        for ids, words in self.lines:
            if not words:
                continue
            start = text.index(words, end)
            end = start + len(words)
            number = sum(each <= start for each in starts)
            for id in ids:
                record = id if id[0] == "M" else seeds.record_of_citation(id)
                citations = seeds.citations_of(record, self.source)
                of_id = [each for each in citations if id in {record, each[0]["id"]}]
                citation, chain = of_id[0]
                yield Wanted(record, number, citation, chain, record not in seen)
                seen.add(record)


REPORTS = [
    Report("S1", "en"),
    Report("S102", "en"),
    Report("S44", "ko"),
    Report("S182", "zh"),
    Report("S6", "ja"),
    Report("S175", "ru"),
]
