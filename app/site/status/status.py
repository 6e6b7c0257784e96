"""`/status`: what applies where, by what was last reported."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from typing import Any, Literal, NamedTuple

from fastapi import Request
from starlette.responses import Response

from app.filtering import NONE
from app.i18n.formats import day, enumerate_words
from app.i18n.translate import N_, _, ngettext
from app.record.filters import EventFilters, StatusFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.lists.cited_rows import CitedRows, RowsInEdition, rows_with_ids
from app.record.names.date_labels import stated_end_in_words
from app.record.names.directory import Directory
from app.record.names.plan_labels import deadline_in_words, planned_for_in_words
from app.record.names.status_labels import dated_in_words
from app.record.payloads import PublishedStage
from app.record.reads import measures
from app.record.reads.measures import DatedStage, Measure
from app.record.rules import measure_types, reported_status
from app.record.rules.reported_status import CONFIRMED_FOR_MONTHS, TrackStatus
from app.record.rules.rule_groups import RuleGroup
from app.record.rules.stages import INTENTS
from app.site.components.reported_status import (
    ObjectionLine,
    age_in_words,
    objection_lines,
)
from app.site.components.urls import PageLink, address
from app.site.datasets.dataset import FILES, FORMER_FILES, Dataset
from app.site.export.column_types import Column, ColumnType, as_fields
from app.site.export.list_columns import codes_of_key, covered_words, exempt_codes, exempt_words
from app.site.export.responses import ListFile, json_response
from app.site.lists.summary import notices
from app.site.references.citable import CitableView, plain_title
from app.site.status.on_day import (
    DayStatus,
    ReportedMeasure,
    covers_of,
    day_of,
    in_group,
    status_address,
)
from app.site.status.state import State, StateRule, workers_of
from app.vocabulary.events import StatusGroup, Step, Track, TypeNature
from app.vocabulary.kinds import RecordKind

# The files ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MeasureRow:
    """One measure in the files, with what its columns need."""

    each: ReportedMeasure
    result: DayStatus
    covers: str
    objections: list[ObjectionLine]

    @property
    def measure(self) -> Measure:
        return self.each.measure

    def track(self, track: Track) -> TrackStatus | None:
        both = (self.each.status.main, self.each.status.other)
        return next((found for found in both if found and found.track is track), None)

    @property
    def main(self) -> TrackStatus:
        return self.each.status.main


Reader = Callable[[MeasureRow], Any]


def _track_columns(track: Track) -> list[Column[MeasureRow]]:
    name = str(track)

    def of(read: Callable[[MeasureRow, TrackStatus], Any], empty: Any = "") -> Reader:
        def value(row: MeasureRow) -> Any:
            found = row.track(track)
            return empty if found is None else read(row, found)

        return value

    read: list[tuple[str, str, Reader, ColumnType]] = [
        ("step", "Its last reported step.", of(_step), ColumnType.TEXT),
        ("reported", "The day for which that is reported (EDTF).", of(_date), ColumnType.TEXT),
        ("report", "When its citation was made or published (EDTF).", of(_report), TEXT),
        ("held_until", "Last possible day of a report that it still was so.", of(_held, None), DAY),
        ("alleged", "Whether it is reported with reserve only.", of(_alleged, False), FLAG),
        ("group", "What that report says on the day.", of(_track_group), ColumnType.TEXT),
        ("stated_end", "Last possible day of its stated end.", of(_end, None), ColumnType.DAY),
        ("citation", "Citation of that step.", of(_citation), ColumnType.TEXT),
        ("stated_length", "Empty: the texts say it.", lambda _row: "", ColumnType.TEXT),
        ("calculated_end", "Empty: no end is calculated.", lambda _row: None, ColumnType.DAY),
        ("stated_end_words", "Its stated end in words.", of(_end_words), ColumnType.TEXT),
    ]
    return [
        Column(f"{name}_{part}", f"{track.label}: {text}", value, type_)
        for part, text, value, type_ in read
    ]


FLAG, TEXT, DAY = ColumnType.FLAG, ColumnType.TEXT, ColumnType.DAY


def _step(_row: MeasureRow, track: TrackStatus) -> str:
    return str(track.last.step)


def _alleged(_row: MeasureRow, track: TrackStatus) -> bool:
    return track.last.is_alleged


def _track_group(_row: MeasureRow, track: TrackStatus) -> str:
    return str(track.group)


def _end(_row: MeasureRow, track: TrackStatus) -> str | None:
    end = track.stated_end
    return end.last.isoformat() if end and end.last else None


def _end_words(row: MeasureRow, track: TrackStatus) -> str:
    stage = _stage_that_ends(row, track)
    return stated_end_in_words(stage) if stage else ""


def _stage_that_ends(row: MeasureRow, track: TrackStatus) -> PublishedStage | None:
    """Return the step whose end holds; None if only a later source tells it."""
    step = track.ends_by or track.last
    if reported_status.is_foreknown(step, row.result.on):
        return None
    return reported_status.stage_of(row.measure.payload, step)


def _date(row: MeasureRow, track: TrackStatus) -> str:
    return str(reported_status.stage_of(row.measure.payload, track.last).get("date", ""))


def _report(row: MeasureRow, track: TrackStatus) -> str:
    return row.measure.payload["steps"][track.last.position].get("reported", "")


def _held(_row: MeasureRow, track: TrackStatus) -> str | None:
    last = track.last.held and track.last.held.last
    return last.isoformat() if last else None


def _citation(row: MeasureRow, track: TrackStatus) -> str:
    return str(reported_status.stage_of(row.measure.payload, track.last)["citation"])


def _last_reported(row: MeasureRow) -> str:
    return dated_in_words(row.measure.payload, row.main.last)


def _age(row: MeasureRow) -> str:
    return age_in_words(row.main.last, row.result.on)


def _months(row: MeasureRow) -> int | None:
    day = row.main.last.day
    return None if day is None else reported_status.months_between(day, row.result.on)


def _planned_for(row: MeasureRow) -> str:
    last = row.main.last
    return planned_for_in_words(last) if last.step in INTENTS else ""


def _deadline(row: MeasureRow) -> str:
    return deadline_in_words(row.measure.payload, row.main.last)


def _carriers(row: MeasureRow) -> list[str]:
    carried = reported_status.carried_out_by(row.measure.payload, row.result.on)
    return [carrier["event"] for carrier in carried]


def _objections(row: MeasureRow) -> list[str]:
    return [f"{line.type}:{line.id}" for line in row.objections]


def _payload_list(name: Literal["disputed", "corroboration"]) -> Reader:
    return lambda row: list(row.measure.payload[name])


def _codes(key: str) -> Reader:
    return lambda row: codes_of_key(row.measure.form["terms"], key)


def _exempt(row: MeasureRow) -> list[str]:
    return exempt_codes(row.measure.form["terms"])


def _exempt_words(row: MeasureRow) -> list[str]:
    return exempt_words(row.measure.form["terms"])


def _covers_words(row: MeasureRow) -> list[str]:
    return covered_words(row.measure.form["terms"])


COLUMNS: list[Column[MeasureRow]] = [
    Column("id", "Id of the measure.", lambda row: row.measure.id),
    Column("title", "Its title.", lambda row: row.measure.form["title"]),
    Column("type", "Code of its type.", lambda row: row.measure.form["type"]),
    Column("group", "Group on the page.", lambda row: str(row.each.status.group)),
    Column("track", "The track that decides the group.", lambda row: str(row.main.track)),
    Column("last_reported", "Day for which its last step there is reported.", _last_reported),
    Column("age", "How long before the selected day that is, in words.", _age),
    Column(
        "age_months",
        "Full months since its first possible day, or the report that it still was so.",
        _months,
        ColumnType.COUNT,
    ),
    *_track_columns(Track.LAW),
    *_track_columns(Track.PRACTICE),
    Column(
        "planned_for",
        "For what is planned or announced: when it is planned for, in words.",
        _planned_for,
    ),
    Column("deadline", "Deadline of its last step or of the event, in words.", _deadline),
    Column("carried_out_by", "For plans: events that carry them out.", _carriers, ColumnType.LIST),
    Column("disputed", "What is disputed.", _payload_list("disputed"), ColumnType.LIST),
    Column("objections", "Links against it, as link:event.", _objections, ColumnType.LIST),
    Column("support", "Codes of its support.", _payload_list("corroboration"), ColumnType.LIST),
    Column("places", "Its places.", lambda row: list(row.measure.places), ColumnType.LIST),
    Column("covers", "The larger place that it covers, in words.", lambda row: row.covers),
    Column("nationalities", "Nationalities covered.", _codes("nationality"), ColumnType.LIST),
    Column("groups", "Groups of workers covered.", _codes("group"), ColumnType.LIST),
    Column("exempt", "What is left out, as key:code.", _exempt, ColumnType.LIST),
    Column(
        "exempt_words",
        "The source's words for what is left out, as key:code:words.",
        _exempt_words,
        ColumnType.LIST,
    ),
    Column(
        "covers_words",
        "The source's words for nationalities, groups and so on, as key:code:words.",
        _covers_words,
        ColumnType.LIST,
    ),
]


# The page -------------------------------------------------------------------------------------

OLD = frozenset({RuleGroup.OLDER, RuleGroup.PLANNED})
NEAREST_NAMES = 5
TYPED_CHARACTERS = 60
"""Of a name that no place has, more is not compared."""


class RuleSection(NamedTuple):
    """One group of rules on the page."""

    anchor: str
    heading: str
    rules: Sequence[StateRule]


class Status(Dataset[StatusFilters]):
    name = "status"
    heading = N_("What applies where")
    filter_class = StatusFilters
    template = "site/status/page.html"
    endings = FILES
    former = FORMER_FILES
    columns = COLUMNS
    form_keys = frozenset({"on", "place", "nationality"})
    takes_place_names = True

    @cached_property
    def state(self) -> State:
        return State(self.db, self.edition, self.directory, self.filters)

    @property
    def on(self) -> date:
        return day_of(self.filters, self.edition)

    def link(self, ending: str = "") -> str:
        return self.address_of(self.filters, ending)

    @property
    def title(self) -> str:
        if not self.filters["place"]:
            title = _("What applies to {people} on {day}")
        else:
            title = _("What applies to {people} in {place} on {day}")
        title = title.format(people=self.state.who, place=self.state.place, day=day(self.on))
        labels = [
            self.directory.label(key, code)
            for key in ("law", "actor", "type")
            for code in self.filters[key]
        ]
        # l10n: a title, and the laws, actors or types of rule that it is narrowed to
        return (
            _("{title}: {parts}").format(title=title, parts=enumerate_words(labels))
            if labels
            else title
        )

    # The form -------------------------------------------------------------------------------------

    @property
    def nationalities(self) -> list[tuple[str, str, bool]]:
        """Code and label of each nationality, and whether it is chosen."""
        codes = [form.code for form in self.directory.codes.values() if form.list == "nationality"]
        chosen = self.state.people
        found = [(code, workers_of([code], self.directory), [code] == chosen) for code in codes]
        return [*found, (NONE, _("People of any nationality"), len(chosen) != 1)]

    @property
    def unknown_places(self) -> list[str]:
        return [item.value for item in self.dropped if item.key == "place"]

    @property
    def nearest_places(self) -> list[PageLink]:
        """Places whose name is most like the one that no place has."""
        codes = {
            self.directory.label("place", code).casefold(): code for code in self.directory.places
        }
        typed = self.unknown_places[0][:TYPED_CHARACTERS].casefold()
        names = get_close_matches(typed, codes, NEAREST_NAMES, 0.5)
        return [
            PageLink(
                self.directory.label("place", codes[name]),
                self.address_of(self.bare.with_(place=codes[name])),
            )
            for name in names
        ]

    @cached_property
    def notices(self) -> list[str]:
        dropped = [item for item in self.dropped if item.key != "place"]
        found = notices(self.filters, dropped, self.directory)
        if self.state.is_cut:
            found.append(
                _(
                    "This page shows only the newest {count} rules. Choose a place to see all of "
                    "its rules."
                ).format(count=measures.MAX_MEASURES)
            )
        return found

    # The answer -----------------------------------------------------------------------------------

    @property
    def preface(self) -> str:
        """Which day and which edition the answer is for, where that is not plain."""
        published, no = self.edition.at.date(), self.edition.no
        # A fixed edition is always named, so that its pages never change.
        is_past = bool(self.filters["edition"])
        if self.on > published:
            return _("The record ends on {day}.").format(day=day(published))
        if self.on < published and is_past:
            return _("On {day}, by edition {no}:").format(day=day(self.on), no=no)
        if self.on < published:
            return _("On {day}, by what is known now:").format(day=day(self.on))
        return _("By edition {no}:").format(no=no) if is_past else ""

    @property
    def sections(self) -> list[RuleSection]:
        state = self.state
        found = [
            RuleSection(RuleGroup.IN_FORCE, _("Reported in force"), state.in_force),
            RuleSection(RuleGroup.UNCLEAR, _("Unclear"), state.unclear),
            RuleSection(RuleGroup.ENDED, _("Eased or ended"), state.ended),
            RuleSection(
                "general",
                _("For foreigners of any nationality"),
                [rule for rule in state.general if rule.group not in OLD],
            ),
        ]
        return [section for section in found if section.rules]

    @property
    def age_of_older(self) -> str:
        """When the older rules were last reported, and how many were only planned."""
        every, found = self.state.older, []
        older = [rule for rule in every if rule.group is RuleGroup.OLDER]
        plans = every[len(older) :]
        if len(older) == 1:
            found.append(
                _("One was last reported {date} and may have ended since.").format(
                    date=older[0].date
                )
            )
        elif older:
            found.append(
                ngettext(
                    "{count} was last reported between {{first}} and {{last}} and may have ended "
                    "since.",
                    "{count} were last reported between {{first}} and {{last}} and may have ended "
                    "since.",
                    len(older),
                ).format(first=older[-1].date, last=older[0].date)
            )
        if plans:
            found.append(
                ngettext("{count} was only planned.", "{count} were only planned.", len(plans))
            )
        return " ".join(found)

    @property
    def left_out(self) -> list[PageLink]:
        """What is not on the page, with a link to it."""
        state, found = self.state, []
        here = {"place": self.filters["place"]}
        if state.goods:
            found.append(
                PageLink(
                    _("seizures of goods, sanctions listings and limits on rights"),
                    address(EventFilters.made_of({**here, "type": state.goods}, {})),
                )
            )
        if state.has_acts:
            found.append(
                PageLink(
                    _("single acts, such as one group sent home"),
                    address(EventFilters.made_of({**here, "stage": [Step.DONE]}, {})),
                )
            )
        if state.has_undated:
            found.append(
                PageLink(
                    _("rules whose date is not known"),
                    address(EventFilters.made_of({**here, "date": [NONE]}, {})),
                )
            )
        whose = {"nationality": state.people} if state.people else {}
        unknown = EventFilters.made_of({**here, **whose, "stage": [NONE]}, {})
        counts = backend.match(self.db, self.edition, unknown, self.directory).counts()
        types = [
            form.code
            for form in self.directory.codes.values()
            if form.list == "type"
            and form.nature is TypeNature.MEASURE
            and form.code not in measure_types.NOT_OF_PEOPLE
            and counts.having("type", form.code)
        ]
        if types:
            label = _("rules without a reported status")
            found.append(PageLink(label, address(unknown.with_(type=types))))
        others = EventFilters.made_of(here, {"nationality": state.people, "stage": [NONE]})
        if state.people and backend.match(self.db, self.edition, others, self.directory).total:
            found.append(
                PageLink(
                    _("rules about other nationalities"),
                    self.address_of(self.bare.with_(nationality=NONE)),
                )
            )
        return found

    # Citation and files ---------------------------------------------------------------------------

    @cached_property
    def result(self) -> DayStatus:
        return DayStatus(self.db, self.edition, self.filters, self.directory)

    @cached_property
    def covers(self) -> Callable[[Measure], str]:
        return covers_of(self.filters, self.directory)

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
                for near in result.measures
                if near.deadline and near.deadline.overlaps(result.nearby)
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
