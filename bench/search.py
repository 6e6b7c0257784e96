"""Ask a running worker the judged queries over the seeds, and print how well it answers.

`search_queries.csv` has them. Relevance 1: only named by the query, or near its subject; from 2: an
answer. The queries of the split `held` were not looked at while search was built.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from app import paths
from bench import databases
from bench.serving import sojourn, wait_for_index
from bench.timing import Reader

QUERIES = Path(__file__).parent / "search_queries.csv"
NAMED, ANSWERS = 1, 2
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
class JudgedQuery:
    """A query and the relevance of every record that answers it."""

    id: str
    split: str
    words: str
    language: str
    answers: Mapping[str, int]
    """Empty for something that the record does not have."""


@dataclass(frozen=True)
class Asked:
    """A judged query with what the site returned, best first."""

    query: JudgedQuery
    cards: Sequence[str]
    hits: Sequence[str]
    is_hedged: bool
    """The answer says that a word was read differently or not found, or that no record has all."""

    @property
    def results(self) -> list[str]:
        """Cards and hits as one ranking, each once.

        A card of something that the query merely names, a place beside a topic, takes no rank.
        """
        cards = [card for card in self.cards if self.query.answers.get(card) != NAMED]
        return list(dict.fromkeys([*cards, *self.hits]))

    def succeeds_at(self, rank: int) -> bool:
        return any(self.query.answers.get(each, 0) >= ANSWERS for each in self.results[:rank])


def read_queries() -> list[JudgedQuery]:
    with QUERIES.open(encoding="utf-8", newline="") as file:
        return [
            JudgedQuery(
                row["id"], row["split"], row["query"], row["language"], _answers(row["answers"])
            )
            for row in csv.DictReader(file)
        ]


def _answers(text: str) -> dict[str, int]:
    pairs = (each.rsplit(":", 1) for each in text.split())
    return {answer: int(relevance) for answer, relevance in pairs}


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

    def read(self, query: JudgedQuery, answer: Mapping[str, Any]) -> Asked:
        return Asked(
            query,
            cards=[self.of(card) for card in answer.get("cards", [])],
            hits=[self.of(hit) for hit in answer["best"]],
            is_hedged=bool(answer.get("missing") or not answer["total"]),
        )


def _rows(name: str) -> list[dict[str, str]]:
    with (paths.SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def measure(split: str | None = None) -> None:
    names = Names()
    with databases.running() as server, sojourn(databases.publish_seeds(server)) as (port, _):
        reader = Reader(port)
        wait_for_index(reader)
        asked = [
            names.read(query, reader.ok(f"/search.json?q={quote(query.words)}").json())
            for query in read_queries()
            if split in (None, query.split)
        ]
    for name in sorted({each.query.split for each in asked}):
        _show(name, [each for each in asked if each.query.split == name])
    print(f"\n{GOALS}")


def _show(split: str, asked: Sequence[Asked]) -> None:
    answerable = [each for each in asked if each.query.answers]
    print(f"\n{split}: {len(asked)} queries, {len(answerable)} with an answer\n")
    print(f"{'':24} {'queries':>7} {'at 1':>6} {'at 5':>6}")
    groups = {
        name: [each for each in answerable if each.query.language == code]
        for code, name in LANGUAGES.items()
    }
    for name, group in {"all": answerable, **groups}.items():
        at = [sum(each.succeeds_at(rank) for each in group) / max(len(group), 1) for rank in (1, 5)]
        print(f"{name:24} {len(group):7} {at[0]:6.2f} {at[1]:6.2f}")
    _list("Empty, although there is an answer", (each for each in answerable if not each.results))
    _list(
        "Absent from the record, but answered as if certain",
        (e for e in asked if not e.query.answers and e.results and not e.is_hedged),
    )
    _list("The first result is no answer", (e for e in answerable if not e.succeeds_at(1)))


def _list(title: str, asked: Iterable[Asked]) -> None:
    lines = [
        f"  {each.query.id} {each.query.words}  →  {' '.join(each.results[:5]) or 'nothing'}"
        for each in asked
    ]
    print(f"\n{title}: {len(lines)}", *lines, sep="\n")
