"""The form of a place."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from app.kinds.base import (
    ActorCode,
    Country,
    Form,
    NeededSlug,
    PlaceCode,
    PlaceId,
    Private,
    RefersTo,
    Text,
)
from app.kinds.terms import Name
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import PlaceKind


class PlaceForm(Form):
    id: PlaceId = Field("", title="Id", description="Public id, given at first publication.")
    code: NeededSlug = Field(title="Code", description="Used in addresses; never changes.")
    kind: PlaceKind = Field(title="Kind", description="What kind of place it is.")
    parent: PlaceCode = Field(
        "", title="Part of", description="Code of the administrative area that contains it."
    )
    regions: Annotated[list[NeededSlug], RefersTo(RecordKind.PLACE)] = Field(
        [], title="Regions", description="Codes of its regions, separated by commas."
    )
    country: Country = Field(
        "", title="Country", description="For a country: its code of two letters (ISO 3166-1)."
    )
    names: list[Name] = Field(
        title="Names", description="Its names. One in any script is enough.", min_length=1
    )
    latitude: float | None = Field(
        None, title="Latitude", description="Degrees north.", ge=-90, le=90
    )
    longitude: float | None = Field(
        None, title="Longitude", description="Degrees east.", ge=-180, le=180
    )
    precision_km: float | None = Field(
        None, title="Precision", description="Possible error of the point, in km.", gt=0
    )
    geonames: int | None = Field(
        None, title="GeoNames", description="Its number in GeoNames.", gt=0, le=2_147_483_647
    )
    operator: ActorCode = Field(
        "", title="Operator", description="For a site: code of the actor that operates it."
    )
    remark: Text = Field(
        "", title="Remark", description="What readers should know, such as what it is not."
    )
    note: Annotated[Text, Private()] = Field("", title="Note", description="For the desk only.")

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
