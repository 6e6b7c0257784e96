"""The picture over a list: how many rows must or could fall in each month, quarter or year."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.language import _, day_in_words
from app.record.filters import ListFilters
from app.record.queries import Histogram
from app.site.addresses import address
from app.site.sentence import WORDING


@dataclass(frozen=True)
class HistogramBar:
    label: str
    title: str
    certain: int
    possible: int
    address: str
    certain_percent: float
    possible_percent: float


@dataclass(frozen=True)
class HistogramView:
    unit: str
    bars: Sequence[HistogramBar]
    title: str
    in_many: str


def histogram_view(filters: ListFilters, drawn: Histogram) -> HistogramView:
    period = filters.PERIODS[0]
    highest = max((bar.possible for bar in drawn.bars), default=0) or 1
    bars = []
    for each in drawn.bars:
        assert each.days.first and each.days.last
        first, last = each.days.first, each.days.last
        label = {
            "month": day_in_words(first, "MMM"),
            "quarter": f"Q{(first.month + 2) // 3}",
            "year": str(first.year),
        }[drawn.bin]
        title = {
            "month": day_in_words(first, "MMMM y"),
            "quarter": f"{day_in_words(first, 'MMMM')} to {day_in_words(last, 'MMMM y')}",
            "year": str(first.year),
        }[drawn.bin]
        bounds = (str(first.year),) * 2 if drawn.bin == "year" else (f"{first:%Y-%m}", f"{last:%Y-%m}")
        bars.append(
            HistogramBar(
                label if drawn.bin == "year" or first.month > 1 else f"{label} {first.year}",
                title,
                each.certain,
                each.possible,
                address(filters.with_(**dict(zip(period, bounds, strict=True)))),
                round(100 * each.certain / highest, 1),
                round(100 * each.possible / highest, 1),
            )
        )
    wording = WORDING[filters.KIND]
    return HistogramView(drawn.bin, bars, _(wording.drawn), _(wording.in_many))
