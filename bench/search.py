"""Ask a running worker the judged queries over the seeds, and print how well it answers."""

import csv
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

from app import paths
from bench import databases
from bench.search_measures import (
    JudgedQuery,
    Ranking,
    Score,
    mean,
    read_queries,
    results,
    score,
)
from bench.serving import sojourn, wait_for_index
from bench.timing import Reader, Times

LANGUAGES = {
    "en": "English",
    "ko": "Korean",
    "zh": "Chinese",
    "ja": "Japanese",
    "ru": "Russian",
}
GOALS = "Goals: success at 1 of 0.85, at 5 of 0.97; no query with an answer comes up empty."
BY_ID = ("places", "outlets")
"""Kinds of hits that the judgements name by public id."""
BY_CODE = {"actors": "actor", "laws": "law"}
"""Kinds that the judgements name by code, with the word before it."""


@dataclass(frozen=True)
class Asked:
    """A judged query with what the site returned."""

    query: JudgedQuery
    ranking: Ranking
    score: Score
    milliseconds: float


def measure(path: Path, split: str | None = None) -> None:
    queries = [each for each in read_queries(path) if split in (None, each.split)]
    with databases.running() as server:
        settings = databases.publish_seeds(server)
        with sojourn(settings) as (port, _):
            reader = Reader(port)
            wait_for_index(reader)
            names = Names()
            for query in queries[:5]:
                _ask(reader, query, names)  # warm-up
            asked = [_ask(reader, query, names) for query in queries]
    for name, of_split in _grouped(asked, lambda each: each.query.split).items():
        _show(name, of_split)
    times = Times([each.milliseconds for each in asked])
    print(f"\n{len(asked)} queries, ms p50 / p95: {times}\n{GOALS}")


class Names:
    """Turns a hit of the JSON into the name that the judgements use."""

    def __init__(self) -> None:
        self.names = {(kind, row["code"]): row["id"] for kind in BY_ID for row in _rows(kind)}
        for kind, word in BY_CODE.items():
            self.names |= {(kind, row["id"]): f"{word}/{row['code']}" for row in _rows(kind)}

    def of(self, hit: Mapping[str, Any]) -> str:
        kind, id = hit["kind"], str(hit["id"])
        if kind == "codebook":
            listed, code = id.split(":", 1)
            return f"{'law' if listed == 'instrument' else listed}/{code}"
        unknown = f"{BY_CODE[kind]}/{id}" if kind in BY_CODE else id
        return self.names.get((kind, id), unknown)

    def ranking(self, answer: Mapping[str, Any]) -> Ranking:
        return Ranking(
            cards=[self.of(card) for card in answer.get("cards", [])],
            hits=[self.of(hit) for hit in answer["best"]],
            is_hedged=bool(answer.get("missing") or not answer["total"]),
        )


def _rows(name: str) -> list[dict[str, str]]:
    path = paths.SEEDS / f"{name}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _ask(reader: Reader, query: JudgedQuery, names: Names) -> Asked:
    start = time.perf_counter()
    answer = reader.ok(f"/search.json?q={quote(query.words)}").json()
    milliseconds = (time.perf_counter() - start) * 1_000
    ranking = names.ranking(answer)
    return Asked(query, ranking, score(ranking, query.answers), milliseconds)


def _show(split: str, asked: Sequence[Asked]) -> None:
    answerable = [each for each in asked if each.query.answers]
    absent = [each for each in asked if not each.query.answers]
    print(
        f"\n{split}: {len(asked)} queries, {len(answerable)} with an answer\n\n"
        f"{'':24} {'queries':>7} {'at 1':>6} {'at 5':>6} {'MRR':>6} {'nDCG@10':>8}"
    )
    _row("all", answerable)
    for code, name in LANGUAGES.items():
        _row(name, [each for each in answerable if each.query.language == code])
    print()
    for category, of_category in _grouped(answerable, lambda each: each.query.category).items():
        _row(category, of_category)
    _list("Empty, although there is an answer", [e for e in answerable if e.ranking.is_empty])
    _list(
        "Absent from the record, but answered as if certain",
        [each for each in absent if not each.ranking.is_empty and not each.ranking.is_hedged],
    )
    _list("The first result is no answer", [each for each in answerable if not each.score.first])


def _row(name: str, asked: Sequence[Asked]) -> None:
    if asked:
        average = mean([each.score for each in asked])
        print(
            f"{name:24} {len(asked):7} {average.first:6.2f} {average.first_five:6.2f} "
            f"{average.reciprocal:6.2f} {average.ndcg:8.2f}"
        )


def _list(title: str, asked: Sequence[Asked]) -> None:
    print(f"\n{title}: {len(asked)}")
    for each in asked:
        first = results(each.ranking, each.query.answers)[:5]
        print(f"  {each.query.id} {each.query.words}  →  {' '.join(first) or 'nothing'}")


def _grouped(asked: Sequence[Asked], key: Callable[[Asked], str]) -> dict[str, list[Asked]]:
    return {name: list(group) for name, group in groupby(sorted(asked, key=key), key)}
