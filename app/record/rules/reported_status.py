"""What was last reported of a measure by a day, how old that is, and what goes against it (rule 2).

The only place that decides how a status is grouped; pages, files and feeds ask here.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from app.dates.edtf import Days
from app.record.payloads import EventPayload, PublishedCarrier
from app.record.rules import stages
from app.record.rules.stages import ReportedStep, reported_steps, steps_by
from app.vocabulary.citations import Stance
from app.vocabulary.events import ENDS, EventLink, StatusGroup, Step, Track
from app.vocabulary.support import ClaimCertainty

CONFIRMED_FOR_MONTHS = 24
"""A status counts as confirmed for this many months after the day that a source reports it for."""


class TrackStatus(NamedTuple):
    """The last reported step of one track on a day."""

    track: Track
    last: ReportedStep
    group: StatusGroup
    stated_end: Days | None
    """The stated end that holds for the last step; it may come from an earlier step."""
    ends_by: ReportedStep | None
    """The step that states this end."""
    is_lapsed: bool
    """Whether the stated end has passed, and no end or easing was reported."""


class MeasureStatus(NamedTuple):
    """What was last reported of a measure by a day."""

    group: StatusGroup
    main: TrackStatus
    other: TrackStatus | None
    """The other track, if anything was reported on it."""


def last_reported(payload: EventPayload) -> dict[Track, ReportedStep]:
    """Return the last reported step of each track, whatever the day; undated steps come first."""
    return last_of_each_track(reported_steps(payload))


def status_on(payload: EventPayload, on: date, is_law: bool) -> MeasureStatus | None:
    """Return what was last reported by a day; None if no step is dated on or before it."""
    reached, tracks = _tracks_on(reported_steps(payload), on)
    if not reached:
        return None
    group = _group(reached, tracks, is_law)
    if group is StatusGroup.PLANNED and carried_out_by(payload, on):
        group = StatusGroup.CARRIED_OUT
        tracks = {track: found._replace(group=group) for track, found in tracks.items()}
    if group is StatusGroup.LAW and Track.LAW in tracks:
        # The law itself does not fade; its practice does.
        tracks[Track.LAW] = tracks[Track.LAW]._replace(group=group)
    ranked = sorted(
        tracks.values(),
        key=lambda status: (
            status.group is group,
            status.last.days.rank[:2],
            status.track is Track.LAW,
        ),
    )
    return MeasureStatus(group, ranked[-1], ranked[0] if len(ranked) > 1 else None)


def lapsed_tracks(steps: Iterable[ReportedStep], on: date) -> set[Track]:
    """Return the tracks whose last step passed its stated end, with nothing reported since."""
    return {track for track, status in _tracks_on(steps, on)[1].items() if status.is_lapsed}


def _tracks_on(
    steps: Iterable[ReportedStep], on: date
) -> tuple[list[ReportedStep], dict[Track, TrackStatus]]:
    """Return the steps reached by a day, and the status of each track."""
    reached = steps_by(steps, on)
    tracks = {
        track: _track_status(last, [s for s in reached if s.step.track is track], on)
        for track, last in last_of_each_track(reached).items()
    }
    return reached, _done_with_act(_ended_by_law(tracks))


def last_of_each_track(steps: Sequence[ReportedStep]) -> dict[Track, ReportedStep]:
    last = stages.last_positions([step.days for step in steps])
    return {
        track: max(_alike(steps[position], steps), key=_confirms)
        for track, position in last.items()
    }


def _confirms(step: ReportedStep) -> tuple[date, date, int]:
    """Sort key among steps of one kind: a later report confirms it, not a vaguer date."""
    return step.day or date.min, step.days.latest or date.min, step.position


def _alike(last: ReportedStep, steps: Iterable[ReportedStep]) -> list[ReportedStep]:
    """Return the steps of the same kind as the last one, without those that others replaced."""
    of_track = [step for step in steps if step.step.track is last.step.track]
    others = [
        step.days.earliest
        for step in of_track
        if step.step is not last.step and step.step not in stages.INTENTS
    ]
    return [
        step
        for step in of_track
        if step == last
        or (
            step.step is last.step
            and not any(first and step.days.latest and first > step.days.latest for first in others)
        )
    ]


def _track_status(last: ReportedStep, reached: list[ReportedStep], on: date) -> TrackStatus:
    stated = _stated_end(last, reached, on)
    days = stated.stated_end if stated else None
    has_passed = bool(days and days.last and days.last < on)
    is_end_reported = (last.step in ENDS and not last.is_alleged) or (
        has_passed and _is_eased_with(last, days)
    )
    if has_passed or is_end_reported:
        group = StatusGroup.ENDED
    elif Step.DONE in {s.step for s in (reached if last.step is Step.EFFECT_SEEN else (last,))}:
        # An effect seen of an act makes it no rule.
        group = StatusGroup.DONE
    elif {step.step for step in reached} == {Step.PLANNED}:
        group = StatusGroup.PLANNED
    elif last.day and is_confirmed(last.day, on):
        group = StatusGroup.RECENT
    else:
        group = StatusGroup.UNCONFIRMED
    return TrackStatus(
        last.step.track, last, group, days, stated, has_passed and not is_end_reported
    )


def _is_eased_with(last: ReportedStep, end: Days | None) -> bool:
    """Whether the last step is an easing that may be as late as a stated end."""
    return last.step is Step.EASED and bool(
        end and (end.first is None or (last.days.latest and last.days.latest >= end.first))
    )


def _done_with_act(tracks: Mapping[Track, TrackStatus]) -> dict[Track, TrackStatus]:
    """Count an order as done if the act is, and no order is reported for a later day."""
    law, practice = tracks.get(Track.LAW), tracks.get(Track.PRACTICE)
    if (
        not (law and practice and practice.group is StatusGroup.DONE)
        or law.group is StatusGroup.ENDED
    ):
        return dict(tracks)
    if (law.last.day or date.min) > (practice.last.days.latest or date.max):
        return dict(tracks)
    return {Track.LAW: law._replace(group=StatusGroup.DONE), Track.PRACTICE: practice}


def _stated_end(
    last: ReportedStep, reached: Iterable[ReportedStep], on: date
) -> ReportedStep | None:
    """Return the step with the newest stated end, unless the last step is for a day after it.

    An end to come counts only from the day on which its source was made or published.
    """
    ends = [step for step in reached if step.stated_end and not is_foreknown(step, on)]
    if not ends or last.step in ENDS:
        return None
    newest = max(ends, key=lambda step: step.days.rank)
    end = newest.stated_end
    return None if end and end.last and last.day and last.day > end.last else newest


def is_foreknown(step: ReportedStep, on: date) -> bool:
    """Whether the end was to come on a day, and only a later source tells it."""
    end, told = step.stated_end, step.told
    has_passed = bool(end and end.last and end.last < on)
    return not has_passed and bool(told and told.first and told.first > on)


def _ended_by_law(tracks: Mapping[Track, TrackStatus]) -> dict[Track, TrackStatus]:
    """End the practice track where the law ended and no practice is reported for a later day."""
    law, practice = tracks.get(Track.LAW), tracks.get(Track.PRACTICE)
    if not (law and practice and law.group is StatusGroup.ENDED):
        return dict(tracks)
    end = (
        law.last.days.latest
        if law.last.step is Step.ENDED
        else law.stated_end and law.stated_end.last
    )
    if not (end and practice.last.day and practice.last.day <= end):
        return dict(tracks)
    ended = practice._replace(group=StatusGroup.ENDED, is_lapsed=False)
    return {Track.LAW: law, Track.PRACTICE: ended}


def _group(
    reached: Iterable[ReportedStep], tracks: Mapping[Track, TrackStatus], is_law: bool
) -> StatusGroup:
    groups = {status.group for status in tracks.values()}
    if {step.step for step in reached} == {Step.PLANNED}:
        # A plan that had a stated end and passed it was not reported as begun either.
        return StatusGroup.PLANNED
    # A practice that is no longer so ends no law.
    is_ended = any(
        status.group is StatusGroup.ENDED and status.last.step is not Step.NO_LONGER
        for status in tracks.values()
    )
    if is_law and not is_ended:
        return StatusGroup.LAW
    order = (StatusGroup.RECENT, StatusGroup.ENDED, StatusGroup.UNCONFIRMED, StatusGroup.DONE)
    return next((group for group in order if group in groups), StatusGroup.UNCONFIRMED)


# Age --------------------------------------------------------------------------------------------


def is_confirmed(day: date, on: date) -> bool:
    """Whether a report for `day` still counts as recent: 24 months, that day included."""
    months = months_between(day, on)
    is_whole = months == CONFIRMED_FOR_MONTHS and on.day == day.day
    return months < CONFIRMED_FOR_MONTHS or is_whole


def months_between(day: date, on: date) -> int:
    """Return the full months from one day to another."""
    return max((on.year - day.year) * 12 + on.month - day.month - (on.day < day.day), 0)


# Links ------------------------------------------------------------------------------------------

AGAINST_A_MEASURE = (
    EventLink.NOT_APPLIED,
    EventLink.REVERSES,
    EventLink.PARTLY_REVERSES,
    EventLink.EVADES,
    EventLink.DISAGREES,
    EventLink.CONTRADICTS,
)
"""Links that a measure's page and its status must show, in this order."""
BOTH_WAYS = {EventLink.DISAGREES, EventLink.CONTRADICTS}
"""Links that say the same from either end."""


