"""Forms for adding, changing and retiring a code."""

from typing import Any

from pydantic import Field, ValidationInfo, field_validator

from app.desk.approved.draft_models import Significance
from app.i18n.translate import N_, _
from app.kinds.base import Form, Line, Needed, NeededSlug, NeededText, Slug
from app.kinds.vocabulary import words_by_language
from app.vocabulary.code import Code
from app.vocabulary.events import Direction, TypeHeading, TypeNature

CHOICE_INPUT: Any = {"input": "choice"}
CODE_SUGGESTIONS: Any = {"offers": "codes"}


class LawMark(Code):
    """Whether a type of measure is a law or listing. Browsers send nothing for an empty tick."""

    NO = "no", N_("No"), N_("The status is unconfirmed 24 months after its last report.")
    YES = "yes", N_("Yes"), N_("It applies until an end is recorded, even if reports are old.")


class _WordingForm(Form):
    label: Needed = Field(title=N_("Label"), description=N_("What readers see."))
    definition: NeededText = Field(
        title=N_("Definition"), description=N_("One sentence that says what it covers.")
    )
    example: Line = Field(
        "", title=N_("Example"), description=N_("A case from the record, or a similar one.")
    )


class _ListCodeForm(_WordingForm):
    group: Slug = Field(
        "",
        title=N_("Belongs to"),
        description=N_("Code of the wider entry, if any. It also finds records with this code."),
        json_schema_extra=CODE_SUGGESTIONS,
    )


class _TypeCodeForm(_WordingForm):
    group: TypeHeading = Field(title=N_("Heading"), json_schema_extra=CHOICE_INPUT)
    nature: TypeNature = Field(title=N_("Nature"), json_schema_extra=CHOICE_INPUT)
    direction: Direction = Field(
        Direction.NONE, title=N_("Direction"), json_schema_extra=CHOICE_INPUT
    )
    is_law: LawMark = Field(LawMark.NO, title=N_("Law or listing"), json_schema_extra=CHOICE_INPUT)

    @field_validator("is_law")
    @classmethod
    def fits(cls, mark: LawMark, info: ValidationInfo) -> LawMark:
        if mark is LawMark.YES and info.data.get("nature") is not TypeNature.MEASURE:
            raise ValueError(_("Only a measure is a law or listing. Choose “No”."))
        return mark


class _ConceptForm(Form):
    label: Needed = Field(title=N_("Label"), description=N_("What readers see."))
    definition: NeededText = Field(
        title=N_("Words"),
        description=N_("One part per language: en: worker | labourer; ko: 노동자."),
    )
    example: Line = Field(
        "",
        title=N_("Note on scope"),
        description=N_("Optional. Why the record has no such events."),
    )

    @field_validator("definition")
    @classmethod
    def has_languages(cls, words: str) -> str:
        try:
            words_by_language(words)
        except ValueError as error:
            raise ValueError(
                _("Write “en: ” before English words, and “;” between languages.")
            ) from error
        return words


class _CodeForm(Form):
    code: NeededSlug = Field(
        title=N_("Code"),
        description=N_(
            "Lower-case letters and hyphens. It is used in addresses and never changes."
        ),
    )


class _ReasonForm(Form):
    reason: Needed = Field(title=N_("Reason"), description=N_("Shown to readers with the change."))


class _SignificanceForm(_ReasonForm):
    why: Significance = Field(title=N_("Type of change"), json_schema_extra=CHOICE_INPUT)


class NewCode(_ListCodeForm, _CodeForm):
    pass


class NewType(_TypeCodeForm, _CodeForm):
    pass


class NewConcept(_ConceptForm, _CodeForm):
    pass


class ChangedConcept(_SignificanceForm, _ConceptForm):
    pass


class ChangedCode(_SignificanceForm, _ListCodeForm):
    pass


class ChangedType(_SignificanceForm, _TypeCodeForm):
    pass


class _SuccessorForm(Form):
    successor: NeededSlug = Field(
        title=N_("Successor"),
        description=N_("The code to use instead. Filters with the old code use this one."),
        json_schema_extra=CODE_SUGGESTIONS,
    )


class RetireForm(_ReasonForm, _SuccessorForm):
    pass


class RestoreCodeForm(_ReasonForm):
    pass
