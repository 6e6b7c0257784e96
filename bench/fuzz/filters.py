"""Fuzzes filters of all lists, and the words of a search."""

from collections.abc import Sequence
from functools import cache
from urllib.parse import parse_qsl

from hypothesis import strategies as st

from app.filtering import Choice, Filters, Pairs
from app.record import filters as declared
from app.record.filters import ListFilters, parse_after
from app.record.search import plain_text, split_scripts, words_to_mark
from app.record.words.nearest import Lexicon
from app.record.words.query import is_too_common, parse
from app.record.words.thesaurus import Concept, TermPair, Thesaurus, make_thesaurus
from app.site.components.text import highlight
from bench.fuzz.inputs import STRANGE, changed_texts

LISTS: Sequence[type[Filters]] = [
    each
    for each in vars(declared).values()
    if isinstance(each, type) and issubclass(each, Filters) and each.FILTERS
]
KEYS = sorted({key for each in LISTS for key in each.by_key()})
VALUES = (
    *("dandong", "repatriation", "none", "2019", "2019-05-01", "2019-05", "12", "E25", "place:x"),
    *("2019-05-01.31_7", "none.0_3", "3_7", "12.1_7", "0.061000_7", "https://example.org/a?b=c"),
    *("list", "table", "-happened", "added", "relevance", "certain", "no", "all", "filters", "0"),
)
QUERIES = (
    *("workers Dandong", '"work permit" -visa', "deportation OR repatriation", "June 2019", "2397"),
    *(
        "노동자 귀국",
        "中国 朝鲜 工人",
        "депортация рабочих",
        "3,000 workers",
        "more than 5000",
        "北朝鮮労働者",
    ),
)
KEY = st.one_of(
    st.sampled_from([*KEYS, *(f"not_{key}" for key in KEYS), *(f"{key}-how" for key in KEYS)]),
    changed_texts(KEYS, most=2),
)
PAIRS = st.lists(
    st.tuples(KEY, st.one_of(changed_texts(VALUES), changed_texts(QUERIES))), max_size=8
)
INPUTS = st.tuples(st.sampled_from(LISTS), PAIRS, changed_texts(QUERIES, [*QUERIES, *STRANGE]))


class _Names:
    """The names of a small record."""

    thesaurus: Thesaurus = make_thesaurus(
        [
            Concept("worker", "Worker", ("worker", "labourer", "노동자", "工人", "рабочий")),
            Concept("repatriation", "Repatriation", ("repatriation", "sending home", "귀국")),
        ],
        [
            (("place", "dandong"), ("Dandong", "丹东", "단둥", "Даньдун")),
            (("law", "unsc-2397"), ("Resolution 2397 (2017)",)),
        ],
        [(("paper", "work-permit"), "Work permit")],
    )

    def named(self, words: str) -> Sequence[TermPair]:
        meaning = self.thesaurus.of_words(words)
        return sorted(meaning.terms) if meaning else ()


@cache
def _lexicon() -> Lexicon:
    words = ["worker", "workers", "Dandong", "permit", "노동자", "귀국", "депортация", "visa"]
    return Lexicon(words, [5] * len(words))


def check(given: tuple[type[Filters], Pairs, str]) -> str:
    kind, pairs, query = given
    found, dropped = kind.from_pairs(pairs)
    text = found.query_string()
    assert text.isascii(), text
    again, lost = kind.from_pairs(parse_qsl(text, keep_blank_values=True))
    assert (again, lost) == (found, []), "the canonical form is read otherwise"
    assert again.query_string() == text
    for key, value in found.pairs():
        filter = kind.by_key()[key.removeprefix("not_")]
        assert filter.fits(value), f"{key}={value} does not fit its own schema"
    for each in dropped:
        assert each.reason
    for one in kind.FILTERS:
        if isinstance(one, Choice):
            assert found.one(one.key) in one.choices
    if isinstance(found, ListFilters) and found["after"]:
        parse_after(found["after"][0], found.one("sort"))
    _check_query(query)
    return "narrowed" if not found.is_empty else "with nothing that narrows"


def _check_query(query: str) -> None:
    words = words_to_mark(query)
    parsed = parse(query, _Names())
    is_too_common(parsed)
    parse(parsed.literal, _Names())
    for each in parsed.parts:
        for unit in each.units:
            split_scripts(unit.words)
    shown = highlight(f"Of {query} and more", words)
    assert str(shown) == f"Of {query} and more"
    shown.__html__()
    for word in words[:3]:
        _lexicon().nearest(plain_text(word))
