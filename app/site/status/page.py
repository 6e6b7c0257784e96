"""The status page: measures by stage on a date, with their evidence and nearby deadlines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.dates import edtf
from app.filtering import DroppedParameter
from app.i18n.formats import day
from app.i18n.translate import _, ngettext
from app.record.editions import SelectedEdition
from app.record.filters import StatusFilters
from app.record.names.directory import Directory
from app.record.reads import measures
from app.record.reads.measures import Measure
from app.site.components.badges import Badge
from app.site.components.linked_text import TextPart
from app.site.components.place_links import PlaceLink
from app.site.components.urls import address
from app.site.lists.summary import notices
from app.site.references.citable import CitableView, plain_title
from app.site.status.entries import MeasureEntry, measure_entry, step_mark
from app.site.status.on_day import (
    DayStatus,
    covers_of,
    day_of,
    day_status,
    days_around,
    status_address,
)
from app.vocabulary.events import Step, Track
from app.vocabulary.record import PlaceKind
from app.web.urls import url


def view_of_day(
    edition: SelectedEdition, filters: StatusFilters, directory: Directory
) -> CitableView:
    on = day_of(filters, edition)
    return CitableView(
        edition=edition,
        page=status_address(filters.with_(on=on.isoformat(), edition=None)),
        name="-".join(["status", *filters["place"][:3], on.isoformat()]),
        title=plain_title([title_of_day(filters, on, directory)]),
    )


# Page model -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StageGroup:
    """The measures at one stage."""

    step: Badge
    anchor: str
    definition: str
    certain: Sequence[MeasureEntry]
    possible: Sequence[MeasureEntry]


@dataclass(frozen=True)
class TrackGroups:
    code: str
    label: str
    definition: str
    groups: Sequence[StageGroup]


@dataclass(frozen=True)
class Deadline:
    day: str
    distance: str
    title: str
    address: str
    covers: str


@dataclass(frozen=True)
class Undated:
    """A step without any date, which no status page can place."""

    step: Badge
    title: str
    address: str


@dataclass(frozen=True)
class StatusPage:
    """The page model of `site/status/page.html`."""

    title: str
    day: date
    where: str
    """Content of the form's place field: names of the selected places, and unknown input."""
    kept: Sequence[tuple[str, str]]
    """Hidden fields of the form: (key, value)."""
    sentence: Sequence[TextPart]
    notices: Sequence[str]
    around: Sequence[PlaceLink]
    """Places that contain the selected ones, with links to their status pages."""
    tracks: Sequence[TrackGroups]
    deadlines: Sequence[Deadline]
    undated: Sequence[Undated]
    acts: str
    acts_address: str
    steps: Sequence[tuple[str, str]]
    """Links to other days: (label, address)."""
    json_address: str
    lasting_address: str


# The page ---------------------------------------------------------------------------------------


def status(
    db: Session,
    edition: SelectedEdition,
    query: tuple[StatusFilters, Sequence[DroppedParameter]],
    directory: Directory,
) -> StatusPage:
    filters, dropped = query
    result = day_status(db, edition, filters, directory)
    bare = filters.with_(edition=None)
    covers = covers_of(filters, directory)
    tracks = [_track_groups(track, result, covers, directory) for track in Track]
    return StatusPage(
        title=title_of_day(filters, result.on, directory),
        day=result.on,
        where=", ".join(
            [*_labels(filters, directory), *(item.value for item in dropped if item.key == "place")]
        ),
        kept=[pair for pair in filters.pairs() if pair[0] not in {"on", "place"}],
        sentence=_sentence(filters, result.on, tracks, directory),
        notices=_notices(filters, dropped, result, edition, directory),
        around=_wider_places(bare, directory),
        tracks=tracks,
        deadlines=_deadlines(result, covers),
        undated=[
            Undated(step_mark(dated.stage.step), measure.form["title"], url("event", id=measure.id))
            for measure in result.measures
            for dated in measure.stages
            if not (dated.reached.earliest or dated.reached.latest)
        ],
        acts=ngettext("{count} event", "{count} events", result.other_event_count),
        acts_address=address(result.other_events) if result.other_event_count else "",
        steps=_other_days(bare, result),
        json_address=status_address(filters, ".json"),
        lasting_address=status_address(
            filters.with_(on=result.on.isoformat(), edition=str(edition.no))
        ),
    )


def _track_groups(
    track: Track, result: DayStatus, covers: Callable[[Measure], str], directory: Directory
) -> TrackGroups:
    groups = []
    for step in STAGE_ORDER[track]:
        some = [s for s in result.stages if s.track is track and s.step is step]
        # Measures that name the place come before those for a larger one, newest first in both.
        some.sort(
            key=lambda s: max((d.reached.latest or date.min for d in s.reached), default=date.min),
            reverse=True,
        )
        some.sort(key=lambda s: bool(covers(s.measure)))
        certain, possible = (
            [measure_entry(s, result, covers, directory) for s in some if s.is_certain is wanted]
            for wanted in (True, False)
        )
        if some:
            groups.append(
                StageGroup(step_mark(step), f"stage-{step}", _(step.definition), certain, possible)
            )
    return TrackGroups(track, _(track.label), _(track.definition), groups)


