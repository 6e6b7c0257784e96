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
        self.things: OrderedDict[Hashable, T] = OrderedDict()
        self.changing = threading.Lock()

    def kept(self, key: Hashable) -> T | None:
        """What was made by that key, if it is still there."""
        with self.changing:
            if key in self.things:
                self.things.move_to_end(key)
            return self.things.get(key)

    def of(self, key: Hashable | None, make: Callable[[], T]) -> T:
        if key is None:
            return make()
        if (found := self.kept(key)) is not None:
            return found
        made = make()
        with self.changing:
            self.things[key] = made
            while len(self.things) > self.most:
                self.things.popitem(last=False)
        return made