class Objection(NamedTuple):
    """A linked event that shows that a measure was not applied, evaded, reversed or disagrees."""

    type: EventLink
    event: str
    """Id of the other event."""
    link: str
    is_own: bool
    """Whether the measure itself has the link."""


def objections(payload: EventPayload) -> list[Objection]:
    """Return what linked events say against a measure, in the order of `AGAINST_A_MEASURE`."""
    found = [
        Objection(EventLink(link["type"]), link["from"], link["id"], False)
        for link in payload["links_from"]
        if link["type"] in AGAINST_A_MEASURE
    ]
    found += [
        Objection(EventLink(link["type"]), link["to"], link.get("id", ""), True)
        for link in payload["form"].get("links", [])
        if link["type"] in BOTH_WAYS
    ]
    return sorted(found, key=lambda found: AGAINST_A_MEASURE.index(found.type))


def carried_out_by(payload: EventPayload, on: date) -> list[PublishedCarrier]:
    """Return the events that carry out a plan and may have begun by a day, the earliest first."""
    return [
        carrier
        for carrier in payload.get("carried_out_by", [])
        if carrier["begins"] is None or date.fromisoformat(carrier["begins"]) <= on
    ]


def is_our_reading(payload: EventPayload, link: str) -> bool:
    """Whether one of an event's links is ours: no citation says so, or it has a reason instead."""
    form = payload["form"]
    if any(each.get("id") == link and each.get("citation") for each in form.get("links", [])):
        return False
    if any(each.get("id") == link and each.get("reason") for each in form.get("links", [])):
        return True
    return not any(
        cited.get("about") == link and cited["stance"] == Stance.SUPPORTS
        for cited in form.get("citations", [])
    )


def is_alleged(payload: EventPayload) -> bool:
    """Whether each citation that supports an event is hedged; unknown in early editions."""
    return payload.get("certainty") == ClaimCertainty.ALLEGED
