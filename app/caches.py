"""The three caches of requests and editions, and what each may hold.

A `Cache` keeps values by key, in an LRUCache of cachetools, which weighs its values. A function of
a few values that a page calls hundreds of times has functools.lru_cache in place, whose lookup is
written in C and takes a tenth of the time; constants have functools.cache.
"""

import threading
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import Any, Generic, TypeVar

import cachetools

T = TypeVar("T")

SIZES = {
    "responses": 64_000_000,
    "directories": 8,
    "searches": 200,
}
"""The most that each cache holds: bytes of `responses`, else values.

A name may have several caches, such as the names of editions and what is made of them.
"""


class Cache(Generic[T]):
    """Values by key; the one that was not used for longest goes first.

    A key names everything that its value was made from. `weight` returns what a value counts;
    without it each counts 1.
    """

    def __init__(self, name: str, weight: Callable[[T], int] | None = None) -> None:
        self.values: cachetools.LRUCache[Hashable, T] = cachetools.LRUCache(
            SIZES[name], getsizeof=weight
        )
        self.lock = threading.Lock()

    def __len__(self) -> int:
        return len(self.values)

    def kept(self, key: Hashable) -> T | None:
        """Return the cached value; None if there is none."""
        with self.lock:
            return self.values.get(key)

    def of(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the value of the key, made if missing."""
        if (cached := self.kept(key)) is not None:
            return cached
        made = make()
        self.store(key, made)
        return made

    def store(self, key: Hashable, value: T) -> None:
        """Keep a value, unless it is larger than the whole cache."""
        with self.lock, suppress(ValueError):
            self.values[key] = value

    def items(self) -> list[tuple[Any, T]]:
        with self.lock:
            return list(self.values.items())

    def clear(self) -> None:
        with self.lock:
            self.values.clear()
