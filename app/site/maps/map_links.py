"""Links beside a map to other maps, which need no script: one country, other sizes of dots."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from app.i18n.translate import _
from app.record.names.directory import Directory
from app.vocabulary.record import PlaceKind

MAX_ZOOMS = 8


@dataclass(frozen=True)
class MapLink:
    """A link to the map with other dots, or with dots of another size."""

    label: str
    address: str
    is_current: bool


def zoom_links(
    count: Mapping[str, int],
    selected: Collection[str],
    address_at: Callable[[str | None], str],
    directory: Directory,
) -> list[MapLink]:
    """Return links to the whole map and to the countries with the highest count.

    `count` is by code of place; `address_at` returns the address of the map of one place, or of
    the whole map.
    """
    codes = [code for code in count if directory.kind_of_place(code) is PlaceKind.COUNTRY]
    codes = sorted(codes, key=lambda code: (-count[code], code))[:MAX_ZOOMS]
    return [
        MapLink(_("All countries"), address_at(None), not selected),
        *(
            MapLink(directory.label("place", code), address_at(code), list(selected) == [code])
            for code in codes
        ),
    ]
