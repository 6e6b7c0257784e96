"""`/status`: what applies where, by what was last reported."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cached_property, partial
from typing import Any

from fastapi import Request
from starlette.responses import Response

from app.dates import edtf
from app.filtering import NONE
from app.i18n.formats import day, enumerate_words
from app.i18n.translate import N_, _
from app.record.filters import EventFilters, StatusFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.names.status_labels import (
    dated_in_words,
    deadline_in_words,
    planned_for_in_words,
    stated_end_in_words,
)
from app.record.payloads import Stored, form_of
from app.record.reads import measures
from app.record.reads.cited_rows import CitedRows, RowsInEdition, rows_with_ids
from app.record.rules import reported_status
from app.record.rules.reported_status import CONFIRMED_FOR_MONTHS, TrackStatus
from app.record.rules.rule_groups import RuleGroup, is_general
from app.record.rules.stages import INTENTS
from app.site.components.urls import address
from app.site.dataset import FILES, FORMER_FILES, Dataset
from app.site.export.columns import (
    Column,
    ColumnType,
    as_fields,
    codes_of_key,
    covered_words,
    exempt_codes,
    exempt_words,
)
from app.site.export.responses import json_response
from app.site.lists.summary import notices
from app.site.references.citable import CitableView, plain_title
from app.site.status.state import State, StateRule, day_of, read_states, status_address, workers_of
from app.vocabulary.events import StatusGroup, Track
from app.vocabulary.kinds import RecordKind

# The files ------------------------------------------------------------------------------------


NEARBY_DAYS = 30
"""Deadlines and other events are listed if they are this many days before or after."""
FLAG, TEXT, DAY = ColumnType.FLAG, ColumnType.TEXT, ColumnType.DAY
EMPTY = {FLAG: False, TEXT: "", DAY: None}


def _last_day(days: edtf.Days | None) -> str | None:
    return days.last.isoformat() if days and days.last else None


def _track_columns(track: Track) -> list[Column[StateRule]]:
    def column(
        part: str, text: str, read: Callable[[TrackStatus], Any], type_: ColumnType = TEXT
    ) -> Column[StateRule]:
        def of(row: StateRule) -> Any:
            both = (row.status.main, row.status.other)
            found = next((each for each in both if each and each.track is track), None)
            return read(found) if found else EMPTY[type_]

        return Column(f"{track}_{part}", f"{track.label}: {text}", of, type_)

    return [
        column("step", "Its last reported step.", lambda found: str(found.last.step)),
        column(
            "reported",
            "The day for which that is reported (EDTF).",
            lambda found: str(found.last.stage.get("date", "")),
        ),
        column(
            "report",
            "When its citation was made or published (EDTF).",
            lambda found: found.last.reported,
        ),
        column(
            "held_until",
            "Last possible day of a report that it still was so.",
            lambda found: _last_day(found.last.held),
            DAY,
        ),
        column(
            "alleged",
            "Whether it is reported with reserve only.",
            lambda found: found.last.is_alleged,
            FLAG,
        ),
        column("group", "What that report says on the day.", lambda found: str(found.group)),
        column(
            "stated_end",
            "Last possible day of its stated end.",
            lambda found: _last_day(found.stated_end),
            DAY,
        ),
        column(
            "citation", "Citation of that step.", lambda found: str(found.last.stage["citation"])
        ),
        column("stated_length", "Empty: the texts say it.", lambda _found: ""),
        column("calculated_end", "Empty: no end is calculated.", lambda _found: None, DAY),
        column(
            "stated_end_words",
            "Its stated end in words.",
            lambda found: stated_end_in_words(found.ends_by.stage) if found.ends_by else "",
        ),
    ]


def _months(row: StateRule) -> int | None:
    day = row.status.main.last.day
    return None if day is None else reported_status.months_between(day, row.on)


def _of_terms(
    read: Callable[[Sequence[Stored]], list[str]],
) -> Callable[[StateRule], list[str]]:
    return lambda row: read(row.form["terms"])


COLUMNS: list[Column[StateRule]] = [
    Column("id", "Id of the measure."),
    Column("title", "Its title.", lambda row: row.form["title"]),
    Column("type", "Code of its type.", lambda row: row.form["type"]),
    Column("group", "Group on the page.", lambda row: str(row.status.group)),
    Column("track", "The track that decides the group.", lambda row: str(row.status.main.track)),
    Column(
        "last_reported",
        "Day for which its last step there is reported.",
        lambda row: dated_in_words(row.status.main.last),
    ),
    Column(
        "age",
        "How long before the selected day that is, in words.",
        lambda row: row.reported_age.words if row.reported_age else "",
    ),
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
        lambda row: (
            planned_for_in_words(row.status.main.last)
            if row.status.main.last.step in INTENTS
            else ""
        ),
    ),
    Column(
        "deadline",
        "Deadline of its last step or of the event, in words.",
        lambda row: deadline_in_words(row.payload, row.status.main.last),
    ),
    Column(
        "carried_out_by",
        "For plans: events that carry them out.",
        lambda row: [each["event"] for each in reported_status.carried_out_by(row.payload, row.on)],
        ColumnType.LIST,
    ),
    Column(
        "disputed", "What is disputed.", lambda row: list(row.payload["disputed"]), ColumnType.LIST
    ),
    Column(
        "objections",
        "Links against it, as link:event.",
        lambda row: [f"{each.type}:{each.event}" for each in row.against],
        ColumnType.LIST,
    ),
    Column(
        "support",
        "Codes of its support.",
        lambda row: list(row.payload["corroboration"]),
        ColumnType.LIST,
    ),
    Column("places", "Its places.", lambda row: list(row.measure.places), ColumnType.LIST),
    Column(
        "covers",
        "The larger place that it covers, in words.",
    ),
    Column(
        "nationalities",
        "Nationalities covered.",
        _of_terms(partial(codes_of_key, key="nationality")),
        ColumnType.LIST,
    ),
    Column(
        "groups",
        "Groups of workers covered.",
        _of_terms(partial(codes_of_key, key="group")),
        ColumnType.LIST,
    ),
    Column("exempt", "What is left out, as key:code.", _of_terms(exempt_codes), ColumnType.LIST),
    Column(
        "exempt_words",
        "The source's words for what is left out, as key:code:words.",
        _of_terms(exempt_words),
        ColumnType.LIST,
    ),
    Column(
        "covers_words",
        "The source's words for nationalities, groups and so on, as key:code:words.",
        _of_terms(covered_words),
        ColumnType.LIST,
    ),
    Column(
        "names_no_nationality",
        "Whether it is for foreigners of any nationality, so that it may apply to those asked for.",
        lambda row: is_general(row.form, row.asked.people),
        FLAG,
    ),
]


# The page -------------------------------------------------------------------------------------


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
        return read_states(self.db, self.edition, self.directory, [(self.filters, False)])[0]

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
    def sections(self) -> list[tuple[str, str, Sequence[StateRule]]]:
        """Anchor, heading and rules of each group of rules."""
        state = self.state
        found: list[tuple[str, str, Sequence[StateRule]]] = [
            (RuleGroup.IN_FORCE, _("Reported in force"), state.in_force),
            (RuleGroup.UNCLEAR, _("Unclear"), state.group(RuleGroup.UNCLEAR)),
            ("general", _("For foreigners, no nationality named"), state.general_now),
            (
                RuleGroup.ENDED,
                _("Eased or ended"),
                [rule for rule in state.ended if not rule.is_lapsed],
            ),
            (
                "stated-end",
                _("Stated end passed, nothing newer reported"),
                [rule for rule in state.ended if rule.is_lapsed],
            ),
            ("elsewhere", _("To, from or through here"), state.elsewhere),
        ]
        return [(anchor, heading, rules) for anchor, heading, rules in found if rules]

    @property
    def events_address(self) -> str:
        """The list of all events there, which has what is not on the page."""
        return address(EventFilters.made_of({"place": self.filters["place"]}, {}))

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
            [found] = measures.read_each(self.db, edition, [(filters, False)], directory)
            return rows_with_ids(edition, RecordKind.EVENT, [measure.row.id for measure in found])

        return rows

    def file_rows(self) -> list[StateRule]:
        """Return one row for each rule, in the order of the groups."""
        return [rule for group in StatusGroup for rule in self.state.in_group(group)]

    def file(self, request: Request, ending: str) -> Response:
        if ending == "json":
            return json_response(request, self.as_json(request), self.edition)
        return super().file(request, ending)

    def as_json(self, request: Request) -> dict[str, Any]:  # noqa: ARG002 - as other lists
        """Return what was last reported of each rule, and the step on each of its tracks."""
        state, rows = self.state, self.file_rows()
        whole = backend.rows_by_id(self.db, self.edition, [row.id for row in rows])
        first, last = date(edtf.FIRST_YEAR, 1, 1), date(edtf.LAST_YEAR, 12, 31)
        near = timedelta(days=NEARBY_DAYS)
        nearby = edtf.Days(max(self.on - near, first), min(self.on + near, last))
        others = measures.other_events_filters(self.filters, nearby)
        return {
            "edition": self.edition.no,
            "on": self.on.isoformat(),
            "query": {key: list(self.filters[key]) for key in self.filters.included},
            "total": len(rows),
            "confirmed_for_months": CONFIRMED_FOR_MONTHS,
            "groups": {str(group): len(state.in_group(group)) for group in StatusGroup},
            "measures": [as_fields(COLUMNS, row) for row in rows],
            "undated": [measure.row.id for measure in state.undated],
            "items": [
                _item(row, track, form_of(whole[row.id]).get("citations", []))
                for row in rows
                for track in (row.status.main, row.status.other)
                if track
            ],
            "deadlines": [
                {"id": each.row.id, "title": each.form["title"], "deadline": each.form["deadline"]}
                for each in state.read
                if each.deadline and each.deadline.overlaps(nearby)
            ],
            "other_events": {
                "count": backend.match(self.db, self.edition, others, self.directory).total,
                "list": address(others, ".json"),
            },
        }


def _item(row: StateRule, track: TrackStatus, cited: Sequence[Stored]) -> dict[str, Any]:
    """Return the last reported step of a track, with its days and its source."""
    stage = track.last.stage
    step = row.payload["steps"][track.last.position]
    source = next((each["source"] for each in cited if each["id"] == stage["citation"]), None)
    reached = {
        "date": stage.get("date", ""),
        "earliest": step["earliest"],
        "latest": step["latest"],
        "hedged": step["hedged"],
        "citation": stage["citation"],
        "event": row.id if source else None,
        "source": source,
    }
    return {
        "id": row.id,
        "title": row.form["title"],
        "type": row.form["type"],
        "places": list(row.measure.places),
        "covers": row.covers,
        "track": track.track,
        "step": track.last.step,
        "reading": "possible" if track.last.is_alleged else "certain",
        "reached": [reached],
    }
