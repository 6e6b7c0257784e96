"""Caches: the size of each, and what goes first."""

import re

import pytest

from app import paths
from app.caches import SIZES, Cache


def test_weighed_values_fit_in_the_size_and_too_large_ones_are_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(SIZES, "searches", 10)
    cache: Cache[str] = Cache("searches", len)
    for key, value in {1: "12345", 2: "1234", 3: "123"}.items():
        cache.store(key, value)
    assert [cache.kept(key) for key in (1, 2, 3)] == [None, "1234", "123"]
    cache.store(4, "more than ten letters")
    assert [cache.kept(key) for key in (2, 3, 4)] == ["1234", "123", None]


def test_guide_lists_each_cache_with_its_size() -> None:
    guide = (paths.ROOT / "docs" / "operate.md").read_text()
    listed = re.findall(r"^\| `([a-z-]+)` \| .+ \| ([0-9,]+) \|$", guide, re.MULTILINE)
    assert {name: int(size.replace(",", "")) for name, size in listed} == dict(SIZES)
