"""`/compare`: estimates, rules and events of two to four places side by side."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from babel.lists import format_list
from fastapi import Request
from starlette.responses import Response

from app.filtering import DroppedParameter, Pairs
from app.i18n.translate import N_, _
from app.record.filters import CompareFilters
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.names.place_search import places_by_name
from app.record.payloads import event_payload, form_of
from app.record.sql.rows import ListRow
from app.site.charts.estimates_chart import (
    NARROW_SIZE,
    ChartDrawing,
    letters_of_number,
    panel_key,
    time_axis,
)
from app.site.charts.glyphs import Years
from app.site.components.links import compare_address
from app.site.dataset import FILES, FORMER_FILES, Dataset
from app.site.export.columns import COLUMNS as LIST_COLUMNS
from app.site.export.columns import Column, ColumnType, row_as_json
from app.site.lists.request import InvalidQueryError, Query
from app.site.places.page import PlaceSummary
from app.site.references.citable import CitableView
from app.site.status.state import State, StateRule, states_of
from app.vocabulary.events import StatusGroup
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import PlaceKind

MAX_COMPARED = 4
LANGUAGE = "en"


def parse_compared(
    pairs: Pairs, directory: Directory
) -> tuple[CompareFilters, Sequence[DroppedParameter]]:
    """Parse a query. Places may be given by name; only the first four that have a page remain.

    `not_place` has no meaning: nothing is excluded from a comparison.
    """
    read, unknown = places_by_name(pairs, directory)
    filters, dropped = CompareFilters.from_pairs(read)
    filters = directory.led_on(filters)
    kind_of = directory.kind_of_place
    sites = [code for code in filters["place"] if kind_of(code) is PlaceKind.SITE]
    places = [code for code in filters["place"] if code not in sites]
    dropped += [
        DroppedParameter(key, code, reason)
        for key, codes, reason in (
            (
                "not_place",
                filters.excluded.get("place", ()),
                N_("can’t be used here: each place is a column"),
            ),
            ("place", sites, N_("is a workplace; compare its city instead")),
            ("place", places[MAX_COMPARED:], N_("is a fifth place; at most four can be compared")),
        )
        for code in codes
    ]
    kept = filters.made_of({**filters.included, "place": places[:MAX_COMPARED]}, {})
    return kept, [*unknown, *dropped]


class ComparedEstimateRow(NamedTuple):
    """One estimate of one place. An estimate of two places has two rows."""

    place: str
    letter: str
    """Its letter in the charts; empty if it is not drawn."""
    found: ListRow


def _of_estimate(column: Column[Any]) -> Callable[[ComparedEstimateRow], Any]:
    return lambda row: column.read(row.found)


COLUMNS: list[Column[ComparedEstimateRow]] = [
    Column("compared_place", "Code of the place that is compared.", "place"),
    Column("key", "Its letter in the charts; empty if it is not drawn.", "letter"),
    Column("is_drawn", "Whether a chart has it.", lambda row: bool(row.letter), ColumnType.FLAG),
    *(
        Column(each.name, each.description, _of_estimate(each), each.holds)
        for each in LIST_COLUMNS[RecordKind.ESTIMATE]
    ),
]


class PlaceComparison(Dataset[CompareFilters]):
    """Two to four places; the form to choose them if there are fewer."""

    name = "compare-places"
    filter_class = CompareFilters
    template = "site/compare/page.html"
    endings = FILES
    former = FORMER_FILES
    columns = COLUMNS
    form_keys = frozenset({"place", "date"})

    @classmethod
    def parse(cls, pairs: Pairs, directory: Directory) -> Query[CompareFilters]:
        return parse_compared(pairs, directory)

    @property
    def is_comparable(self) -> bool:
        # Unknown places were dropped by `parse_compared`.
        return len(self.filters["place"]) > 1

    @property
    def title(self) -> str:
        if not self.is_comparable:
            return _("Compare places")
        # Translators: a list of two to four places, such as "Dandong and Hunchun".
        places = format_list(self.place_labels, locale=LANGUAGE)
        return _("{places} compared").format(places=places)

    @property
    def day(self) -> date:
        # The default is the edition's day: public pages must not depend on today's date.
        asked = self.filters.one("date")
        return date.fromisoformat(asked) if asked else self.edition.at.date()

    @property
    def lasting_address(self) -> str:
        day = self.filters.with_(date=self.day.isoformat(), edition=str(self.edition.no))
        return compare_address(day)

    @property
    def json_url(self) -> str:
        return self.link(".json") if self.is_comparable else ""

    @property
    def view(self) -> CitableView | None:
        if not self.is_comparable:
            return None
        return CitableView(
            edition=self.edition,
            page=self.link(),
            name="-".join(["compare", *self.filters["place"], *self.filters["date"]]),
            title=self.title,
        )

    # The form -------------------------------------------------------------------------------------

    @property
    def missing(self) -> str:
        """What to do if there are fewer than two places; empty otherwise."""
        if self.is_comparable:
            return ""
        if self.filters["place"]:
            return _("Add a second place to compare this one with.")
        return _("Choose two to four places to compare.")

    @property
    def fields(self) -> list[str]:
        """Contents of the form's place fields, with one empty field as long as places fit."""
        unknown = [item.value for item in self.dropped if item.key == "place"]
        fields = [*self.place_labels, *unknown][:MAX_COMPARED]
        return [*fields, *[""] * max(2 - len(fields), min(1, MAX_COMPARED - len(fields)))]

    @property
    def suggested(self) -> list[str]:
        """Names that the fields suggest: those of all places but workplaces."""
        kind_of, label = self.directory.kind_of_place, self.directory.label
        codes = (c for c in self.directory.places if kind_of(c) is not PlaceKind.SITE)
        return sorted(label("place", code) for code in codes)

    @cached_property
    def places(self) -> list[PlaceSummary]:
        places = [
            PlaceSummary(self.db, self.edition, code, self.directory)
            for code in self.filters["place"]
        ]
        read = backend.rows_by_seq(self.db, [seq for place in places for seq in place.seqs])
        for place in places:
            place.take(read)
        return places

    @cached_property
    def letters(self) -> dict[tuple[str, str], str]:
        """Letters of the drawn estimates, by place and id: a promised column of the files."""
        drawn = [
            ((panel_key(figure.form, {place.code}), figure.is_part), number, place.code, figure.id)
            for number, place in enumerate(self.places)
            for figure in place.chart.drawn
        ]
        ordered = sorted(drawn, key=lambda each: each[:2])
        return {
            (code, id): letters_of_number(number)
            for number, (_kind, _place, code, id) in enumerate(ordered)
        }

    def drawing(self, place: PlaceSummary) -> ChartDrawing:
        """Return the chart of a place, with the years and the scale of all places."""
        return place.chart.draw(NARROW_SIZE, among=[each.chart for each in self.places])

    @property
    def years(self) -> Years:
        """The years that the charts have in common."""
        return time_axis(
            [figure for place in self.places for figure in place.chart.drawn],
            self.edition.at.date(),
        )

    @cached_property
    def states(self) -> list[State]:
        """What applies in each place on the day."""
        asked = [(code, False) for code in self.filters["place"]]
        return states_of(self.db, self.edition, self.directory, asked, on=self.day)

    @cached_property
    def shared_rules(self) -> set[str]:
        """Ids of the rules that are recorded for all the places."""
        return set.intersection(*({rule.id for rule in state.rules} for state in self.states))

    def rules_apart(self, state: State) -> tuple[list[StateRule], list[StateRule]]:
        """Return the rules of one place that the others lack: its own, then a larger place's.

        A rule of a province that names another town of it is neither.
        """
        apart = [rule for rule in state.rules if rule.id not in self.shared_rules]
        return [r for r in apart if r.is_own], [
            r for r in apart if {*r.larger} == r.measure.places.keys()
        ]

    # Files ----------------------------------------------------------------------------------------

    def file(self, request: Request, ending: str) -> Response:
        if not self.is_comparable:
            raise InvalidQueryError([("place", "is needed two to four times: one for each column")])
        return super().file(request, ending)

    def file_rows(self) -> list[ComparedEstimateRow]:
        return [
            ComparedEstimateRow(place.code, self.letters.get((place.code, row.id), ""), row)
            for place in self.places
            for row in place.answer.rows
        ]

    def as_json(self, request: Request) -> dict[str, Any]:
        rules = [_ids_by_group(state) for state in self.states]
        return {
            **self.json_heading(request),
            "date": self.day.isoformat(),
            "first_year": self.years.first.year,
            "last_year": self.years.last.year,
            "places": [
                self._place_as_json(place, ids)
                for place, ids in zip(self.places, rules, strict=True)
            ],
        }

    def _place_as_json(
        self, place: PlaceSummary, rules: Mapping[str, Sequence[str]]
    ) -> dict[str, Any]:
        checked = place.checked
        return {
            "code": place.code,
            "name": place.label,
            "headline": place.answer.whole.id if place.answer.whole else None,
            "last_checked": {
                "first": checked.first.isoformat(),
                "last": checked.last.isoformat(),
                "where": checked.where,
                "outcome": checked.outcome,
            }
            if checked
            else None,
            "events": place.answer.events.total,
            "newest_events": [
                {
                    "id": row.id,
                    "title": form_of(row)["title"],
                    "when": event_payload(row)["happened_words"] or _("date not known"),
                }
                for row in place.newest
            ],
            "rules": rules,
            "figures": [
                {"key": row.letter, "is_drawn": bool(row.letter)}
                | row_as_json(RecordKind.ESTIMATE, row.found)
                for row in self.file_rows()
                if row.place == place.code
            ],
        }


def _ids_by_group(state: State) -> dict[str, list[str]]:
    """Return the ids of the rules in a place by group; those for a larger place under `larger`.

    Acts done once are no rules and have no status later.
    """
    groups = [group for group in StatusGroup if group is not StatusGroup.DONE]
    found: dict[str, list[str]] = {name: [] for name in (*groups, "larger")}
    for group in groups:
        for rule in state.in_group(group):
            found["larger" if rule.larger else group].append(rule.id)
    return found
