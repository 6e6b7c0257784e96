"""One measure on the status page: what was last reported, by whom, and what goes against it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.dates.edtf import Days
from app.i18n.translate import _, ngettext
from app.record.names.directory import Directory
from app.record.payloads import PublishedTerm
from app.record.reads.measures import Measure, StepCitation
from app.record.rules.containment import place_and_ancestors
from app.record.rules.reported_steps import reported_steps, steps_by
from app.site.components.citations import chain, publication_date
from app.site.components.links import place_links
from app.site.components.marks import corroboration_badges, disputed_fields, term_in_words
from app.site.components.reported_status import (
    objection_lines,
    plan_note,
    status_lines,
)
from app.site.presenters.event import exempt_labels
from app.site.status.on_day import DayStatus, ReportedMeasure
from app.vocabulary.citations import Certainty, Stance
from app.vocabulary.events import ENDS, Role, StatusGroup, Step, TermKey
from app.web.urls import url

WIDTH = 330
MIN_WIDTH = 3.0
"""A shorter bar is widened, so that a single day can be seen."""
MIN_YEAR_WIDTH = 26
"""Years are named as far apart as their names need."""


@dataclass(frozen=True)
class YearScale:
    """Whole years from the first report to the selected day."""

    first: int
    last: int
    width: int = WIDTH

    def x(self, day: date) -> float:
        start = date(self.first, 1, 1).toordinal()
        whole = date(self.last, 12, 31).toordinal() + 1 - start
        return round(min(max((day.toordinal() - start) / whole, 0), 1) * self.width, 1)

    @property
    def names(self) -> list[tuple[float, str]]:
        """The middle and the short name of each year, or of every few years."""
        years = self.last - self.first + 1
        width = self.width / years
        each = max(1, round(MIN_YEAR_WIDTH / width + 0.49))
        return [
            (round((year - self.first + 0.5) * width, 1), f"’{year % 100:02}")
            for year in range(self.first, self.last + 1, each)
        ]


def scale_of(measures: Iterable[ReportedMeasure], on: date) -> YearScale:
    days = [day for each in measures if (day := _reported_days(each, on)[0])]
    return YearScale(min(day.year for day in days) if days else on.year, on.year)


@dataclass(frozen=True)
class LifeBar:
    """Shapes, in pixels from the left edge; None where there is nothing to draw."""

    width: int
    bar: tuple[float, float]
    """Left edge and width of what was reported."""
    is_doubtful: bool
    """Whether it was alleged or is disputed."""
    runs: tuple[float, float] | None
    quiet: tuple[float, float] | None
    end: float | None
    eased: float | None
    deadline: float | None
    on: float


def life_bar(each: ReportedMeasure, on: date, scale: YearScale) -> LifeBar:
    first, last = _reported_days(each, on)
    status, now = each.status.main, scale.x(on)
    left, right = scale.x(first or on), scale.x(last or on)
    width = max(right - left, MIN_WIDTH)
    right = min(left + width, now)
    end = _end(status.stated_end, status.last.days.latest if _has_ended(each) else None)
    silent_to = min(scale.x(end), now) if end else now
    is_law = each.status.group is StatusGroup.LAW
    deadline = each.measure.deadline
    return LifeBar(
        width=scale.width,
        bar=(left, round(width, 1)),
        is_doubtful=status.last.is_alleged or bool(each.measure.payload["disputed"]),
        runs=(right, round(now - right, 1)) if is_law and now > right else None,
        quiet=(right, silent_to) if not is_law and silent_to > right else None,
        end=scale.x(end) if end and end <= on else None,
        eased=right if status.last.step is Step.EASED else None,
        deadline=scale.x(deadline.last)
        if deadline and deadline.last and scale.first <= deadline.last.year <= scale.last
        else None,
        on=now,
    )


def _has_ended(each: ReportedMeasure) -> bool:
    return each.status.main.last.step in ENDS


def _end(stated: Days | None, reported: date | None) -> date | None:
    return reported or (stated.last if stated else None)


def _reported_days(each: ReportedMeasure, on: date) -> tuple[date | None, date | None]:
    """Return the first day of a report and the last one on or before the selected day."""
    steps = steps_by(reported_steps(each.measure.payload), on)
    first = min((step.first_day for step in steps if step.first_day), default=None)
    return first, max((step.day for step in steps if step.day), default=None)


class Evidence:
    """The citation of a step: who reported it, and where the record has it."""

    def __init__(
        self, position: int, measure: Measure, result: DayStatus, directory: Directory
    ) -> None:
        dated = measure.stages[position]
        stage, found = dated.stage, result.cited.get(dated.stage.citation)
        self.printed = stage.date_text
        self.remark = stage.remark
        self.says = found.citation.paraphrase if found else _("Its citation was removed.")
        self.chain = chain(found.citation, found.source, directory) if found else ()
        self.published = publication_date(found.source) if found else ""
        self.hedge = _hedge(found)
        # Why the step is only alleged; empty if the citation is firm.
        self.reason = _reason_for_doubt(found) if dated.reached.is_hedged else ""
        # Its anchor on an event's page; empty if it was removed.
        self.address = f"{url('event', id=found.event)}#{stage.citation}" if found else ""


MAX_PLACES = 3
"""Places that an entry names; the rest are counted."""


class MeasureEntry:
    """One measure, with what was last reported of it on each track."""

    def __init__(
        self,
        each: ReportedMeasure,
        result: DayStatus,
        scale: YearScale,
        covers: Callable[[Measure], str],
        directory: Directory,
    ) -> None:
        measure, status, payload = each.measure, each.status, each.measure.payload
        form = measure.form
        against = objection_lines(payload, result.linked, result.on)
        asked = set(result.other_events["place"])

        def is_other(term: PublishedTerm) -> bool:
            around = place_and_ancestors(term.get("code", ""), directory.places)
            return asked.isdisjoint(around)

        places = place_links(sorted(form["terms"], key=is_other), directory)
        more = len(places) - MAX_PLACES
        main, *others = status_lines(payload, status, result.on, against)
        self.id = measure.id
        self.address = url("event", id=measure.id)
        self.title = form["title"]
        self.type = directory.label("type", form["type"])
        # The first places, those asked for before others.
        self.places = places[:MAX_PLACES]
        # How many more there are, in words.
        self.more_places = (
            ngettext("and {count} more place", "and {count} more places", more) if more > 0 else ""
        )
        # Whose nationals it covers, with the source's wording.
        self.nationals = _covered(form["terms"], TermKey.NATIONALITY, directory)
        # Which groups of workers it covers, with the source's wording.
        self.groups = _covered(form["terms"], TermKey.GROUP, directory)
        # Who or what is left out.
        self.exempt = exempt_labels(form["terms"], directory)
        # The larger place it covers; empty if it names a selected place or one within it.
        self.covers = covers(measure)
        self.support = corroboration_badges(payload)
        self.disputed = disputed_fields(payload, directory)
        self.main = main
        # The other track.
        self.other = others[0] if others else None
        # For a plan: when it is planned for, and that no report says that it began.
        self.plan = (
            plan_note(payload, status.main.last, result.on)
            if status.main.last.step is Step.PLANNED
            else ""
        )
        self.objections = against
        # The citations of the main step; several if several reports have the same day.
        self.evidence = _evidence(each, result, directory)
        self.bar = life_bar(each, result.on, scale)


def _covered(terms: Sequence[PublishedTerm], key: TermKey, directory: Directory) -> list[str]:
    return [
        term_in_words(
            directory.label(key, term["code"]) if term.get("code") else "",
            term.get("printed"),
            term.get("number"),
            quotes=True,
        )
        for term in terms
        if term["key"] == key and term["role"] != Role.EXEMPT
    ]


def _evidence(each: ReportedMeasure, result: DayStatus, directory: Directory) -> list[Evidence]:
    """Return the citations of the main step, and of equal steps with the same days."""
    last = each.status.main.last.days
    return [
        Evidence(position, each.measure, result, directory)
        for position, dated in enumerate(each.measure.stages)
        if dated.reached.step is last.step
        and (dated.reached.earliest, dated.reached.latest) == (last.earliest, last.latest)
    ]


def _hedge(found: StepCitation | None) -> str:
    """Return the words with which the source hedges, if it does."""
    if found is None or found.citation.certainty is Certainty.FIRM:
        return ""
    label, printed = _(found.citation.certainty.label), found.citation.certainty_text
    return _("{how}: “{words}”").format(how=label, words=printed) if printed else label


def _reason_for_doubt(found: StepCitation | None) -> str:
    """Return why a step is only alleged."""
    if found is None:
        return ""
    if found.citation.certainty is not Certainty.FIRM:
        return _("The source reports it with reservations.")
    if found.citation.stance is not Stance.SUPPORTS:
        return _("The source does not confirm it.")
    return _("The source later retracted it.")
