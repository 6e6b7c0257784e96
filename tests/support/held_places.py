"""Takes all places of a queue, as if others were using them."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Semaphore


@contextmanager
def held_places(places: Semaphore) -> Iterator[None]:
    held = 0
    try:
        while places.acquire(blocking=False):
            held += 1
        yield
    finally:
        places.release(held)
