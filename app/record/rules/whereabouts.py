"""Where the people of an estimate are, seen from one of its places (rule 6)."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from app.vocabulary.estimates import Counts
from app.vocabulary.events import Role


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
