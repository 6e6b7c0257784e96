"""Towns that a report names, the gazetteer knows and the record does not have.

A row has such a town by its name in the gazetteer, until a press adds it as a place. Only the
names of towns of a text make the server load the gazetteer.
"""

from collections.abc import Iterator, Sequence

from app.desk.draft_form import gazetteer
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import ROW, Document
from app.desk.draft_form.gazetteer import Town
from app.desk.reading.marks import Mark, MarkKind, Reason
from app.i18n.translate import _
from app.record.names.directory import Directory
from app.record.rules.containment import parents_of
from app.vocabulary.record import PlaceKind


def town_of(mark: Mark) -> Town | None:
    """Return the town that a mark names; None if it names another thing."""
    number = mark.value.partition(":")[2]
    is_town = mark.kind is MarkKind.PLACE and mark.reason is Reason.GAZETTEER
    return gazetteer.towns()[0].get(int(number)) if is_town and number.isdecimal() else None


def place_of_town(town: Town, directory: Directory) -> str:
    """Return the code of a place that was made of a town, or its name while there is none."""
    made = (each.code for each in directory.places.values() if each.geonames == town.geonames)
    return next(made, town.name)


def places_around(town: Town, directory: Directory) -> set[str]:
    """Return the province and the country of a town, and what is around these."""
    province = gazetteer.province_of(town, directory)
    around = {
        each.code
        for each in directory.places.values()
        if each.code == province
        or (each.kind is PlaceKind.COUNTRY and each.country == town.country)
    }
    return around | {each for code in around for each in parents_of(code, directory.places)}


def towns_to_add(
    catalogue: Catalogue, row: Document, marks: Sequence[Mark]
) -> Iterator[tuple[str, str]]:
    """Yield action and label of a button for each town of a row that is no place yet."""
    names = [part.strip() for part in row["where"].split(",") if part.strip()]
    missing = [name for name in names if not catalogue.meant("place", name)]
    for name in missing:
        for mark in marks:
            if (town := town_of(mark)) and town.name == name:
                where = f"{town.name}, {gazetteer.country_name(town.country)}"
                action = f"town rows.{row[ROW]}.where {town.geonames} {name}"
                yield action, _("Add the place {town}").format(town=where)
                break


def use_place(document: Document, name: str, code: str) -> None:
    """Write the code of a place into each row that has it by this name."""
    for row in document["rows"]:
        parts = [part.strip() for part in row["where"].split(",") if part.strip()]
        if name in parts:
            row["where"] = ", ".join(code if part == name else part for part in parts)
