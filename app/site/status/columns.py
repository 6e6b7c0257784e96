"""The columns of the files of the status page: one row for each measure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from app.record.names.date_labels import stated_end_in_words
from app.record.names.plan_labels import deadline_in_words, planned_for_in_words
from app.record.names.status_labels import dated_in_words
from app.record.payloads import PublishedStage
from app.record.reads.measures import Measure
from app.record.rules import reported_status
from app.record.rules.reported_status import TrackStatus
from app.record.rules.stages import INTENTS
from app.site.components.reported_status import (
    ObjectionLine,
    age_in_words,
)
from app.site.export.column_types import Column, ColumnType
from app.site.export.list_columns import codes_of_key, covered_words, exempt_codes, exempt_words
from app.site.status.on_day import DayStatus, ReportedMeasure
from app.vocabulary.events import Track


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
