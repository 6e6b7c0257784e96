"""How far long work is: a line that changes on a terminal, otherwise one a minute.

Commands show it. A site, which calls the same functions, shows nothing.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from typing import TextIO, TypeVar

T = TypeVar("T")

SECONDS_ON_TERMINAL = 0.2
SECONDS_BETWEEN_LINES = 60.0
CLEAR_LINE = "\r\x1b[K"

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
    if not _streams:
        yield lambda _count: None
        return
    stream, is_terminal = _streams[-1], _streams[-1].isatty()
    started = written = time.monotonic()
    done = 0

    def advance(count: int) -> None:
        nonlocal done, written
        done += count
        now = time.monotonic()
        if now - written >= (SECONDS_ON_TERMINAL if is_terminal else SECONDS_BETWEEN_LINES):
            written = now
            words = describe(what, done, total, now - started)
            stream.write(f"{CLEAR_LINE}{words}" if is_terminal else f"{words}\n")
            stream.flush()

    try:
        yield advance
    finally:
        if is_terminal:
            stream.write(CLEAR_LINE)
            stream.flush()


def track(items: Iterable[T], what: str, total: int | None = None) -> Iterator[T]:
    """Yield the items, and report how many are done."""
    if total is None and isinstance(items, Sized):
        total = len(items)
    with stage(what, total) as advance:
        for item in items:
            yield item
            advance(1)


def describe(what: str, done: int, total: int | None, seconds: float) -> str:
    """Return a line such as "Saving rows: 42 of 100 (42 %), about 3 minutes left"."""
    if not total:
        return f"{what}: {done:,} so far"
    # An estimated total may be too small.
    share = min(done / total, 1.0)
    left = seconds * (1 - share) / share if share else 0
    count, unit = (round(left / 60), "minute") if left >= 90 else (round(left), "second")
    return (
        f"{what}: {done:,} of {max(total, done):,} ({share:.0%})".replace("%)", " %)")
        + f", about {count} {unit}{'' if count == 1 else 's'} left"
    )
