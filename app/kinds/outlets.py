"""The form of an outlet."""

from datetime import date
from typing import Self

from pydantic import model_validator

from app.kinds.base import (
    CODE_HINT,
    Country,
    F,
    Form,
    Language,
    NeededSlug,
    OutletCode,
    OutletId,
    Text,
)
from app.kinds.layout import Beside, KindWords, Section
from app.kinds.terms import NAMES, Names
from app.vocabulary.sources import OutletKind, Reliability


class OutletForm(Form):
    FORMER = frozenset({"reliability_by"})
    WORDS = KindWords(
        new="New outlet",
        change="Change outlet {id}",
        hint="Any name, or its id.",
        make="Enter it as a new outlet",
        counted=("{count} outlet", "{count} outlets"),
        title="Outlets",
        description="The publishers of sources, with their reliability.",
        example="daily-nk",
    )
    SECTIONS = (
        Section("what", "What it is", ("code", NAMES, "kind country", "languages belongs_to")),
        Section(
            "grade",
            "Reliability of the outlet",
            (
                "reliability",
                Beside("note", ("reliability_reason",)),
                "reliability_on",
            ),
        ),
    )

    id: OutletId = F("Id", "Public id, given at first publication.", "")
    code: NeededSlug = F("Code", "Used in addresses; never changes.", hint=CODE_HINT)
    names: Names = F("Names", "Its names and abbreviations.", min_length=1)
    kind: OutletKind = F("Kind", "What kind of publisher it is.")
    country: Country = F("Country", "Where it is based, in two letters (ISO 3166-1).", "")
    languages: list[Language] = F("Languages", "The languages it publishes in.", [])
    belongs_to: OutletCode = F("Belongs to", "Its parent outlet: both count as one source.", "")
    reliability: Reliability = F(
        "Reliability",
        "Grade A to F of the Admiralty code; f is not judged.",
        Reliability.F,
        hint="Grade A to F of the Admiralty code.",
    )
    reliability_reason: Text = F("Reason", "Why this grade.", "")
    reliability_on: date | None = F("Graded on", "When it was graded.", None, column="graded_on")
    note: Text = F("Note", "For the desk only.", "", private=True)

    @model_validator(mode="after")
    def fits(self) -> Self:
        if self.reliability is not Reliability.F and not self.reliability_reason:
            raise ValueError("a grade other than F needs a reason: enter one")
        return self
