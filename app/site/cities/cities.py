"""`/cities`: a table of cities and towns, a second table of larger areas, and a map."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import cached_property

from markupsafe import Markup, escape

from app.i18n.formats import alternatives
from app.i18n.translate import N_, _, ngettext
from app.record.filters import CityFilters
from app.record.rules.containment import place_and_ancestors
from app.site.cities.city_rows import COLUMNS, CityRow, filter_rows, rows_of
from app.site.cities.latest_estimates import PlaceCounts, count_places
from app.site.components.links import PlaceCount, address_of_places, short_names
from app.site.components.urls import place_page_address
from app.site.datasets.dataset import FILES, FORMER_FILES, Dataset, choices
from app.site.maps.city_dots import CityDot, MapLink, MapView, maps, zoom_links
from app.site.references.citable import CitableView
from app.vocabulary.record import SETTLEMENTS, PlaceKind

SELECTABLE_KINDS = [PlaceKind.COUNTRY, PlaceKind.PROVINCE, PlaceKind.REGION]
"""Kinds of place offered in the form. The URL accepts every place."""
Choices = Sequence[tuple[str, Sequence[tuple[str, str, bool]]]]
"""Options of a form field: (heading, options), each option as (code, label, is selected)."""


class Cities(Dataset[CityFilters]):
    name = "cities"
    heading = N_("Cities")
    filter_class = CityFilters
    template = "site/cities/list.html"
    endings = FILES
    former = FORMER_FILES | {
        ".geojson": ".json",
        ".atom": "/changes.atom",
        ".feed.json": "/changes.atom",
    }
    columns = COLUMNS
    form_keys = frozenset({"place", "has"})
    row_name, example = "City", "dandong"
    about = N_(
        "Cities and towns with the newest estimate of people present and the numbers of events and "
        "estimates."
    )

    @cached_property
    def counted(self) -> PlaceCounts:
        return count_places(self.db, self.edition, self.directory)

    @cached_property
    def every(self) -> Sequence[CityRow]:
        return rows_of(self.edition, self.counted, self.directory)

    @cached_property
    def rows(self) -> list[CityRow]:
        return filter_rows(self.every, self.filters)

    @cached_property
    def cities(self) -> list[CityRow]:
        return [row for row in self.rows if row.place.kind in SETTLEMENTS]

    @property
    def areas(self) -> list[CityRow]:
        return [row for row in self.rows if row.is_area and row.figures]

    @property
    def found(self) -> str:
        return ngettext("{count} city or town", "{count} cities and towns", len(self.cities))

    @property
    def answer(self) -> Markup:
        """How many have a number of people, and the newest one."""
        known = [row for row in self.cities if row.newest]
        words = ngettext(
            "{{start}}{count} of {{total}} cities and towns has a number for all workers or "
            "nationals there.{{end}}",
            "{{start}}{count} of {{total}} cities and towns have a number for all workers or "
            "nationals there.{{end}}",
            len(known),
        )
        parts = {"start": Markup("<b>"), "end": Markup("</b>"), "total": len(self.cities)}
        if not known:
            return escape(words).format(**parts)
        newest = max(known, key=lambda row: row.until or date.min)
        assert newest.headline
        # l10n: the newest number of people in a city, after the number of cities that have one
        more = _("The newest: {place}, {amount} ({time}).")
        return (
            escape(words).format(**parts)
            + " "
            + escape(more).format(
                place=newest.label, amount=newest.headline.words, time=newest.headline.time
            )
        )

    @cached_property
    def without_estimates(self) -> list[CityRow]:
        """The last rows of the table, where they are together: with events only."""
        is_by_date = self.filters.one("sort") == "newest"
        return [row for row in self.cities if is_by_date and not row.figures]

    # The form -------------------------------------------------------------------------------------

    @property
    def place_choices(self) -> Choices:
        """The areas with a city in the table, preceded by other places that the URL selects."""
        known = {
            code
            for row in self.every
            if row.place.kind in SETTLEMENTS
            for code in row.lies_in - {row.place.code}
        }
        selected, label_of = self.filters["place"], self.directory.label
        groups = []
        for kind in SELECTABLE_KINDS:
            codes = [code for code in known if self.directory.kind_of_place(code) is kind]
            options = sorted((label_of("place", code), code) for code in codes)
            groups.append(
                (_(kind.label), [(code, label, code in selected) for label, code in options])
            )
        offered = {code for _title, options in groups for code, *_rest in options}
        others = [(code, label_of("place", code), True) for code in selected if code not in offered]
        return [(title, options) for title, options in [("", others), *groups] if options]

    @property
    def has_choices(self) -> Choices:
        codes = next(key for key in CityFilters.terms() if key.key == "has").closed
        return [
            (
                "",
                [
                    (code, self.directory.label("has", code), code in self.filters["has"])
                    for code in codes
                ],
            )
        ]

    @property
    def heads(self) -> dict[str, tuple[str, str]]:
        """Address and `aria-sort` of each sortable column."""
        return {
            code: (
                self.address_of(self.bare.with_(sort=code)),
                ("ascending" if code == "name" else "descending") if is_sorted else "none",
            )
            for code, _label, is_sorted in choices(self.filters, "sort")
        }

    @property
    def clear_address(self) -> str:
        kept = {"sort": self.bare["sort"], "size": self.bare["size"]}
        return self.address_of(self.filters.made_of(kept, {}))

    def link(self, ending: str = "") -> str:
        return self.address_of(self.bare.with_(size=None) if ending else self.bare, ending)

    @property
    def compare_address(self) -> str:
        """The comparison of the first two cities shown, or the form to choose two."""
        return address_of_places(row.place.code for row in self.cities[:2])

    # The map --------------------------------------------------------------------------------------

    @cached_property
    def maps(self) -> Sequence[MapView]:
        return maps(
            [self._dot(row) for row in self.cities if row.place.latitude is not None],
            _("Map of the cities and towns in the record, with the same data as the table"),
        )

    def _dot(self, row: CityRow) -> CityDot:
        place = row.place
        assert place.latitude is not None and place.longitude is not None
        is_people = self.filters.one("size") == "people"
        return CityDot(
            place.code,
            row.label,
            row.names,
            place.latitude,
            place.longitude,
            row.people if is_people else row.events,
            row.address,
            is_ring=row.newest is None,
            people=(row.newest.words if row.newest else "") if is_people else None,
        )

    @property
    def sizes(self) -> list[MapLink]:
        """What the size of a dot shows."""
        return [
            MapLink(label, self.address_of(self.bare.with_(size=code)), is_shown)
            for code, label, is_shown in choices(self.filters, "size")
        ]

    @cached_property
    def zooms(self) -> list[MapLink]:
        """Countries with a city on the map, most cities first, after the link to all."""
        count = Counter(
            code
            for row in self.every
            if row.place.kind in SETTLEMENTS and row.place.latitude is not None
            for code in row.lies_in
        )
        return zoom_links(
            count,
            self.filters["place"],
            lambda code: self.address_of(self.bare.with_(place=code)),
            self.directory,
        )

    @cached_property
    def elsewhere(self) -> list[PlaceCount]:
        """Places of events that name no city, most events first.

        The map leaves them out: no point would be the right position of a province.
        """
        selected, places = {*self.filters["place"]}, self.directory.places
        counted = sorted(self.counted.elsewhere.items(), key=lambda item: (-item[1], item[0]))
        return [
            PlaceCount(
                self.directory.label("place", code),
                place_page_address(self.directory, code),
                count,
                short_names(self.directory, code),
            )
            for code, count in counted
            if code in places and (not selected or selected & place_and_ancestors(code, places))
        ]

    # Citation and files ---------------------------------------------------------------------------

    @property
    def view(self) -> CitableView:
        title, where = _("Estimates by city"), alternatives(self.place_labels)
        return CitableView(
            edition=self.edition,
            page=self.link(),
            name="-".join(["cities", *self.filters["place"][:3]]),
            title=_("Estimates by city, {place}").format(place=where) if where else title,
        )

    def file_rows(self) -> list[CityRow]:
        return self.cities
