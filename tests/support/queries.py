"""Queries for lists: random and absurd ones, and the ids on a list page."""

import random
import re

from app.filtering import Choice
from app.record.filters import ListFilters

LIST_PAGES = ("/events", "/estimates", "/sources")

ABSURD_QUERIES = [
    [("q", "x" * 10_000)],
    [("q", "\x00\x00")],
    [("q", "'; drop table record.version; --")],
    [("q", '"')],
    [("q", "((( & | ! :* <-> \\")],
    [("q", "-")],
    [("q", "OR OR OR")],
    [(f"key{n}", "value") for n in range(1_000)],
    [("place", f"place-{n}") for n in range(1_000)],
    [("from", "99999")],
    [("from", "2019-02-30"), ("to", "0000")],
    [("from", "2020"), ("to", "2019")],
    [("place", "\x00")],
    [("place", "DANDONG")],
    [("type", "no-such-type")],
    [("sort", "sideways")],
    [("after", "x")],
    [("after", "99999-99-99_1")],
    [("after", "2019-13-45.3_1")],
    [("after", "1.2.3_1"), ("sort", "relevance"), ("q", "workers")],
    [("after", "2019-01-01.1_1"), ("sort", "added")],
    [("limit", "-1")],
    [("edition", "x")],
    [("added_since", "99999999999")],
    [("added_since", "999999999")],
    [("changed_since", "2019-99")],
    [("not_", "x")],
    [("not_q", "x")],
    [("", "x")],
    [("published_from", "2020"), ("published_to", "2019")],
    [("exempt", "paper:student")],
    [("exempt", ":")],
    [("q", "𠀀"), ("lang", "zh")],
    [("q", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"))],
]


def random_query(
    lists: type[ListFilters], chance: random.Random, codes: dict[str, list[str]]
) -> list[tuple[str, str]]:
    pairs = []
    for key, known in codes.items():
        if known and chance.random() < 0.12:
            name = f"not_{key}" if chance.random() < 0.3 else key
            pairs += [
                (name, code)
                for code in chance.sample(known, min(len(known), chance.choice([1, 1, 2])))
            ]
    if chance.random() < 0.4:
        year = chance.randrange(2010, 2026)
        pairs += zip(lists.PERIODS[0], [str(year), str(year + chance.randrange(3))], strict=True)
    if chance.random() < 0.3 and "match" in lists.by_key():
        pairs.append(("match", "certain"))
    if chance.random() < 0.3:
        pairs.append(
            (
                "q",
                chance.choice(
                    ["workers", "단둥", "visa -student", '"North Korean"', "restaurant OR factory"]
                ),
            )
        )
    sort = lists.by_key()["sort"]
    assert isinstance(sort, Choice)
    pairs.append(("sort", chance.choice([code for code in sort.choices if code != "relevance"])))
    return pairs


def ids_on_page(page: str, at: str, kind: str) -> list[str]:
    """The rows of a list page, each of which has its id as an anchor."""
    return re.findall(rf'<(?:article|tr|li)[^>]* id="({kind}[0-9]+)"', page)
