"""Filters in addresses: equal queries have equal addresses, and any address can be parsed."""

from urllib.parse import parse_qsl

from hypothesis import example, given
from hypothesis import strategies as st

from app.filtering import MAX_VALUES
from app.record.filters import EventFilters, SearchFilters

ORDER = [filter.key for filter in EventFilters.FILTERS]


def read(query: str) -> EventFilters:
    return EventFilters.from_pairs(parse_qsl(query, keep_blank_values=True))[0]


def test_equal_queries_have_one_url() -> None:
    for query, canonical in (
        ("type=Repatriation&place=DANDONG", "place=dandong&type=repatriation"),
        ("place=jilin&place=dandong&place=jilin", "place=dandong&place=jilin"),
        ("match=possible&view=list", ""),
        # Files begin with the oldest, the page with the newest: each can be asked for.
        ("sort=happened", "sort=happened"),
        ("match=certain&sort=-happened", "match=certain&sort=-happened"),
        ("q=&from=&to=&place=", ""),
        ("q=++two++words+", "q=two+words"),
        ("q=%00a%07b", "q=a+b"),
        ("to=2019&from=2018-03", "from=2018-03&to=2019"),
        ("not_place=dandong&place=china", "place=china&not_place=dandong"),
        ("not_place=dandong&place=dandong", "place=dandong"),
        ("exempt=paper:student", "exempt=paper:student"),
        ("changed_since=2019-06-01", "changed_since=2019-06-01"),
        ("edition=3", "edition=3"),
        # A form turns a key round with a field of its own beside it.
        ("place=dandong&place-how=not", "not_place=dandong"),
        ("place=dandong&place-how=", "place=dandong"),
    ):
        assert read(query).query_string() == canonical, query


def test_invalid_parameters_are_dropped_and_reported() -> None:
    no_filter = "is not something this page can be filtered by"
    for query, key, reason in (
        ("colour=red", "colour", no_filter),
        ("not_q=red", "not_q", no_filter),
        ("not_from=2019", "not_from", no_filter),
        ("place=a+b", "place", "is not a code"),
        ("place=" + "a" * 101, "place", "is not a code"),
        ("stage=begun", "stage", "is not one of planned, announced"),
        ("from=yesterday", "from", "is not a date we can read"),
        ("from=99999", "from", "years run from"),
        ("from=2019-02-30", "from", "is not a day"),
        ("from=2019~", "from", "cannot bound a period"),
        ("from=2020&to=2019", "to", "turn them round"),
        ("from=2019&from=2020", "from", "was given twice"),
        ("sort=size", "sort", "is not one of happened"),
        ("limit=0", "limit", "is not a number from 1 to 1000"),
        ("limit=1001", "limit", "is not a number from 1 to 1000"),
        ("limit=²", "limit", "is not a number"),
        ("after=x", "after", "is no place in this list"),
        ("edition=0", "edition", ""),
        ("q=" + "a" * 201, "q", "is too long"),
        ("q=http://" + "a" * 194, "q", "is too long"),
    ):
        found, dropped = EventFilters.from_pairs(parse_qsl(query, keep_blank_values=True))
        [one] = dropped
        assert one.key == key and reason in one.reason, query
        assert one.value not in found[key], query


def test_address_of_an_article_may_be_long_in_the_search_of_everything() -> None:
    for query, is_kept in (
        ("http://" + "a" * 993, True),
        ("http://" + "a" * 994, False),
        ("http://a.example/ " + "a" * 200, False),
        ("a" * 200, True),
        ("a" * 201, False),
    ):
        found, dropped = SearchFilters.from_pairs([("q", query)])
        assert (bool(found["q"]), not dropped) == (is_kept, is_kept), query


def test_position_in_other_list_is_dropped() -> None:
    """Each position is valid in another list only, and would be an error in the database."""
    for query in (
        "after=2019-13-45.1_5",
        "after=2019-05-01.1_5&sort=added",
        "after=none.0_5&sort=changed",
        "after=5_5",
        "after=1.2.3_5&sort=relevance",
        "after=0.5_5&sort=added",
        "after=99999999999999999999_5&sort=added",
        "after=....._5&sort=relevance",
    ):
        found, dropped = EventFilters.from_pairs(parse_qsl(query))
        assert (found["after"], [one.key for one in dropped]) == ((), ["after"]), query


def test_thousand_values_are_limited() -> None:
    found, dropped = EventFilters.from_pairs([("place", f"place-{n}") for n in range(1_000)])
    assert len(found["place"]) == MAX_VALUES
    assert len(dropped) == 1_000 - MAX_VALUES


KEYS = st.one_of(
    st.sampled_from([*ORDER, *(f"not_{key}" for key in ORDER), "place-how"]), st.text(max_size=20)
)


@given(st.lists(st.tuples(KEYS, st.text(max_size=40)), max_size=20))
@example([("\0", "\0")])
@example([("from", "٢٠١٩"), ("limit", "１０"), ("edition", "²"), ("after", "١_٢")])
@example([("q", "\ud800")])
@example([("place", "x" * 10_000)])
def test_any_query_parses_to_canonical_form(
    pairs: list[tuple[str, str]],
) -> None:
    found, _ = EventFilters.from_pairs(pairs)
    again, dropped = EventFilters.from_pairs(
        parse_qsl(found.query_string(), keep_blank_values=True)
    )
    assert (again, dropped) == (found, [])


def test_arrangement_keys_do_not_narrow() -> None:
    assert read("sort=added&view=table&limit=5&edition=2").is_empty
    assert read("sort=added&place=dandong").narrowing.query_string() == "place=dandong"


def test_links_change_one_key_and_keep_the_rest() -> None:
    asked = read("place=dandong&place=hunchun&not_type=repatriation&sort=added")
    one = asked.without("place", "dandong").query_string()
    assert one == "place=hunchun&not_type=repatriation&sort=added"
    assert asked.without("place")["place"] == ()
    assert asked.without("type", "repatriation", excluded=True).excluded == {}
    other = asked.with_(sort=None, from_="2019").query_string()
    assert other == "from=2019&place=dandong&place=hunchun&not_type=repatriation"
