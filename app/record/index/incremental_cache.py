"""What was worked out for one edition and is kept, so that a later one need only add what came since."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Carried(Generic[T]):
    """The newest `most` of them, by what was asked."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.kept: OrderedDict[Hashable, tuple[int, T]] = OrderedDict()
        self.changing = threading.Lock()

    def at(
        self, edition: int, asked: Hashable, anew: Callable[[], T], onward: Callable[[T, int], T]
    ) -> T:
        """In that edition; `onward` brings there what was found in an earlier one, of which it is told the number.

        Of an edition that is earlier than what is kept it is worked out anew, and not kept.
        """
        with self.changing:
            of, before = self.kept.get(asked, (0, None))
        if of == edition and before is not None:
            return before
        found = anew() if before is None or of > edition else onward(before, of)
        if of < edition:
            with self.changing:
                self.kept[asked] = edition, found
                self.kept.move_to_end(asked)
                while len(self.kept) > self.most:
                    self.kept.popitem(last=False)
        return found
