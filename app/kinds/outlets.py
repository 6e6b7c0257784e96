"""The form of an outlet."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from app.kinds.base import (
    Country,
    Form,
    Language,
    Line,
    NeededSlug,
    OutletCode,
    OutletId,
    Private,
    Text,
)
from app.kinds.terms import Name
from app.vocabulary.sources import OutletKind, Reliability


class OutletForm(Form):
    id: OutletId = Field("", title="Id", description="Public id, given at first publication.")
    code: NeededSlug = Field(title="Code", description="Used in addresses; never changes.")
    names: list[Name] = Field(
        title="Names", description="Its names and abbreviations.", min_length=1
    )
    kind: OutletKind = Field(title="Kind", description="What kind of publisher it is.")
    country: Country = Field(
        "", title="Country", description="Where it is based, in two letters (ISO 3166-1)."
    )
    languages: list[Language] = Field(
        [], title="Languages", description="The languages it publishes in."
    )
    belongs_to: OutletCode = Field(
        "",
        title="Belongs to",
        description="Its parent outlet: both count as one source.",
    )
    reliability: Reliability = Field(
        Reliability.F, title="Reliability", description="Grade A to F of the Admiralty code."
    )
    reliability_reason: Text = Field("", title="Reason", description="Why this grade.")
    reliability_on: date | None = Field(None, title="Graded on", description="When it was graded.")
    reliability_by: Annotated[Line, Private()] = Field(
        "", title="Graded by", description="Editor who graded it."
    )
    note: Annotated[Text, Private()] = Field("", title="Note", description="For the desk only.")

    @model_validator(mode="after")
    def fits(self) -> Self:
        if self.reliability is not Reliability.F and not self.reliability_reason:
            raise ValueError("a grade other than F needs a reason: enter one")
        return self
