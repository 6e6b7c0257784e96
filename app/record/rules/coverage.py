"""Whether an estimate is for the whole of its population at its place, or for a part (rule 6)."""

from collections.abc import Collection, Mapping

from app.kinds import EstimateForm, PlaceForm, Term
from app.vocabulary.estimates import (
    CHANGES,
    MOMENTARY,
    WHOLE_POPULATIONS,
    Counts,
    EstimateLink,
    FigureForm,
    Nature,
    Population,
    Unit,
    WholeOrPart,
)
from app.vocabulary.events import SCOPED, UNLIMITED, Role, TermKey
from app.vocabulary.record import PlaceKind

PARTS = {EstimateLink.PART_OF, EstimateLink.SHARE_OF}
FORMS_WITHOUT_WHOLE = {*CHANGES, FigureForm.SHARE}
PARTS_BY = SCOPED - {TermKey.NATIONALITY}
WHERE_PRESENT = {Role.AT, Role.LIVED}
"""Roles of a place whose people are counted. People from a place are not there."""


def coverage(
    estimate: EstimateForm,
    places: Mapping[str, PlaceForm],
    estimates: Mapping[str, EstimateForm],
) -> WholeOrPart | None:
    """Return the choice of the editors or, without one, what the fields and links show.

    Only what exists at a moment has a whole; of movements, changes and shares the rule says
    nothing.
    """
    is_silent = (
        estimate.counts not in MOMENTARY
        or estimate.form in FORMS_WITHOUT_WHOLE
        or estimate.population is Population.NOBODY
    )
    if estimate.coverage is not None or is_silent:
        return estimate.coverage
    is_part = (
        is_part_by_fields(estimate)
        or any(places[code].kind is PlaceKind.SITE for code in _places(estimate) if code in places)
        or any(
            link.type in PARTS and _places(estimate) == _places(whole)
            for link in estimate.links
            if (whole := estimates.get(link.to))
        )
    )
    return WholeOrPart.PART if is_part else WholeOrPart.WHOLE


def is_part_by_fields(estimate: EstimateForm) -> bool:
    """Whether the population, a sector, a group or a permit makes it a part of the people there."""
    if estimate.population is Population.THINGS:
        return any(restricts(term) for term in estimate.terms)
    return estimate.population not in WHOLE_POPULATIONS or any(
        restricts(term) or (term.key is TermKey.PAPER and term.role is not Role.EXEMPT)
        for term in estimate.terms
    )


def restricts(term: Term) -> bool:
    """Whether only people of a sector or group are counted; a term that does not say so does.

    A nationality makes no part: its people are a whole of their own.
    """
    return term.key in PARTS_BY and term.role is Role.TARGET and term.scope not in UNLIMITED


def whole_at(estimate: EstimateForm, covers: WholeOrPart | None) -> list[str]:
    """Return the place of whose people present it is an estimate for the whole; empty if of none.

    One number for several places is an estimate for none of them.
    """
    is_stock = (
        estimate.counts is Counts.PRESENT
        and estimate.nature is Nature.OBSERVED
        and estimate.unit is Unit.PEOPLE
        and estimate.form is FigureForm.NUMBER
        and estimate.per is None
        and estimate.population in WHOLE_POPULATIONS
    )
    there = {term.code for term in estimate.terms if _is_where_present(term)}
    return sorted(there) if is_stock and covers is WholeOrPart.WHOLE and len(there) == 1 else []


def _is_where_present(term: Term) -> bool:
    return term.key is TermKey.PLACE and term.role in WHERE_PRESENT and bool(term.code)


def _places(estimate: EstimateForm) -> Collection[str]:
    return {term.code for term in estimate.terms if term.names_place and term.code}
