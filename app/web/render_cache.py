"""An LRU cache of view models and HTML made from rows of the record, which never change."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Mapping
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class RenderCache(Generic[T]):
    """LRU cache of at most `most` values. A key names everything that its value was made from."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.values: OrderedDict[Hashable, T] = OrderedDict()
        self.lock = threading.Lock()

    def kept(self, key: Hashable) -> T | None:
        """Return the cached value; None if there is none."""
        with self.lock:
            if key in self.values:
                self.values.move_to_end(key)
            return self.values.get(key)

    def of(self, key: Hashable | None, make: Callable[[], T]) -> T:
        """Return the value of the key, made if missing; with None the value is not cached."""
        if key is None:
            return make()
        if (cached := self.kept(key)) is not None:
            return cached
        made = make()
        self._store({key: made})
        return made

    def of_each(
        self, keys: Mapping[K, Hashable], make: Callable[[Collection[K]], Mapping[K, T]]
    ) -> dict[K, T]:
        """Return a value for each name; one call of `make` makes all that are missing."""
        cached = {
            name: value for name, key in keys.items() if (value := self.kept(key)) is not None
        }
        made = make(missing) if (missing := [name for name in keys if name not in cached]) else {}
        self._store({keys[name]: value for name, value in made.items()})
        return {**cached, **made}

    def _store(self, made: Mapping[Hashable, T]) -> None:
        with self.lock:
            self.values.update(made)
            while len(self.values) > self.most:
                self.values.popitem(last=False)
