"""Queries for all compared programs: filters over made-up events."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.record.filters import EventFilters
from app.record.models import Version
from app.record.sql import rows as record_rows
from bench.made_up.words import CHINESE, INVENTED
from tests.support.oracle import row_position

FACETS = ("type", "place", "outlet", "stage", "paper", "corroboration")
"""Keys that the other programs count, a third of Sojourn's."""
PAGE = 20
"""Rows of a page, as on Sojourn's own."""
CITY = "city-1"
RARE, COMMON, CHINESE_WORD = INVENTED.things[6_000], INVENTED.things[0], CHINESE.things[200]


@dataclass(frozen=True)
class Question:
    """A filter and a page: `skipped` rows before the page, also encoded in the cursor `after`."""

    name: str
    filters: EventFilters
    skipped: int = 0
    after: str = ""

    def address(self, round_: int = 0) -> str:
        """Return Sojourn's URL. Dots after the words bypass the cache; the result stays equal."""
        filters = self.filters.with_(after=self.after or None)
        if words := filters.one("q"):
            filters = filters.with_(q=f"{words} {'.' * (round_ % 100 + 1)}")
        return f"/events?{filters.query_string()}".rstrip("?")


def questions(db: Session) -> list[Question]:
    window = {"from": "2018", "to": "2019"}
    return [
        Question("no filter", _filters()),
        Question("one city", _filters(place="city-60")),
        Question("the most frequent type", _filters(type="stay-limit")),
        Question(
            "type, country and years",
            _filters(type="stay-limit", place="country-1", from_="2015", to="2020"),
        ),
        Question(
            "two outlets, independent",
            _filters(outlet=("outlet-1", "outlet-2"), corroboration="independent"),
        ),
        Question("all but one city", EventFilters.made_of({}, {"place": (CITY,)})),
        Question(
            "two years, possible",
            EventFilters.made_of({k: (v,) for k, v in window.items()}, {}),
        ),
        Question("two years, certain", _filters(from_="2018", to="2019", match="certain")),
        Question("a rare word", _filters(q=RARE)),
        Question("a common word", _filters(q=COMMON)),
        Question("two Chinese characters", _filters(q=CHINESE_WORD)),
        _half_way(db),
    ]


def _filters(**values: str | tuple[str, ...]) -> EventFilters:
    return EventFilters().with_(**values)


def _half_way(db: Session) -> Question:
    """Return a page half-way through all events, as reached by programs that follow `next`."""
    is_shown = (Version.kind == "E", Version.closed.is_(None), Version.sort_day.is_not(None))
    skipped = (db.scalar(select(func.count()).select_from(Version).where(*is_shown)) or 0) // 2
    width = func.coalesce(func.upper(Version.lo) - func.lower(Version.lo), 0)
    ordered = (
        select(*record_rows.LIST_COLUMNS)
        .where(*is_shown)
        .order_by(Version.sort_day, width.desc(), Version.number)
    )
    row = record_rows.list_row(db.execute(ordered.offset(skipped - 1).limit(1)).one())
    after = row_position(row).written("happened")
    return Question("half-way through the list", _filters(), skipped, after)
