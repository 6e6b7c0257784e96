"""One measure on the status page: what was last reported, by whom, and what goes against it."""

from collections.abc import Callable, Sequence

from app.i18n.translate import _, ngettext
from app.record.names.directory import Directory
from app.record.payloads import PublishedTerm
from app.record.reads.measures import Measure, StepCitation
from app.record.rules.containment import place_and_ancestors
from app.site.components.badges import corroboration_badges
from app.site.components.citations import chain, publication_date
from app.site.components.disputed import disputed_fields
from app.site.components.event_card import exempt_labels
from app.site.components.place_links import place_links
from app.site.components.reported_status import (
    objection_lines,
    plan_note,
    status_lines,
)
from app.site.components.term_words import term_in_words
from app.site.status.life_bar import YearScale, life_bar
from app.site.status.on_day import DayStatus, ReportedMeasure
from app.vocabulary.citations import Certainty, Stance
from app.vocabulary.events import Role, Step, TermKey
from app.web.urls import url


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
