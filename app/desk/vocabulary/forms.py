"""Forms for adding, changing and retiring a code."""

from typing import Any

from pydantic import Field

from app.desk.approved.draft_models import Significance
from app.forms.base import Form, Line, Needed, NeededSlug, NeededText, Slug
from app.i18n.translate import N_
from app.vocabulary.events import TypeHeading, TypeNature

CHOICE_INPUT: Any = {"input": "choice"}
CODE_SUGGESTIONS: Any = {"offers": "codes"}


class _WordingForm(Form):
    label: Needed = Field(title=N_("Label"), description=N_("What readers see."))
    definition: NeededText = Field(
        title=N_("Definition"), description=N_("One sentence that says what it covers.")
    )
    example: Line = Field(
        "", title=N_("Example"), description=N_("A case from the record or one like it.")
    )


class _ListCodeForm(_WordingForm):
    group: Slug = Field(
        "",
        title=N_("Stands under"),
        description=N_(
            "The code of the wider one, if there is one: what carries this is found "
            "under that as well."
        ),
        json_schema_extra=CODE_SUGGESTIONS,
    )


class _TypeCodeForm(_WordingForm):
    group: TypeHeading = Field(title=N_("Heading"), json_schema_extra=CHOICE_INPUT)
    nature: TypeNature = Field(title=N_("Nature"), json_schema_extra=CHOICE_INPUT)
    is_law: bool = Field(
        False,
        title=N_("Law or listing"),
        description=N_("It applies until an end is recorded, however old its last report is."),
    )


class _CodeForm(Form):
    code: NeededSlug = Field(
        title=N_("Code"),
        description=N_("Small letters and hyphens. It stands in addresses and never changes."),
    )


class _ReasonForm(Form):
    reason: Needed = Field(title=N_("Reason"), description=N_("Readers see it beside the change."))


class _SignificanceForm(_ReasonForm):
    why: Significance = Field(title=N_("How much it weighs"), json_schema_extra=CHOICE_INPUT)


class NewCode(_ListCodeForm, _CodeForm):
    pass


class NewType(_TypeCodeForm, _CodeForm):
    pass


class ChangedCode(_SignificanceForm, _ListCodeForm):
    pass


class ChangedType(_SignificanceForm, _TypeCodeForm):
    pass


class _SuccessorForm(Form):
    successor: NeededSlug = Field(
        title=N_("Successor"),
        description=N_(
            "The code to use instead. Addresses with the old one lead to what this one finds."
        ),
        json_schema_extra=CODE_SUGGESTIONS,
    )


class RetireForm(_ReasonForm, _SuccessorForm):
    pass


class RestoreCodeForm(_ReasonForm):
    pass
