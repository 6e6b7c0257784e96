"""How far long work is: a bar on a terminal, otherwise a line a minute.

Commands show it. A site, which calls the same functions, shows nothing.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from typing import TextIO, TypeVar

T = TypeVar("T")

SECONDS_BETWEEN_BARS = 0.2
SECONDS_BETWEEN_LINES = 60.0
BAR_CHARACTERS = 24
CLEAR_LINE = "\r\x1b[K"

Advance = Callable[[int], None]
"""Called with the number of items that are done since the last call."""


class _Reporter:
    """Writes to a stream, and not too often."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.is_terminal = stream.isatty()
        self.seconds_between = SECONDS_BETWEEN_BARS if self.is_terminal else SECONDS_BETWEEN_LINES
        self.written_at = time.monotonic()

    def show(self, what: str, done: int, total: int | None, seconds: float) -> None:
        now = time.monotonic()
        if now - self.written_at < self.seconds_between:
            return
        self.written_at = now
        words = describe(what, done, total, seconds)
        if self.is_terminal:
            self.stream.write(f"{CLEAR_LINE}{draw_bar(done, total)}{words}")
        else:
            self.stream.write(f"{words}\n")
        self.stream.flush()

    def end_stage(self) -> None:
        if self.is_terminal:
            self.stream.write(CLEAR_LINE)
            self.stream.flush()


_reporters: list[_Reporter] = []
"""The reporter in force, if any."""


@contextmanager
def showing_progress(stream: TextIO | None = None) -> Iterator[None]:
    """Show the progress of all work within the context, on stderr by default."""
    _reporters.append(_Reporter(stream or sys.stderr))
    try:
        yield
    finally:
        _reporters.pop()


@contextmanager
def stage(what: str, total: int | None = None) -> Iterator[Advance]:
    """Yield a function that reports how many more of `total` items are done.

    `what` names the stage, such as "Saving rows". The total may be an estimate, or unknown.
    """
    if not _reporters:
        yield lambda _count: None
        return
    reporter, started, done = _reporters[-1], time.monotonic(), 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        reporter.show(what, done, total, time.monotonic() - started)

    try:
        yield advance
    finally:
        reporter.end_stage()


def track(items: Iterable[T], what: str, total: int | None = None) -> Iterator[T]:
    """Yield the items, and report how many are done."""
    if not _reporters:
        yield from items
        return
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
    share = min(done / total, 0.99 if done < total else 1.0)
    words = f"{what}: {done:,} of {max(total, done):,} ({share:.0%})".replace("%)", " %)")
    if 0 < share < 1 and seconds >= 1:
        words += f", about {_duration(seconds * (1 - share) / share)} left"
    return words


def draw_bar(done: int, total: int | None) -> str:
    if not total:
        return ""
    full = round(BAR_CHARACTERS * min(1.0, done / total))
    return f"[{'#' * full}{'.' * (BAR_CHARACTERS - full)}] "


def _duration(seconds: float) -> str:
    if seconds < 90:
        count, unit = round(seconds), "second"
    elif seconds < 5400:
        count, unit = round(seconds / 60), "minute"
    else:
        count, unit = round(seconds / 3600), "hour"
    return f"{count} {unit}{'' if count == 1 else 's'}"
