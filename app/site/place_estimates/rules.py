"""The rules of a place: read with its newest events, and drawn as bars on the chart's years."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy.orm import Session

from app.filtering import NONE
from app.record.filters import EventFilters, StatusFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.payloads import event_payload, form_of
from app.record.reads import measures
from app.record.reads.measures import Measure
from app.record.rules import measure_types, reported_status
from app.record.sql.rows import ListRow
from app.site.charts.estimates_chart import letters_of_number
from app.site.charts.life_bar import LifeBar, YearScale, life_bar
from app.site.charts.panels import Chart, EventStrip
from app.site.components.reported_status import status_lines
from app.site.components.urls import address
from app.site.status.on_day import ReportedMeasure, status_address
from app.vocabulary.events import EventLink, StatusGroup, Step
from app.web.urls import url

MAX_EVENTS = 200
"""Rules and reports of evasion that are read for a page, newest first."""
STAGE_TERMS = [("stage", step) for step in Step]
MAX_RULES = 8
"""Rules that are drawn, the latest reported ones; the page of what applies where has all."""
NOT_BEGUN = {StatusGroup.PLANNED, StatusGroup.CARRIED_OUT, StatusGroup.DONE}
"""Plans, and acts done once: neither is a rule that was reported to be so for a time."""
LETTER_GAP_PIXELS = 13
"""From the start of a bar to the middle of its letter."""


class PlaceRule:
    """One rule with a bar for each drawing of the chart: wide, medium and narrow."""

    def __init__(
        self, letter: str, each: ReportedMeasure, strips: Sequence[EventStrip], on: date
    ) -> None:
        payload = each.measure.payload
        self.letter = letter
        self.id = each.measure.id
        self.title = each.measure.form["title"]
        self.address = url("event", id=each.measure.id)
        self.line = status_lines(payload, each.status, on, ())[0]
        self.bars = [
            life_bar(
                each,
                on,
                YearScale(strip.first_year, strip.last_year, round(strip.right - strip.left)),
            )
            for strip in strips
        ]

    def letter_x(self, bar: LifeBar, left: float) -> float:
        """Return the middle of its letter, left of the bar or else in the margin."""
        return round(left + bar.bar[0] - LETTER_GAP_PIXELS, 1)


class PlaceRules:
    """The rules that name a place or one within it, without those for larger places."""

    def __init__(
        self,
        rows: Sequence[ListRow],
        chart: Chart,
        code: str,
        directory: Directory,
        *,
        on: date,
        people: Collection[str],
    ) -> None:
        """Shows the rules among `rows` about these people, the latest reported first."""
        strips = [each.strip for each in (chart.wide, chart.medium, chart.narrow) if each.strip]
        every = _reported(rows, code, on, directory)
        found = [
            each for each in every if not people or measure_types.is_for(each.measure.form, people)
        ]
        shown = [
            PlaceRule(letters_of_number(number).upper(), each, strips, on)
            for number, each in enumerate(found[:MAX_RULES])
        ]
        self.shown = shown
        self.total = len(found)
        # How many rules are about other people, goods or firms.
        self.further = len(every) - len(found)
        self.further_address = address(EventFilters.made_of({"place": (code,)}, {"stage": (NONE,)}))
        # Signs of the bars, for the key.
        self.signs = _signs([rule.bars[0] for rule in shown])
        # The page of rules on the day of the edition.
        self.address = status_address(StatusFilters.made_of({"place": [code]}, {}))


def newest_events_and_rules(
    db: Session, edition: IndexedEdition, directory: Directory, code: str, newest: int
) -> tuple[list[ListRow], list[ListRow]]:
    """Return the newest events of a place, and its rules and reports of evasion."""
    here = EventFilters.made_of({"place": (code,)}, {})
    evades = ("uses", f"event-link:{EventLink.EVADES}")
    latest = backend.latest_rows(db, edition, here, directory, most=newest)
    rules = backend.latest_rows(
        db, edition, here, directory, most=MAX_EVENTS, having=[[*STAGE_TERMS, evades]]
    )
    by_seq = backend.rows_by_seq(db, [*latest.seqs, *rules.seqs])

    def existing(seqs: Sequence[int]) -> list[ListRow]:
        return [by_seq[seq] for seq in seqs if seq in by_seq]

    return existing(latest.seqs), existing(rules.seqs)


def _reported(
    rows: Sequence[ListRow], code: str, on: date, directory: Directory
) -> list[ReportedMeasure]:
    laws = measure_types.law_types(directory.codes)
    found = []
    for row in rows:
        measure, type_ = Measure(row.id, event_payload(row)), form_of(row)["type"]
        if not measure_types.is_measure(type_, directory.codes) or not measures.is_in_places(
            measure, [code], directory
        ):
            continue
        status = reported_status.status_on(measure.payload, on, type_ in laws)
        if status and status.group not in NOT_BEGUN:
            found.append(ReportedMeasure(measure, status))
    return sorted(found, key=lambda each: each.status.main.last.day or date.min, reverse=True)


def _signs(bars: Sequence[LifeBar]) -> list[str]:
    """Return which signs the bars have, in the order of the key."""
    has = {
        "bar": any(not bar.is_doubtful for bar in bars),
        "said": any(bar.is_doubtful for bar in bars),
        "quiet": any(bar.quiet for bar in bars),
        "runs": any(bar.runs for bar in bars),
        "end": any(bar.end is not None for bar in bars),
        "eased": any(bar.eased is not None for bar in bars),
        "deadline": any(bar.deadline is not None for bar in bars),
    }
    return [sign for sign, is_used in has.items() if is_used]
