"""What is made of rows that never change, kept so that the next reader's page need not make it again."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Drawn(Generic[T]):
    """The newest `most` things made, each by a key that names all it was made of; without a key it is not kept."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.kept: OrderedDict[Hashable, T] = OrderedDict()
        self.changing = threading.Lock()

    def of(self, key: Hashable | None, make: Callable[[], T]) -> T:
        if key is None:
            return make()
        with self.changing:
            if key in self.kept:
                self.kept.move_to_end(key)
                return self.kept[key]
        made = make()
        with self.changing:
            self.kept[key] = made
            while len(self.kept) > self.most:
                self.kept.popitem(last=False)
        return made
