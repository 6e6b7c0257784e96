"""The places that contain a place: its parents, and regions across their borders (rule 11)."""

from collections.abc import Iterable, Mapping

from app.kinds import PlaceForm
from app.vocabulary.record import PlaceKind


def parents_of(
    code: str, places: Mapping[str, PlaceForm], up_to: PlaceKind | None = None
) -> list[str]:
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


def place_and_ancestors(code: str, places: Mapping[str, PlaceForm]) -> set[str]:
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


def places_and_ancestors(codes: Iterable[str], places: Mapping[str, PlaceForm]) -> set[str]:
    return {place for code in codes for place in place_and_ancestors(code, places)}
