"""A cache of results of an edition that a later edition can update."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class IncrementalCache(Generic[T]):
    """The `most` latest results by key, each with its edition."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.kept: OrderedDict[Hashable, tuple[int, T]] = OrderedDict()
        self.changing = threading.Lock()

    def __reduce__(self) -> tuple[type["IncrementalCache[T]"], tuple[int]]:
        return type(self), (self.most,)  # a file has no results

    def at(
        self, edition: int, key: Hashable, calculate: Callable[[], T], update: Callable[[T, int], T]
    ) -> T:
        """Return the result of an edition.

        `calculate` makes it; `update` updates the cached result of an earlier edition, given with
        its number. The result of an edition before the cached one is calculated and not cached.
        """
        with self.changing:
            cached_edition, cached = self.kept.get(key, (0, None))
        if cached_edition == edition and cached is not None:
            return cached
        result = (
            calculate()
            if cached is None or cached_edition > edition
            else update(cached, cached_edition)
        )
        if cached_edition < edition:
            with self.changing:
                self.kept[key] = edition, result
                self.kept.move_to_end(key)
                while len(self.kept) > self.most:
                    self.kept.popitem(last=False)
        return result
