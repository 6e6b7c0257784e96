"""Success of search at a rank, and the judged queries themselves."""

import csv
from collections import Counter

from app import paths
from bench.search import LANGUAGES, Asked, JudgedQuery, Names, read_queries


def asked(answers: dict[str, int], *hits: str, cards: tuple[str, ...] = ()) -> Asked:
    return Asked(JudgedQuery("Q1", "tune", "x", "en", answers), cards, hits, False)


def test_answer_counts_at_its_rank() -> None:
    answers = {"E1": 3, "E2": 2, "S1": 1}
    for hits, first, first_five in (
        (("E1", "E2", "S1"), True, True),
        # Relevance 1 does not count as an answer.
        (("S1", "E2"), False, True),
        (("E7", "E8", "E9", "E10", "E11", "E1"), False, False),
        ((), False, False),
    ):
        found = asked(answers, *hits)
        assert (found.succeeds_at(1), found.succeeds_at(5)) == (first, first_five), hits


def test_card_of_answer_has_first_rank_once() -> None:
    for answers, card, hits, results in (
        ({"P1": 3, "E1": 2}, "P1", ("E1", "P1"), ["P1", "E1"]),
        ({"E1": 3, "P1": 1}, "P1", ("E1",), ["E1"]),
        # A card of something else counts as a wrong hit.
        ({"E1": 3, "P1": 1}, "P9", ("E1",), ["P9", "E1"]),
    ):
        assert asked(answers, *hits, cards=(card,)).results == results


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
    query = read_queries()[0]
    assert names.read(query, answer) == Asked(query, ["P5"], [], False)
    for doubt in ({"missing": ["x"]}, {"total": 0}):
        assert names.read(query, {**answer, **doubt}).is_hedged


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
