"""Measures of search against rankings worked out by hand, and the judged queries themselves."""

import csv
import math
from collections import Counter

import pytest

from app import paths
from bench.search import LANGUAGES, Names
from bench.search_measures import Ranking, read_queries, results, score

ANSWERS = {"E1": 3, "E2": 2, "S1": 1}
HAND_IDEAL = 7 + 3 / math.log2(3) + 1 / 2


def ranked(*hits: str, cards: tuple[str, ...] = ()) -> Ranking:
    return Ranking(cards=cards, hits=hits, is_hedged=False)


def test_score_of_a_ranking() -> None:
    tenth = tuple(f"E{number}" for number in range(10, 19))
    for hits, expected in (
        (("E1", "E2", "S1"), (1, 1, 1, 1)),
        # Relevance 1 does not count as an answer.
        (("S1", "E2"), (0, 1, 0.5, (1 + 3 / math.log2(3)) / HAND_IDEAL)),
        (("E7", "E8", "E9", "E10", "E11", "E1"), (0, 0, 1 / 6, 7 / math.log2(7) / HAND_IDEAL)),
        # The gain ends with the tenth hit.
        ((*tenth, "E9", "E1"), (0, 0, 1 / 11, 0)),
        ((), (0, 0, 0, 0)),
    ):
        found = score(ranked(*hits), ANSWERS)
        measures = (found.first, found.first_five, found.reciprocal, found.ndcg)
        assert measures == pytest.approx(expected), hits


def test_card_of_answer_has_first_rank_once() -> None:
    assert results(ranked("E1", "P1", cards=("P1",)), {"P1": 3, "E1": 2}) == ["P1", "E1"]
    answers = {"E1": 3, "P1": 1}
    assert results(ranked("E1", cards=("P1",)), answers) == ["E1"]
    # A card of something else counts as a wrong hit.
    assert results(ranked("E1", cards=("P9",)), answers) == ["P9", "E1"]


def test_hits_have_names_of_judgements() -> None:
    names = Names()
    for kind, id, name in [
        ("events", "E5", "E5"),
        ("places", "dandong", "P1"),
        ("outlets", "daily-nk", "O1"),
        ("laws", "unscr-2397", "law/unscr-2397"),
        ("actors", "fifa", "actor/fifa"),
        ("actors", "A1", "actor/government-of-united-arab-emirates"),
        ("codebook", "type:dispatch", "type/dispatch"),
        ("codebook", "instrument:caatsa", "law/caatsa"),
        ("help", "/about#scope", "/about#scope"),
    ]:
        assert names.of({"kind": kind, "id": id}) == name
    answer = {"cards": [{"kind": "places", "id": "hunchun"}], "best": [], "total": 1}
    assert names.ranking(answer) == Ranking(["P5"], [], False)
    for doubt in ({"missing": ["x"]}, {"total": 0}):
        assert names.ranking({**answer, **doubt}).is_hedged


def test_judged_queries_name_records_of_seeds() -> None:
    def rows(name: str) -> list[dict[str, str]]:
        with (paths.SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    known = {f"{row['list']}/{row['code']}" for row in rows("vocabulary")}
    known |= {f"actor/{row['code']}" for row in rows("actors")}
    known |= {f"law/{row['code']}" for row in rows("laws")}
    for name in ("events", "estimates", "sources", "places", "outlets"):
        known |= {row["id"] for row in rows(name)}
    queries = read_queries()
    for query in queries:
        assert query.answers.keys() <= known, (query.id, query.answers.keys() - known)
        assert set(query.answers.values()) <= {1, 2, 3}, query.id
        assert not query.answers or max(query.answers.values()) >= 2, query.id
    assert len({query.words for query in queries}) == len(queries)


def test_judged_queries_cover_languages_and_splits() -> None:
    queries = read_queries()
    splits = Counter(query.split for query in queries)
    assert splits.keys() == {"tune", "held"} and splits["held"] >= 60 and splits.total() >= 170
    for split in splits:
        of_split = [query for query in queries if query.split == split]
        assert {query.language for query in of_split} == LANGUAGES.keys()
        assert any(not query.answers for query in of_split)
