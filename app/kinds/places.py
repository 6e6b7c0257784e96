"""The form of a place."""

from typing import Annotated, Self

from pydantic import model_validator

from app.kinds.base import (
    CODE_HINT,
    ActorCode,
    Country,
    F,
    Form,
    NeededSlug,
    PlaceCode,
    PlaceId,
    RefersTo,
    Text,
)
from app.kinds.layout import Beside, KindWords, Section
from app.kinds.terms import NAMES, Names
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import PlaceKind


class PlaceForm(Form):
    WORDS = KindWords(
        new="New place",
        change="Change place {id}",
        hint="Any name, or its id: 丹东, 단둥, Dandong, P3.",
        make="Enter it as a new place",
        counted=("{count} place", "{count} places"),
        title="Places",
        description="All places in the record, from the world to a workplace, with their names in "
        "all scripts.",
        example="jilin",
    )
    SECTIONS = (
        Section("what", "What it is", ("code kind", NAMES)),
        Section(
            "where",
            "Where it is",
            (
                "parent country",
                "regions",
                "latitude longitude precision_km",
                "geonames",
                "operator",
                Beside("note", ("remark",)),
            ),
        ),
    )

    id: PlaceId = F("Id", "Public id, given at first publication.", "")
    code: NeededSlug = F("Code", "Used in addresses; never changes.", hint=CODE_HINT)
    kind: PlaceKind = F("Kind", "What kind of place it is.")
    parent: PlaceCode = F("Part of", "Code of the administrative area that contains it.", "")
    regions: Annotated[list[NeededSlug], RefersTo(RecordKind.PLACE)] = F(
        "Regions",
        "Codes of its regions.",
        [],
        hint="Codes of its regions, separated by commas.",
    )
    country: Country = F("Country", "For a country: its code of two letters (ISO 3166-1).", "")
    names: Names = F("Names", "Its names. One in any script is enough.", min_length=1)
    latitude: float | None = F("Latitude", "Degrees north.", None, ge=-90, le=90)
    longitude: float | None = F("Longitude", "Degrees east.", None, ge=-180, le=180)
    precision_km: float | None = F("Precision", "Possible error of the point, in km.", None, gt=0)
    geonames: int | None = F("GeoNames", "Its number in GeoNames.", None, gt=0, le=2_147_483_647)
    operator: ActorCode = F("Operator", "For a site: code of the actor that operates it.", "")
    remark: Text = F("Remark", "What readers should know, such as what it is not.", "")
    note: Text = F("Note", "For the desk only.", "", private=True)

    @model_validator(mode="after")
    def fits(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("give both latitude and longitude, or neither")
        if self.kind is PlaceKind.SITE and self.latitude is not None:
            raise ValueError(
                "a site can’t have coordinates, which could expose the people who work "
                "there: leave them empty"
            )
        if self.operator and self.kind is not PlaceKind.SITE:
            raise ValueError("only a site has an operator: leave “Operator” empty")
        if (
            self.kind in {PlaceKind.WORLD, PlaceKind.REGION}
            and self.parent
            and self.code == self.parent
        ):
            raise ValueError("a place can't be part of itself")
        return self
