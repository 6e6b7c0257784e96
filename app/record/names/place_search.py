"""Finding places by a name that a reader typed."""

from app.filtering import MAX_VALUES, DroppedParameter, Pairs
from app.i18n.translate import N_
from app.record.names.directory import Directory


def places_by_name(
    pairs: Pairs, directory: Directory
) -> tuple[list[tuple[str, str]], list[DroppedParameter]]:
    """Replace names of places by their codes. Returns the new pairs, and unknown names."""
    read: list[tuple[str, str]] = []
    unknown: list[DroppedParameter] = []
    for key, value in pairs:
        if key != "place":
            read.append((key, value))
            continue
        for name in _split_names(value, directory):
            codes = _codes_of_place_name(name, directory)
            read += [(key, code) for code in codes]
            unknown += (
                [] if codes else [DroppedParameter(key, name, N_("is not a place in the record"))]
            )
    return read, unknown


def _split_names(value: str, directory: Directory) -> list[str]:
    """Split typed text at commas, unless the whole text is the name of a place."""
    if _codes_of_place_name(value, directory):
        return [value]
    parts = value.replace("、", ",").replace("，", ",").split(",")
    return [name for part in parts[:MAX_VALUES] if (name := part.strip())]


def _codes_of_place_name(name: str, directory: Directory) -> list[str]:
    if name in directory.places or ("place", name) in directory.merged:
        return [name]
    return [code for key, code in directory.named(name) if key == "place"]
