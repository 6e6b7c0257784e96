"""Queries for lists: random and absurd ones, and the ids on a list page."""

import random
import re

from app.record.filters import ListFilters

LIST_PAGES = ("/events", "/estimates", "/sources")

ABSURD_QUERIES = [
    f"q={'x' * 10_000}",
    "q=%00%00",
    "q=%27%3B+drop+table+record.version%3B+--",
    "q=%22",
    "q=%28%28%28+%26+%7C+%21+%3A%2A+%3C-%3E+%5C",
    "q=-",
    "q=OR+OR+OR",
    "&".join(f"key{n}=value" for n in range(1_000)),
    "&".join(f"place=place-{n}" for n in range(1_000)),
    "from=99999",
    "from=2019-02-30&to=0000",
    "from=2020&to=2019",
    "place=%00",
    "place=DANDONG",
    "type=no-such-type",
    "sort=sideways",
    "after=x",
    "after=99999-99-99_1",
    "after=2019-13-45.3_1",
    "after=1.2.3_1&sort=relevance&q=workers",
    "after=2019-01-01.1_1&sort=added",
    "limit=-1",
    "edition=x",
    "added_since=99999999999",
    "added_since=999999999",
    "changed_since=2019-99",
    "not_=x",
    "not_q=x",
    "=x",
    "published_from=2020&published_to=2019",
    "exempt=paper%3Astudent",
    "exempt=%3A",
    "q=%F0%A0%80%80&lang=zh",
    "q=%F0%9F%98%80",
]
"""As they are sent, with escapes."""


WORDS = [
    "workers",
    "단둥",
    "丹东",
    "visa -student",
    '"North Korean"',
    "restaurant OR factory",
    "the",
    "Radio Free Asia",
    "-workers",
    "plant -restaurant",
    "the -the -plant",
    "restaurant OR 노동",
    "-plant OR workers",
    "workers zebra",
    "-zebra",
    "elsewhere",
]
WINDOWS = ["2010", "2017-12", "2018-06-15", "2019", "2019-03", "2019-06-20", "2023"]


def some_filters(
    lists: type[ListFilters], chance: random.Random, codes: dict[str, list[str]]
) -> ListFilters:
    """Return random filters: keys with codes of the record, a period, words, an order."""
    included: dict[str, list[str]] = {}
    excluded: dict[str, list[str]] = {}
    for key, known in codes.items():
        if known and chance.random() < 0.15:
            side = excluded if chance.random() < 0.3 else included
            side[key] = chance.sample(known, min(len(known), chance.choice([1, 1, 2])))
    for first, last in lists.PERIODS:
        if chance.random() < 0.3:
            included[first], included[last] = (
                [day] for day in sorted(chance.choices(WINDOWS, k=2))
            )
            for bound in (first, last):
                if chance.random() < 0.3:
                    del included[bound]
    if "match" in lists.by_key() and chance.random() < 0.4:
        included["match"] = ["certain"]
    if "vague" in lists.by_key() and chance.random() < 0.2:
        included["vague"] = [chance.choice(["year", "half-year", "month"])]
    if chance.random() < 0.25:
        included["q"] = [chance.choice(WORDS)]
    for key in ("added_since", "changed_since"):
        if key in lists.by_key() and chance.random() < 0.1:
            included[key] = [chance.choice(["1", "2", "2020-01-01", "2199"])]
    sort = lists.by_key()["sort"]
    included["sort"] = [chance.choice([*sort.choices])]  # type: ignore[attr-defined]
    return lists.made_of(included, excluded)


def ids_on_page(page: str, at: str, kind: str) -> list[str]:
    """The rows of a list page, each of which has its id as an anchor."""
    return re.findall(rf'<(?:article|tr|li)[^>]* id="({kind}[0-9]+)"', page)
