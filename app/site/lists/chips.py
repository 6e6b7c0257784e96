"""Chips: each part of a filter in words, with the link that removes it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.dates import edtf
from app.dates import wording as dates_wording
from app.filtering import Choice, Filter, Filters, Terms, Words, is_arrangement
from app.i18n.translate import _
from app.record.names.directory import Directory

F = TypeVar("F", bound=Filters)


@dataclass(frozen=True)
class Chip:
    label: str
    address: str
    is_excluded: bool = False


def chips(
    filters: F,
    directory: Directory,
    address_of: Callable[[F], str],
    but: Sequence[str] = (),
) -> list[Chip]:
    """Return a chip for each part of the filter except the keys in `but`; its link removes it."""
    found = []
    for key in filters.FILTERS:
        if key.key in but or is_arrangement(key):
            continue
        found += [
            Chip(_chip_label(key, value, directory), address_of(filters.without(key.key, value)))
            for value in filters[key.key]
        ]
        for value in filters.excluded.get(key.key, ()):
            assert isinstance(key, Terms)
            # l10n: a filter that excludes a value
            label = _("{key}: not {value}").format(
                key=_(key.title), value=directory.label(key.vocabulary, value)
            )
            found.append(
                Chip(
                    label,
                    address_of(filters.without(key.key, value, excluded=True)),
                    is_excluded=True,
                )
            )
    return found


def _chip_label(key: Filter, value: str, directory: Directory) -> str:
    if isinstance(key, Choice):
        return _(key.choices[value])
    if isinstance(key, Terms):
        # l10n: a filter and its value
        label = _("{key}: {value}").format(
            key=_(key.title), value=directory.label(key.vocabulary, value)
        )
        is_place = key.key == "place" and value in directory.places
        return _("{place} with places within it").format(place=label) if is_place else label
    if isinstance(key, Words):
        return _("{key}: {value}").format(key=_(key.title), value=value)
    words = (
        dates_wording.in_words(value)
        if _is_date(value)
        else _("edition {number}").format(number=value)
    )
    return f"{_(key.title)} {words}"


def _is_date(value: str) -> bool:
    try:
        edtf.parse(value)
    except edtf.DateError:
        return False
    return True
