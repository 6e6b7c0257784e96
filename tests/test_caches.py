"""Caches: the size of each, what goes first, the figures, and the setting."""

import re
from collections.abc import Iterator

import pytest
from pydantic import ValidationError

from app import caches, paths
from app.caches import SIZES, Cache, memoized
from app.settings import Settings


@pytest.fixture(autouse=True)
def usual_sizes() -> Iterator[None]:
    yield
    caches.set_sizes({})


def test_value_that_was_not_used_for_longest_goes_first() -> None:
    caches.set_sizes({"maps": 2})
    cache: Cache[str] = Cache("maps")
    cache.store({1: "first", 2: "second"})
    assert cache.kept(1) == "first"
    cache.store({3: "third"})
    assert [cache.kept(key) for key in (1, 2, 3)] == ["first", None, "third"]


def test_weighed_values_fit_in_the_size_and_too_large_ones_are_not_kept() -> None:
    caches.set_sizes({"maps": 10})
    cache: Cache[str] = Cache("maps", len)
    cache.store({1: "12345", 2: "1234", 3: "123"})
    assert [cache.kept(key) for key in (1, 2, 3)] == [None, "1234", "123"]
    cache.store({2: "more than ten letters"})
    assert cache.kept(2) is None and cache.figures().held == 3


def test_value_is_made_once() -> None:
    made = []
    cache: Cache[int] = Cache("maps")
    for _ in range(2):
        assert cache.of("key", lambda: made.append(1) or 7) == 7  # type: ignore[func-returns-value]
    assert cache.of(None, lambda: 8) == 8
    assert len(made) == 1 and len(cache) == 1


def test_missing_values_are_made_in_one_call() -> None:
    asked: list[list[str]] = []

    def make(names: object) -> dict[str, str]:
        asked.append(list(names))  # type: ignore[call-overload]
        return {name: name.upper() for name in asked[-1]}

    cache: Cache[str] = Cache("maps")
    assert cache.of_each({"a": 1, "b": 2}, make) == {"a": "A", "b": "B"}
    assert cache.of_each({"a": 1, "c": 3}, make) == {"a": "A", "c": "C"}
    assert asked == [["a", "b"], ["c"]]


def test_figures_count_hits_and_misses_of_all_parts_of_a_name() -> None:
    before = next(each for each in caches.figures() if each.name == "macros")

    @memoized("macros", is_typed=True)
    def double(number: float) -> float:
        return number * 2

    assert [double(3), double(3), double(3.0)] == [6, 6, 6.0]
    cache: Cache[int] = Cache("macros")
    cache.kept("nothing")
    after = next(each for each in caches.figures() if each.name == "macros")
    assert (after.hits - before.hits, after.misses - before.misses) == (1, 3)
    assert after.values - before.values == 2
    assert [each.name for each in caches.figures()] == list(SIZES)


def test_setting_changes_the_size_of_caches_that_exist() -> None:
    cache: Cache[int] = Cache("maps")
    cache.store({1: 1})
    settings = Settings.model_validate({"SOJOURN_CACHE_SIZES": "maps=3, responses=1000000"})
    assert settings.cache_sizes == {"maps": 3, "responses": 1_000_000}
    caches.set_sizes(settings.cache_sizes)
    assert cache.figures().most == 3 and len(cache) == 0
    caches.set_sizes({})
    assert cache.figures().most == SIZES["maps"]


def test_memoized_function_has_the_size_that_was_set_before() -> None:
    caches.set_sizes({"macros": 2})
    calls: list[int] = []

    @memoized("macros")
    def note(number: int) -> int:
        calls.append(number)
        return number

    for number in (1, 2, 3, 3, 1):
        assert note(number) == number
    assert calls == [1, 2, 3, 1]


def test_wrong_sizes_are_refused() -> None:
    for value, reason in (
        ("cards=1", "“cards” is no cache"),
        ("maps", "“maps” must be a name and a number"),
        ("maps=0", "“maps=0” must be a name and a number"),
        ("maps=many", "“maps=many” must be a name and a number"),
    ):
        with pytest.raises(ValidationError, match=reason):
            Settings.model_validate({"SOJOURN_CACHE_SIZES": value})


def test_guide_lists_each_cache_with_its_size() -> None:
    guide = (paths.ROOT / "docs" / "operate.md").read_text()
    listed = re.findall(r"^\| `([a-z-]+)` \| .+ \| ([0-9,]+) \|$", guide, re.MULTILINE)
    assert {name: int(size.replace(",", "")) for name, size in listed} == dict(SIZES)
