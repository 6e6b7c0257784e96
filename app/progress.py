"""How far long work is: commands print a line every ten seconds.

A site, which calls the same functions, prints nothing.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from typing import TextIO, TypeVar

T = TypeVar("T")

SECONDS_BETWEEN_LINES = 10.0

Advance = Callable[[int], None]
"""Called with the number of items that are done since the last call."""

_streams: list[TextIO] = []
"""The stream in force is the last one, if any."""


@contextmanager
def showing_progress(stream: TextIO | None = None) -> Iterator[None]:
    """Show the progress of all work within the context, on stderr by default."""
    _streams.append(stream or sys.stderr)
    try:
        yield
    finally:
        _streams.pop()


@contextmanager
def stage(what: str, total: int | None = None) -> Iterator[Advance]:
    """Yield a function that reports how many more of `total` items are done.

    `what` names the stage, such as "Saving rows". The total may be an estimate, or unknown.
    """
    written = time.monotonic()
    done = 0

    def advance(count: int) -> None:
        nonlocal done, written
        done += count
        now = time.monotonic()
        if _streams and now - written >= SECONDS_BETWEEN_LINES:
            written = now
            of_all = f"of {max(total, done):,}" if total else "so far"
            print(f"{what}: {done:,} {of_all}", file=_streams[-1], flush=True)

    yield advance


def track(items: Iterable[T], what: str, total: int | None = None) -> Iterator[T]:
    """Yield the items, and report how many are done."""
    if total is None and isinstance(items, Sized):
        total = len(items)
    with stage(what, total) as advance:
        for item in items:
            yield item
            advance(1)
