"""The picture of the front page: events by year and direction in the listed countries.

Above the line are rules that tighten and people who leave, below it rules that ease and people
who arrive. One square is one event, or some events where a year has many.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.i18n.translate import _
from app.record.filters import EventFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory
from app.vocabulary.events import Direction
from app.vocabulary.record import PlaceKind

MAX_COUNTRIES = 2
YEARS = 12
MAX_ROWS = 4
"""Rows of squares. In a year with more events, a square stands for several of them."""
ABOVE = (Direction.TIGHTENS, Direction.LEAVES)
BELOW = (Direction.EASES, Direction.ARRIVES)
CLASSES = {
    Direction.TIGHTENS: "c-tightens",
    Direction.EASES: "c-eases",
    Direction.LEAVES: "c-moves",
    Direction.ARRIVES: "c-moves",
}


@dataclass(frozen=True)
class Square:
    css: str
    x: float
    y: float


@dataclass(frozen=True)
class CountryLine:
    """One country: the line between above and below, and its squares."""

    label: str
    y: float
    squares: Sequence[Square]


class SquaresDrawing:
    """The squares in one width, in pixels."""

    def __init__(self, picture: "YearsByDirection", width: int, left: int, per_row: int) -> None:
        self.width, self.left = width, left
        self.year_width = (width - left) / len(picture.years)
        self.step = round(min(16.0, (self.year_width - 4) / per_row), 2)
        self.size = round(self.step * 0.875, 2)
        self.per_row, self.picture = per_row, picture
        self.lines: list[CountryLine] = []
        y = 0.0
        for label, counts in picture.counts.items():
            y += max(self._rows(counts, ABOVE), 2) * self.step + 8
            self.lines.append(CountryLine(label, round(y, 1), list(self._squares(counts, y))))
            y += max(self._rows(counts, BELOW), 2) * self.step + 8
        self.bottom = round(y + 6, 1)
        self.height = round(y + 20, 1)

    @property
    def names(self) -> list[tuple[float, str]]:
        """The middle and the name of each year; short where there is little room."""
        return [
            (
                round(self.left + (at + 0.5) * self.year_width, 1),
                str(year) if self.year_width > 40 else f"’{year % 100:02}",
            )
            for at, year in enumerate(self.picture.years)
        ]

    def _cells(self, counts: Counter[tuple[int, str]], year: int, side: Sequence[str]) -> list[str]:
        unit = self.picture.unit
        return [
            direction for direction in side for _no in range(-(-counts[year, direction] // unit))
        ]

    def _rows(self, counts: Counter[tuple[int, str]], side: Sequence[str]) -> int:
        most = max(len(self._cells(counts, year, side)) for year in self.picture.years)
        return -(-most // self.per_row)

    def _squares(self, counts: Counter[tuple[int, str]], line: float) -> Iterator[Square]:
        for at, year in enumerate(self.picture.years):
            left = self.left + at * self.year_width + 2
            for side, sign in ((ABOVE, -1), (BELOW, 1)):
                for no, direction in enumerate(self._cells(counts, year, side)):
                    row, column = divmod(no, self.per_row)
                    top = line + sign * (4 + row * self.step) - (self.size if sign < 0 else 0)
                    yield Square(
                        CLASSES[Direction(direction)],
                        round(left + column * self.step, 1),
                        round(top, 1),
                    )


class YearsByDirection:
    """How many events of each direction begin in each year, in the listed countries."""

    def __init__(
        self, db: Session, edition: IndexedEdition, directory: Directory, places: Sequence[str]
    ) -> None:
        """Runs no SQL."""
        last = edition.at.year
        self.years = range(last - YEARS + 1, last + 1)
        countries = [c for c in places if directory.kind_of_place(c) is PlaceKind.COUNTRY]
        self.counts: dict[str, Counter[tuple[int, str]]] = {}
        for code in countries[:MAX_COUNTRIES]:
            counts: Counter[tuple[int, str]] = Counter()
            for direction in (*ABOVE, *BELOW):
                filters = EventFilters.made_of({"place": [code], "direction": [direction]}, {})
                for day, count in backend.match(db, edition, filters, directory).by_day().items():
                    if day and day.year in self.years:
                        counts[day.year, direction] += count
            self.counts[directory.label("place", code)] = counts
        most = max(
            (
                sum(counts[year, direction] for direction in side)
                for counts in self.counts.values()
                for year in self.years
                for side in (ABOVE, BELOW)
            ),
            default=0,
        )
        self.unit = max(1, -(-most // (MAX_ROWS * 5)))

    @property
    def has_squares(self) -> bool:
        return any(map(Counter.total, self.counts.values()))

    @property
    def wide(self) -> SquaresDrawing:
        return SquaresDrawing(self, 1152, 132, 5)

    @property
    def narrow(self) -> SquaresDrawing:
        return SquaresDrawing(self, 358, 4, 3)

    @property
    def label(self) -> str:
        """The same for those who see no picture: a sentence for each country."""
        sentences = [
            _(
                "{place}: {tightens} rules that tighten, {eases} that ease, {leaves} reports of "
                "people leaving, {arrives} of people arriving."
            ).format(
                place=place,
                **{
                    str(direction): sum(counts[year, direction] for year in self.years)
                    for direction in (*ABOVE, *BELOW)
                },
            )
            for place, counts in self.counts.items()
        ]
        return " ".join(sentences)
