"""The tables of docs/performance.md as Markdown, from the figures of one or more sizes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.beside import Row
from bench.browser import BrowserFigures
from bench.throughput import Rates
from bench.worker import WorkerFigures

BEFORE: Mapping[str, float] = {
    "no filter": 7.7,
    "one city": 10.6,
    "the most frequent type": 15.2,
    "type, country and years": 16.7,
    "two outlets, independent": 15.9,
    "all but one city": 11.2,
    "two years, possible": 15.7,
    "two years, certain": 14.0,
    "a rare word": 15.6,
    "a common word": 18.8,
    "two Chinese characters": 21.3,
    "half-way through the list": 7.4,
    "the page of a city": 4.6,
    "the table of cities": 10.9,
}
"""Milliseconds at p50 of 26 November 2026, at a million events."""


@dataclass(frozen=True)
class Figures:
    """All that is measured at one size."""

    rows: Sequence[Row]
    worker: WorkerFigures
    rates: Rates
    browser: BrowserFigures | None


@dataclass(frozen=True)
class Goal:
    """A line of the table of goals; `is_reached` is asked of the largest record."""

    name: str
    before: str
    goal: str
    now: Callable[[Figures], str]
    is_reached: Callable[[Figures], bool]


def show(of_sizes: Mapping[int, Figures]) -> None:
    for lines in (times(of_sizes), others(of_sizes), goals(of_sizes)):
        print("", *lines, sep="\n", flush=True)


def times(of_sizes: Mapping[int, Figures]) -> Iterator[str]:
    """Yield the table of Sojourn's own times, of the newest edition and of a past one."""
    sizes = sorted(of_sizes)
    heads = [f"{size:,}" for size in sizes]
    yield from _head(["query", "before", *heads, "edition 1", "growth"])
    largest = of_sizes[sizes[-1]].rows
    for number, row in enumerate(largest):
        each = [of_sizes[size].rows[number].ours.p50 for size in sizes]
        before = BEFORE.get(row.name)
        yield _line(
            row.name,
            f"{before:.1f}" if before else "",
            *(f"{time:.1f}" for time in each),
            f"{row.past.p50:.1f}",
            f"{each[-1] / each[0]:.1f}",
        )


def others(of_sizes: Mapping[int, Figures]) -> Iterator[str]:
    """Yield the table of the other programs at the largest size, and how many times they take."""
    yield from _head(
        ["query", "rows", "Sojourn", "DuckDB", "×", "Datasette", "×", "plain page", "×"]
    )
    for row in of_sizes[max(of_sizes)].rows:
        theirs = (row.duckdb.p50, row.datasette.p50, row.plain.p50)
        yield _line(
            row.name,
            f"{row.rows:,}" if row.rows else "",
            f"{row.ours.p50:.1f}",
            *(cell for time in theirs for cell in (f"{time:,.0f}", _times(time / row.ours.p50))),
        )


def goals(of_sizes: Mapping[int, Figures]) -> Iterator[str]:
    """Yield the table of goals. "Before" and the goals are of a million events."""
    sizes = sorted(of_sizes)
    yield from _head(["", "before", *(f"{size:,}" for size in sizes), "goal", "reached"])
    largest = of_sizes[sizes[-1]]
    growth = max(
        row.ours.p50 / small.ours.p50
        for row, small in zip(queries(largest), queries(of_sizes[sizes[0]]), strict=True)
    )
    for goal in GOALS if largest.browser is None else (*GOALS, *GOALS_IN_BROWSER):
        yield _line(
            goal.name,
            goal.before,
            *(goal.now(of_sizes[size]) for size in sizes),
            goal.goal,
            "yes" if goal.is_reached(largest) else "no",
        )
    cells = [""] * (len(sizes) - 1) + [f"{growth:.1f}"]
    yield _line("greatest growth of a time", "1.7", *cells, "2", "yes" if growth <= 2 else "no")


def queries(figures: Figures) -> list[Row]:
    """Return the rows of lists. Pages of cities are made once an edition."""
    return [row for row in figures.rows if row.kind]


def slowest(figures: Figures) -> float:
    return max(row.ours.p50 for row in queries(figures))


def slowest_past(figures: Figures) -> float:
    """Return how many times the newest edition a past one takes at most."""
    return max(row.past.p50 / row.ours.p50 for row in queries(figures))


def least(figures: Figures, kind: str) -> tuple[float, float]:
    """Return how many times Datasette and the plain page take at least."""
    rows = [row for row in figures.rows if row.kind == kind]
    return (
        min(row.datasette.p50 / row.ours.p50 for row in rows),
        min(row.plain.p50 / row.ours.p50 for row in rows),
    )


