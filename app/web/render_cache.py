"""What is made of rows that never change, kept so that the next reader's page need not make it again."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Mapping
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
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
        self._keep({key: made})
        return made

    def of_each(
        self, keys: Mapping[K, Hashable], make: Callable[[Collection[K]], Mapping[K, T]]
    ) -> dict[K, T]:
        """Several things by their names, of which those that are missing are made together."""
        found = {name: thing for name, key in keys.items() if (thing := self.kept(key)) is not None}
        made = make(missing) if (missing := [name for name in keys if name not in found]) else {}
        self._keep({keys[name]: thing for name, thing in made.items()})
        return {**found, **made}

    def _keep(self, made: Mapping[Hashable, T]) -> None:
        with self.changing:
            self.things.update(made)
            while len(self.things) > self.most:
                self.things.popitem(last=False)