STAGE_ORDER = {
    Track.LAW: [
        Step.IN_FORCE,
        Step.ANNOUNCED,
        Step.SUSPENDED,
        Step.EASED,
        Step.PLANNED,
        Step.ENDED,
    ],
    Track.PRACTICE: [Step.ENFORCED, Step.EFFECT_SEEN, Step.EVASION, Step.NOT_ENFORCED],
}
"""Stages with the most effect on people first, ended ones last."""


# Title, summary and neighbours ------------------------------------------------------------------


def title_of_day(filters: StatusFilters, on: date, directory: Directory) -> str:
    if not filters["place"]:
        return _("What applied on {day}").format(day=day(on))
    return _("{place} on {day}: what applied").format(
        place=_(" or ").join(_labels(filters, directory)), day=day(on)
    )


def _labels(filters: StatusFilters, directory: Directory) -> list[str]:
    return [directory.label("place", code) for code in filters["place"]]


def _sentence(
    filters: StatusFilters, on: date, tracks: Sequence[TrackGroups], directory: Directory
) -> list[TextPart]:
    """Return the summary: day, places, and the number of measures at each stage as links."""
    parts = [TextPart(_("On ")), TextPart(day(on), is_strong=True)]
    if filters["place"]:
        parts += [
            TextPart(_(" in ")),
            TextPart(_(" or ").join(_labels(filters, directory)), is_strong=True),
        ]
    groups = [group for track in tracks for group in track.groups]
    if not groups:
        return [
            *parts,
            TextPart(
                _(" nothing on record had been planned, announced, put in force or enforced.")
            ),
        ]
    parts.append(TextPart(_(", for certain: ")))
    certain = [(len(group.certain), group) for group in groups if group.certain]
    parts += _counts_in_words(certain) or [TextPart(_("nothing"))]
    possible = [(len(group.possible), group) for group in groups if group.possible]
    return (
        [*parts, TextPart(_("; possibly: ")), *_counts_in_words(possible), TextPart(".")]
        if possible
        else [*parts, TextPart(".")]
    )


def _counts_in_words(groups: Sequence[tuple[int, StageGroup]]) -> list[TextPart]:
    parts: list[TextPart] = []
    for count, group in groups:
        label = _("only planned") if group.step.code == Step.PLANNED else group.step.label.lower()
        counted = _("{count} {step}").format(count=count, step=label).replace(" ", "\u00a0")
        parts += [TextPart(", "), TextPart(counted, f"#{group.anchor}")]
    return parts[1:]


def _notices(
    filters: StatusFilters,
    dropped: Sequence[DroppedParameter],
    result: DayStatus,
    edition: SelectedEdition,
    directory: Directory,
) -> list[str]:
    found = notices(filters, dropped, directory)
    if result.on > edition.at.date():
        found.append(
            _("Edition {no} is of {day}; what was reported after that is not in it.").format(
                no=edition.no, day=day(edition.at.date())
            )
        )
    if len(result.measures) == measures.MAX_MEASURES:
        found.append(
            _(
                "There are more measures than fit; only the newest {count} were "
                "looked at. Name a place."
            ).format(count=measures.MAX_MEASURES)
        )
    return found


def _wider_places(filters: StatusFilters, directory: Directory) -> list[PlaceLink]:
    codes = measures.ancestors_of(filters["place"], directory)
    return [
        PlaceLink(directory.label("place", code), status_address(filters.with_(place=code)), ())
        for code in sorted(codes, key=lambda code: PLACE_KINDS.index(directory.places[code].kind))
        if code in directory.places
    ]


PLACE_KINDS = list(PlaceKind)


def _deadlines(result: DayStatus, covers: Callable[[Measure], str]) -> list[Deadline]:
    some = [
        (m, m.deadline)
        for m in result.measures
        if m.deadline and m.deadline.overlaps(result.nearby)
    ]
    return [
        Deadline(
            measure.payload["deadline_words"],
            _distance(deadline, result.on),
            measure.form["title"],
            url("event", id=measure.id),
            covers(measure),
        )
        for measure, deadline in sorted(some, key=lambda pair: pair[1].last or date.max)
    ]


def _distance(deadline: edtf.Days, on: date) -> str:
    """Return the distance in words. A deadline passes at the end of its last possible day."""
    if deadline.last and deadline.last < on:
        days = (on - deadline.last).days
        return ngettext("{count} day before", "{count} days before", days)
    if deadline.first and deadline.first > on:
        days = (deadline.first - on).days
        return ngettext("{count} day later", "{count} days later", days)
    return _("that day") if deadline.first == deadline.last else _("that day lies in it")


def _other_days(filters: StatusFilters, result: DayStatus) -> list[tuple[str, str]]:
    """Return links to the adjacent days, and to the nearest days with a change of stage."""
    on, (first, last) = result.on, days_around(result.on)
    reached = {
        end
        for m in result.measures
        for step in m.steps
        for end in (step.earliest, step.latest)
        if end
    }
    others = [
        (_("Last change before: {day}"), max((d for d in reached if d < on), default=None)),
        (_("A day earlier"), on - timedelta(days=1) if on > first else None),
        (_("A day later"), on + timedelta(days=1) if on < last else None),
        (_("Next change: {day}"), min((d for d in reached if d > on), default=None)),
    ]
    return [
        (label.format(day=day(other)), status_address(filters.with_(on=other.isoformat())))
        for label, other in others
        if other
    ]