def _beside(name: str, kind: str, before: str, lite: float, plain: float) -> Goal:
    return Goal(
        f"times faster than Datasette and the plain page, {name}",
        before,
        f"{lite:.0f}, {plain:.0f}",
        lambda figures: ", ".join(map(_times, least(figures, kind))),
        lambda figures: least(figures, kind)[0] >= lite and least(figures, kind)[1] >= plain,
    )


GOALS: Sequence[Goal] = (
    Goal(
        "slowest query, ms at p50",
        "21.3",
        "8",
        lambda figures: f"{slowest(figures):.1f}",
        lambda figures: slowest(figures) <= 8,
    ),
    Goal(
        "a past edition beside the newest, at most",
        "4 to 10 s",
        "2 times",
        lambda figures: f"{slowest_past(figures):.1f}",
        lambda figures: slowest_past(figures) <= 2,
    ),
    _beside("no filter", "none", "23,263, 190", 40, 40),
    _beside("selective", "selective", "16, 6", 8, 8),
    _beside("unselective", "unselective", "300, 204", 150, 100),
    Goal(
        "a worker's first start, s",
        "15.2",
        "5",
        lambda figures: f"{figures.worker.first_start:.1f}",
        lambda figures: figures.worker.first_start <= 5,
    ),
    Goal(
        "a later start, from the file, s",
        "",
        "5",
        lambda figures: f"{figures.worker.start:.1f}",
        lambda figures: figures.worker.start <= 5,
    ),
    Goal(
        "memory of a worker at its first start, MB",
        "488",
        "450",
        lambda figures: f"{figures.worker.memory_first:.0f}",
        lambda figures: figures.worker.memory_first <= 450,
    ),
    Goal(
        "memory of a worker at a later start, MB",
        "",
        "450",
        lambda figures: f"{figures.worker.memory:.0f}",
        lambda figures: figures.worker.memory <= 450,
    ),
    Goal(
        "index and rows beside rows alone",
        "1.2 to 2.4 times",
        "12 times",
        lambda figures: (
            f"{min(figures.worker.times_rows_alone):.1f} to "
            f"{max(figures.worker.times_rows_alone):.1f}"
        ),
        lambda figures: max(figures.worker.times_rows_alone) <= 12,
    ),
    Goal(
        "hello, a second",
        "39,461",
        "",
        lambda figures: f"{figures.rates.hello:,.0f}",
        lambda _figures: True,
    ),
    Goal(
        "304 beside hello",
        "102 %",
        "90 %",
        lambda figures: f"{figures.rates.unchanged / figures.rates.hello:.0%}",
        lambda figures: figures.rates.unchanged >= 0.9 * figures.rates.hello,
    ),
    Goal(
        "a cached page beside hello",
        "51 %",
        "60 %",
        lambda figures: f"{figures.rates.cached / figures.rates.hello:.0%}",
        lambda figures: figures.rates.cached >= 0.6 * figures.rates.hello,
    ),
    Goal(
        "the mix, a second and core",
        "49",
        "120",
        lambda figures: f"{figures.rates.mix:.0f}",
        lambda figures: figures.rates.mix >= 120,
    ),
    Goal(
        "the mix, two workers beside one",
        "1.8 times",
        "1.8 times",
        lambda figures: f"{figures.rates.mix_of_two / figures.rates.mix:.1f}",
        lambda figures: figures.rates.mix_of_two >= 1.8 * figures.rates.mix,
    ),
)
MILLISECONDS_OF_CLICK = 80


def _in_browser(
    name: str, before: str, goal: float | None, figure: Callable[[BrowserFigures], float]
) -> Goal:
    def now(figures: Figures) -> float:
        assert figures.browser
        return figure(figures.browser)

    return Goal(
        name,
        before,
        f"{goal:.0f}" if goal else "",
        lambda figures: f"{now(figures):,.0f}",
        lambda figures: goal is None or now(figures) <= goal,
    )


GOALS_IN_BROWSER: Sequence[Goal] = (
    _in_browser("a phone's first visit, largest paint, ms", "960", None, lambda b: b.largest_paint),
    _in_browser("the same, kB received", "60", None, lambda b: b.received / 1_000),
    _in_browser("the same, scripts, ms", "37", None, lambda b: b.scripts),
    _in_browser("a click on a bar, ms", "72", MILLISECONDS_OF_CLICK, lambda b: b.click_on_bar),
    _in_browser("a click on a box, ms", "82", MILLISECONDS_OF_CLICK, lambda b: b.click_on_box),
)


def _times(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 else f"{number:.1f}"


def _head(names: Iterable[str]) -> Iterator[str]:
    names = list(names)
    yield _line(*names)
    yield _line(*("---" for _name in names))


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
