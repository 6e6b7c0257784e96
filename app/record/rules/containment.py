"""The places that contain a place (rule 11), and where the people of an estimate are (rule 6)."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from app.kinds import PlaceForm
from app.vocabulary.estimates import Counts
from app.vocabulary.events import Role
from app.vocabulary.record import PlaceKind

Places = Mapping[str, PlaceForm]
"""Published places by code."""


def parents_of(code: str, places: Places, up_to: PlaceKind | None = None) -> list[str]:
    """Return the places that contain a place administratively, nearest first.

    `up_to` is the kind of the last place; None for all.
    """
    found = [code]
    # Nothing stops an editor from placing two areas within each other.
    while (
        (place := places.get(found[-1]))
        and place.kind is not up_to
        and place.parent in places
        and place.parent not in found
    ):
        found.append(place.parent)
    return found[1:]


def place_and_ancestors(code: str, places: Places) -> set[str]:
    """Return the place itself, its ancestors, and the regions of all of them."""
    found: set[str] = set()
    pending = [code]
    while pending:
        current = pending.pop()
        if current in found or not current:
            continue
        found.add(current)
        if place := places.get(current):
            pending += [place.parent, *place.regions]
    return found


def places_and_ancestors(codes: Iterable[str], places: Places) -> set[str]:
    return {place for code in codes for place in place_and_ancestors(code, places)}


# The people of an estimate, seen from a place -----------------------------------------------------


class Whereabouts(StrEnum):
    """Whether the people of an estimate are at a place, or only come from, go to or pass it."""

    HERE = "here"
    FROM = "from"
    TO = "to"
    THROUGH = "through"


_AT = {Role.AT, Role.LIVED, Role.GATHERED}
_THERE: Mapping[Counts, Collection[Role]] = {
    Counts.PRESENT: _AT,
    Counts.ARRIVALS: {*_AT, Role.TO},
    Counts.DEPARTURES: {*_AT, Role.FROM},
}
"""Roles of a place at which the people counted are, arrive or leave. For other measures the role
makes no difference."""
_ELSEWHERE = {
    Role.FROM: Whereabouts.FROM,
    Role.TO: Whereabouts.TO,
    Role.VIA: Whereabouts.THROUGH,
}


def whereabouts(counts: Counts, roles: Collection[str]) -> Whereabouts:
    """Return where the people are, for a place that an estimate names in these roles."""
    there = _THERE.get(counts)
    if there is None or any(role in there for role in roles):
        return Whereabouts.HERE
    return next(
        (where for role, where in _ELSEWHERE.items() if role in roles),
        Whereabouts.HERE,
    )
