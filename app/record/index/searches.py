"""The rows that were searched for lately: finding a common word takes longer than all else that a list asks."""

import threading
from collections import OrderedDict
from collections.abc import Callable

from pyroaring import BitMap

MOST = 200

Find = Callable[[str, int], BitMap]
"""The rows that words find among those opened after an edition."""


class Searches:
    """Goes from the index of one edition to that of the next, as long as names and the numbers of slots stay."""

    def __init__(self) -> None:
        self.kept: OrderedDict[str, tuple[int, BitMap]] = OrderedDict()
        self.lock = threading.Lock()

    def rows(self, question: str, edition: int, live: BitMap, find: Find) -> BitMap:
        """In that edition: what was found in an earlier one and is still there, and what came since."""
        with self.lock:
            of, found = self.kept.get(question, (0, BitMap()))
        if of == edition:
            return found
        if of > edition:
            return find(question, 0)
        found = (found & live) | find(question, of)
        with self.lock:
            self.kept[question] = edition, found
            self.kept.move_to_end(question)
            while len(self.kept) > MOST:
                self.kept.popitem(last=False)
        return found
