"""The form of a coverage check: the places, outlets, languages and days that were searched."""

from datetime import date
from typing import Annotated, Self

from pydantic import StringConstraints, ValidationInfo, model_validator

from app.kinds.base import Entry, F, Form, NeededSlug, is_ahead
from app.vocabulary.record import Outcome

NeededLanguage = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(?:-[A-Z][a-z]{3})?$")]


class CheckForm(Form):
    """A check has no text: the records that were entered show what was found."""

    places: list[NeededSlug] = F("Places", "Codes of the places.", min_length=1)
    outlets: list[NeededSlug] = F("Outlets", "Codes of the outlets.", min_length=1)
    languages: list[NeededLanguage] = F("Languages", "Codes of the languages.", min_length=1)
    first: date = F("From", "First day of publication that was searched.")
    last: date = F("To", "Last day of publication that was searched.")
    outcome: Outcome = F("Result", "Whether anything was new.", Outcome.NOTHING_NEW)

    @model_validator(mode="after")
    def fits(self, info: ValidationInfo) -> Self:
        if self.first > self.last:
            raise ValueError("the first day is after the last: correct one of them")
        if isinstance(info.context, Entry) and is_ahead(self.last, info.context):
            raise ValueError("this day is in the future: correct it")
        return self
