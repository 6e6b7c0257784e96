"""Places match with everything inside them: what a place lies in, by the tree and by regions that cut across."""

from collections.abc import Iterable, Mapping

from app.forms import PlaceForm


def surroundings(code: str, places: Mapping[str, PlaceForm]) -> set[str]:
    """The place itself, all that it lies in, and the regions that it or any of these belongs to."""
    found: set[str] = set()
    waiting = [code]
    while waiting:
        here = waiting.pop()
        if here in found or not here:
            continue
        found.add(here)
        if place := places.get(here):
            waiting += [place.parent, *place.regions]
    return found


def surroundings_of(codes: Iterable[str], places: Mapping[str, PlaceForm]) -> set[str]:
    return {around for code in codes for around in surroundings(code, places)}
