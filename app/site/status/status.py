"""`/status`: what was last reported of measures by a date, in groups."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from fastapi import Request
from starlette.responses import Response

from app.dates import edtf
from app.filtering import NONE
from app.i18n.formats import alternatives, day, enumerate_words
from app.i18n.translate import N_, _, ngettext
from app.record.filters import EventFilters, StatusFilters
from app.record.index.edition import IndexedEdition
from app.record.lists.cited_rows import CitedRows, RowsInEdition, rows_with_ids
from app.record.names.directory import Directory
from app.record.reads import measures
from app.record.reads.measures import DatedStage, Measure
from app.record.rules.reported_status import CONFIRMED_FOR_MONTHS
from app.record.rules.reported_steps import days_of_change, reported_steps
from app.site.components.links import PlaceLink, related_lists
from app.site.components.marks import Badge
from app.site.components.reported_status import last_reported_badges, objection_lines
from app.site.components.text import TextPart
from app.site.components.urls import PageLink, address, place_page_address
from app.site.datasets.dataset import TABLE_ENDINGS, Dataset
from app.site.export.column_types import as_fields
from app.site.export.responses import ListFile, json_response
from app.site.references.citable import CitableView, plain_title
from app.site.status.columns import COLUMNS, MeasureRow
from app.site.status.entries import MeasureEntry, YearScale, scale_of
from app.site.status.on_day import (
    ANCHORS,
    HEADINGS,
    DayStatus,
    ReportedMeasure,
    covers_of,
    day_of,
    days_around,
    in_group,
    status_address,
)
from app.vocabulary.events import EventLink, StatusGroup, Step
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import PlaceKind
from app.web.urls import url

OPEN = (StatusGroup.RECENT, StatusGroup.LAW, StatusGroup.ENDED)
"""Groups that are shown in full. The others are folded: they may no longer apply."""
PLACE_KINDS = list(PlaceKind)


class Group:
    """The measures of one group."""

    def __init__(self, code: StatusGroup, listing: "Status") -> None:
        self.code, self.listing = code, listing
        self.found = in_group(listing.result, code)
        self.anchor, self.heading = ANCHORS[code], HEADINGS[code]

    @cached_property
    def entries(self) -> list[MeasureEntry]:
        made = self.listing
        return [
            MeasureEntry(each, made.result, made.scale, made.covers, made.directory)
            for each in self.found
        ]

    @property
    def note(self) -> str:
        match self.code:
            case StatusGroup.LAW:
                return _("A law is listed until its end is recorded, even without recent reports.")
            case StatusGroup.UNCONFIRMED:
                unconfirmed = _("No report that we read confirms them for a later day.")
                if any(map(_is_eased, self.found)) or any(map(_is_reversed, self.entries)):
                    some = _("Some were reported as eased or reversed.")
                    return " ".join((unconfirmed, some))
                return unconfirmed
            case StatusGroup.DONE:
                return ngettext("{count} act", "{count} acts", len(self.found))
        return ngettext("{count} measure", "{count} measures", len(self.found))


def _is_eased(each: ReportedMeasure) -> bool:
    tracks = (each.status.main, each.status.other)
    return any(track.last.step is Step.EASED for track in tracks if track)


def _is_reversed(entry: MeasureEntry) -> bool:
    reversals = {EventLink.REVERSES, EventLink.PARTLY_REVERSES}
    return any(line.type in reversals for line in entry.objections)


class Deadline(NamedTuple):
    day: str
    distance: str
    title: str
    address: str
    covers: str


class Status(Dataset[StatusFilters]):
    name = "status"
    heading = N_("Rules on a date")
    filter_class = StatusFilters
    template = "site/status/page.html"
    endings = TABLE_ENDINGS
    columns = COLUMNS
    form_keys = frozenset({"on", "place"})
    takes_place_names = True

    @cached_property
    def result(self) -> DayStatus:
        return DayStatus(self.db, self.edition, self.filters, self.directory)

    @cached_property
    def covers(self) -> Callable[[Measure], str]:
        return covers_of(self.filters, self.directory)

    @property
    def on(self) -> date:
        return day_of(self.filters, self.edition)

    def link(self, ending: str = "") -> str:
        return self.address_of(self.filters, ending)

    @property
    def places_in_words(self) -> str:
        return alternatives(self.place_labels)

    @property
    def title(self) -> str:
        within = [self.places_in_words] if self.filters["place"] else []
        within += [
            self.directory.label(noun, code)
            for noun in ("law", "actor")
            for code in self.filters[noun]
        ]
        if not within:
            return _("Rules last reported for {day}").format(day=day(self.on))
        return _("Rules last reported for {day}: {place}").format(
            day=day(self.on), place=enumerate_words(within)
        )

    @cached_property
    def notices(self) -> list[str]:
        found, published = [*super().notices], self.edition.at.date()
        if self.on > published:
            found.append(
                _("Edition {no} is of {day} and has no later reports.").format(
                    no=self.edition.no, day=day(published)
                )
            )
        if len(self.result.measures) == measures.MAX_MEASURES:
            found.append(
                _(
                    "This page shows only the newest {count} measures. Choose a place to see all "
                    "of its measures."
                ).format(count=measures.MAX_MEASURES)
            )
        return found

    # Groups ---------------------------------------------------------------------------------------

    @cached_property
    def groups(self) -> list[Group]:
        groups = [Group(code, self) for code in StatusGroup]
        return [group for group in groups if group.found]

    @property
    def open_groups(self) -> list[Group]:
        return [group for group in self.groups if group.code in OPEN]

    @property
    def folded_groups(self) -> list[Group]:
        unfolded = {*OPEN, StatusGroup.DONE}
        return [group for group in self.groups if group.code not in unfolded]

    @property
    def done(self) -> Group | None:
        """Acts done once, which are no rules."""
        return next((group for group in self.groups if group.code is StatusGroup.DONE), None)

    @cached_property
    def scale(self) -> YearScale:
        return scale_of(
            (each for group in OPEN for each in in_group(self.result, group)), self.result.on
        )

    @property
    def months(self) -> int:
        """How long a report counts as recent."""
        return CONFIRMED_FOR_MONTHS

    @property
    def sentence(self) -> list[TextPart]:
        """The summary: the total, then each group with a link to it.

        The numbers of groups add up to the total. Acts done once are no measures that go on: they
        are counted apart, last.
        """
        rules = [each for each in self.result.reported if each.status.group is not StatusGroup.DONE]
        larger = sum(bool(self.covers(each.measure)) for each in rules)
        total = len(rules)
        counted = ngettext("{count} measure", "{count} measures", total)
        if self.filters["place"]:
            counted = _counted_by_place(total - larger, larger, self.places_in_words)
        if self.on < self.edition.at.date():
            # Reports of later years also tell of it.
            first = _("For {day}, the record has {measures}, according to reports known today.")
        else:
            first = _("For {day}, the record has {measures}.")
        first = first.format(day=day(self.on), measures=counted)
        if people := self.result.people:
            labels = enumerate_words(self.directory.label("nationality", code) for code in people)
            # l10n: whose rules on stay, entry, work and exit these are
            first = _("{sentence} Nationality: {names}.").format(sentence=first, names=labels)
        parts = [TextPart(first, is_strong=True)]
        if not total:
            parts.append(TextPart(_("No entry does not mean that nothing happened.")))
        return parts + [
            TextPart(_group_sentence(group.code, len(group.found)), f"#{group.anchor}")
            for group in self.groups
        ]

    # What is near ---------------------------------------------------------------------------------

    @property
    def related(self) -> list[PageLink]:
        """The page and lists of the place; empty unless one is selected."""
        if (
            len(self.filters["place"]) != 1
            or self.filters.one("place") not in self.directory.places
        ):
            return []
        code = self.filters.one("place")
        label = _("Open {name}").format(name=self.directory.label("place", code))
        # The last link is to this page.
        lists = related_lists(self.edition, code)[:-1]
        return [PageLink(label, place_page_address(self.directory, code)), *lists]

    @property
    def around(self) -> list[PlaceLink]:
        """Places that contain the selected ones, with links to their status pages."""
        places = self.directory.places
        codes = measures.ancestors_of(self.filters["place"], self.directory)
        return [
            PlaceLink(
                self.directory.label("place", code),
                self.address_of(self.bare.with_(place=code)),
                (),
            )
            for code in sorted(codes, key=lambda code: PLACE_KINDS.index(places[code].kind))
            if code in places
        ]

    def _near(self) -> list[tuple[Measure, edtf.Days]]:
        return [
            (measure, measure.deadline)
            for measure in self.result.measures
            if measure.deadline and measure.deadline.overlaps(self.result.nearby)
        ]

    @property
    def deadlines(self) -> list[Deadline]:
        return [
            Deadline(
                measure.payload["deadline_words"],
                _distance(deadline, self.on),
                measure.form["title"],
                url("event", id=measure.id),
                self.covers(measure),
            )
            for measure, deadline in sorted(self._near(), key=lambda pair: pair[1].last or date.max)
        ]

    @property
    def undated(self) -> list[tuple[Sequence[Badge], str, str]]:
        """Status, title and address of measures without any dated step."""
        return [
            (
                last_reported_badges(measure.payload),
                measure.form["title"],
                url("event", id=measure.id),
            )
            for measure in self.result.undated
        ]

    @property
    def further_address(self) -> str:
        return address(EventFilters.made_of({"place": self.filters["place"]}, {"stage": (NONE,)}))

    @property
    def acts(self) -> str:
        count = self.result.other_event_count
        return ngettext("{count} event", "{count} events", count)

    @property
    def acts_address(self) -> str:
        return address(self.result.other_events) if self.result.other_event_count else ""

    @property
    def steps(self) -> list[tuple[str, str]]:
        """Links to the adjacent days, and to the nearest days with a change of stage."""
        on, (first, last) = self.on, days_around(self.on)
        reached = {
            changes
            for measure in self.result.measures
            for step in reported_steps(measure.payload)
            for changes in days_of_change(step)
        }
        others = [
            (_("Last change before: {day}"), max((d for d in reached if d < on), default=None)),
            (_("One day earlier"), on - timedelta(days=1) if on > first else None),
            (_("One day later"), on + timedelta(days=1) if on < last else None),
            (_("Next change: {day}"), min((d for d in reached if d > on), default=None)),
        ]
        return [
            (
                label.format(day=day(other)),
                self.address_of(self.bare.with_(on=other.isoformat())),
            )
            for label, other in others
            if other
        ]

    # Citation and files ---------------------------------------------------------------------------

    @property
    def dated(self) -> StatusFilters:
        """The filters with the day, which an address may leave out."""
        return self.bare.with_(on=self.on.isoformat())

    @property
    def lasting_address(self) -> str:
        return status_address(self.dated.with_(edition=str(self.edition.no)))

    @property
    def view(self) -> CitableView:
        parts = ["status", *self.filters["place"][:3], self.on.isoformat()]
        return CitableView(
            edition=self.edition,
            page=status_address(self.dated),
            name="-".join(parts),
            title=plain_title([self.title]),
            remark=_("a last report does not show that a rule was in force on the day"),
        )

    @property
    def cited_rows(self) -> RowsInEdition:
        def rows(edition: IndexedEdition, directory: Directory) -> CitedRows:
            filters = directory.led_on(self.filters)
            found = measures.read_measures(self.db, edition, filters, directory)
            return rows_with_ids(edition, RecordKind.EVENT, [measure.id for measure in found])

        return rows

    def list_file(self, rows: int) -> ListFile:
        return replace(super().list_file(rows), page=self.view.page)

    def file_rows(self) -> list[MeasureRow]:
        """Return one row for each measure, in the order of the page."""
        return [
            MeasureRow(
                each,
                self.result,
                self.covers(each.measure),
                objection_lines(each.measure.payload, self.result.linked, self.on),
            )
            for group in StatusGroup
            for each in in_group(self.result, group)
        ]

    def file(self, request: Request, ending: str) -> Response:
        if ending == "json":
            return json_response(request, self.as_json(request), self.edition)
        return super().file(request, ending)

    def as_json(self, request: Request) -> dict[str, Any]:  # noqa: ARG002 - as other lists
        """Return what was last reported, and each measure's certain and possible stages.

        `items` has the stages certainly or possibly reached by the day, however old they are;
        `measures` has what the page shows.
        """
        result, rows = self.result, self.file_rows()
        return {
            "edition": self.edition.no,
            "on": self.on.isoformat(),
            "query": {key: list(self.filters[key]) for key in self.filters.included},
            "total": len(rows),
            "confirmed_for_months": CONFIRMED_FOR_MONTHS,
            "groups": {str(group): len(in_group(result, group)) for group in StatusGroup},
            "measures": [as_fields(COLUMNS, row) for row in rows],
            "undated": [measure.id for measure in result.undated],
            "items": [
                {
                    "id": stage.measure.id,
                    "title": stage.measure.form["title"],
                    "type": stage.measure.form["type"],
                    "places": list(stage.measure.places),
                    "covers": self.covers(stage.measure),
                    "track": stage.track,
                    "step": stage.step,
                    "reading": "certain" if stage.is_certain else "possible",
                    "reached": [_reached_as_json(dated, result) for dated in stage.reached],
                }
                for stage in result.stages
            ],
            "deadlines": [
                {"id": near.id, "title": near.form["title"], "deadline": near.form["deadline"]}
                for near, _deadline in self._near()
            ],
            "other_events": {
                "count": result.other_event_count,
                "list": address(result.other_events, ".json"),
            },
        }


def _reached_as_json(dated: DatedStage, result: DayStatus) -> dict[str, Any]:
    found = result.cited.get(dated.stage.citation)
    return {
        "date": dated.stage.date,
        "earliest": dated.reached.earliest and dated.reached.earliest.isoformat(),
        "latest": dated.reached.latest and dated.reached.latest.isoformat(),
        "hedged": dated.reached.is_hedged,
        "citation": dated.stage.citation,
        "event": found.event if found else None,
        "source": found.citation.source if found else None,
    }


def _distance(deadline: edtf.Days, on: date) -> str:
    """Return the distance in words. A deadline passes at the end of its last possible day."""
    if deadline.last and deadline.last < on:
        days = (on - deadline.last).days
        return ngettext("{count} day before", "{count} days before", days)
    if deadline.first and deadline.first > on:
        days = (deadline.first - on).days
        return ngettext("{count} day later", "{count} days later", days)
    return _("that day") if deadline.first == deadline.last else _("includes that day")


def _counted_by_place(here: int, larger: int, place: str) -> str:
    """Return how many measures name the place, and how many only a larger one."""
    named = ngettext(
        "{count} measure for {{place}} or a place in it",
        "{count} measures for {{place}} or a place in it",
        here,
    ).format(place=place)
    if not larger:
        return named
    wider = ngettext(
        "{count} for a larger place around it",
        "{count} for larger places around it",
        larger,
    )
    # l10n: numbers of measures: of a place, and of larger places around it
    return _("{named}, and {wider}").format(named=named, wider=wider)


def _group_sentence(group: StatusGroup, count: int) -> str:
    match group:
        case StatusGroup.RECENT:
            return ngettext(
                "{count} was reported in the past 24 months.",
                "{count} were reported in the past 24 months.",
                count,
            )
        case StatusGroup.LAW:
            return ngettext(
                "{count} is a law or listing with no recorded end.",
                "{count} are laws or listings with no recorded end.",
                count,
            )
        case StatusGroup.ENDED:
            return ngettext(
                "{count} was reported as ended or has passed its stated end.",
                "{count} were reported as ended or have passed their stated end.",
                count,
            )
        case StatusGroup.UNCONFIRMED:
            return ngettext(
                "{count} was not confirmed in the past 24 months.",
                "{count} were not confirmed in the past 24 months.",
                count,
            )
        case StatusGroup.CARRIED_OUT:
            return ngettext(
                "{count} was planned and is carried out by another event in the record.",
                "{count} were planned and are carried out by other events in the record.",
                count,
            )
        case StatusGroup.DONE:
            return ngettext(
                "{count} single act is listed separately.",
                "{count} single acts are listed separately.",
                count,
            )
    return ngettext(
        "{count} was planned, with no report of a start.",
        "{count} were planned, with no report of a start.",
        count,
    )
