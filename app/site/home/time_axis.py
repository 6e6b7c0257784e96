"""The time axis of the picture on the front page, in percentages of its width."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class TimeAxis:
    """Whole years, up to that of the edition. Positions are percentages."""

    first_year: int
    on: date
    """The day of the edition."""

    @property
    def last_year(self) -> int:
        return self.on.year

    def at(self, day: date) -> float:
        """Return the left edge of a day, limited to the axis."""
        start = date(self.first_year, 1, 1).toordinal()
        whole = date(self.last_year, 12, 31).toordinal() + 1 - start
        return round(min(max((day.toordinal() - start) / whole, 0), 1) * 100, 2)

    @property
    def now(self) -> float:
        return self.at(self.on)

    @property
    def years(self) -> Sequence[tuple[float, float, int]]:
        """The middle, the left edge and the number of each year."""
        width = 100 / (self.last_year - self.first_year + 1)
        return [
            (round((at + 0.5) * width, 2), round(at * width, 2), self.first_year + at)
            for at in range(self.last_year - self.first_year + 1)
        ]

    @property
    def year_width(self) -> float:
        return round(100 / (self.last_year - self.first_year + 1), 2)
