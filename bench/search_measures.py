"""The judged queries of `search_queries.csv`, and measures of a ranking against them."""

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

QUERIES = Path(__file__).parent / "search_queries.csv"
NAMED, ANSWERS = 1, 2
"""Relevance 1: only named by the query, or near its subject. From 2: an answer. 3: the best."""
MEASURED_HITS = 10


@dataclass(frozen=True)
class JudgedQuery:
    """A query and the relevance of every record that answers it."""

    id: str
    split: str
    """`tune`; or `held` or `once`, which nobody looked at while search was built."""
    words: str
    language: str
    category: str
    answers: Mapping[str, int]
    """Empty for something that the record does not have."""


@dataclass(frozen=True)
class Ranking:
    """What a search returned, best first."""

    cards: Sequence[str]
    hits: Sequence[str]
    is_hedged: bool
    """The answer says that a word was read differently or not found, or that no record has all."""

    @property
    def is_empty(self) -> bool:
        return not self.cards and not self.hits


@dataclass(frozen=True)
class Score:
    """Measures of one ranking."""

    first: float
    """Success at 1."""
    first_five: float
    """Success at 5."""
    reciprocal: float
    """Reciprocal rank of the first answer."""
    ndcg: float
    """nDCG over `MEASURED_HITS`, with gains of 2^relevance - 1."""


def read_queries(path: Path = QUERIES) -> list[JudgedQuery]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            JudgedQuery(
                id=row["id"],
                split=row["split"],
                words=row["query"],
                language=row["language"],
                category=row["category"],
                answers=_answers(row["answers"]),
            )
            for row in csv.DictReader(file)
        ]


def _answers(text: str) -> dict[str, int]:
    pairs = (each.rsplit(":", 1) for each in text.split())
    return {answer: int(relevance) for answer, relevance in pairs}


def results(ranking: Ranking, answers: Mapping[str, int]) -> list[str]:
    """Return cards and hits as one ranking, each once.

    A card of something that the query merely names, a place beside a topic, takes no rank.
    """
    cards = [card for card in ranking.cards if answers.get(card) != NAMED]
    return list(dict.fromkeys([*cards, *ranking.hits]))


def score(ranking: Ranking, answers: Mapping[str, int]) -> Score:
    found = [answers.get(result, 0) for result in results(ranking, answers)]
    ranks = [rank for rank, relevance in enumerate(found, 1) if relevance >= ANSWERS]
    first = ranks[0] if ranks else math.inf
    best = dcg(sorted(answers.values(), reverse=True))
    return Score(
        first=float(first == 1),
        first_five=float(first <= 5),
        reciprocal=1 / first,
        ndcg=dcg(found) / best if best else 0.0,
    )


def dcg(relevances: Sequence[int]) -> float:
    """Return the discounted cumulative gain of the first hits."""
    return sum(
        (2.0**relevance - 1) / math.log2(rank + 1)
        for rank, relevance in enumerate(relevances[:MEASURED_HITS], 1)
    )


def mean(scores: Sequence[Score]) -> Score:
    def of(values: Sequence[float]) -> float:
        return sum(values) / len(values) if values else 0.0

    return Score(
        of([each.first for each in scores]),
        of([each.first_five for each in scores]),
        of([each.reciprocal for each in scores]),
        of([each.ndcg for each in scores]),
    )
