"""What an admin fills in of a code: when it is added, when its wording changes, when another takes its place."""

from typing import Any

from pydantic import Field

from app.desk.approved.draft_models import Weight
from app.forms.base import Form, Line, Needed, NeededSlug, NeededText, Slug
from app.i18n.translate import N_
from app.vocabulary.code import Code
from app.vocabulary.events import Side, TypeNature


class Heading(Code):
    """The headings that types of event stand under: a side, or nobody's order."""

    HOST_STATE = Side.HOST_STATE.value, Side.HOST_STATE.label, Side.HOST_STATE.definition
    HOME_STATE = Side.HOME_STATE.value, Side.HOME_STATE.label, Side.HOME_STATE.definition
    INTERNATIONAL = (
        Side.INTERNATIONAL.value,
        Side.INTERNATIONAL.label,
        Side.INTERNATIONAL.definition,
    )
    EMPLOYER = Side.EMPLOYER.value, Side.EMPLOYER.label, Side.EMPLOYER.definition
    SEEN = "seen", N_("Seen on the ground"), N_("What happened, whoever ordered it.")


CHOICE: Any = {"input": "choice"}
OF_THIS_LIST: Any = {"offers": "codes"}


class _Wording(Form):
    label: Needed = Field(title=N_("Label"), description=N_("What readers see."))
    definition: NeededText = Field(
        title=N_("Definition"), description=N_("One sentence that says what it covers.")
    )
    example: Line = Field(
        "", title=N_("Example"), description=N_("A case from the record or one like it.")
    )


class _OfList(_Wording):
    group: Slug = Field(
        "",
        title=N_("Stands under"),
        description=N_(
            "The code of the wider one, if there is one: what carries this is found under that as well."
        ),
        json_schema_extra=OF_THIS_LIST,
    )


class _OfType(_Wording):
    group: Heading = Field(title=N_("Heading"), json_schema_extra=CHOICE)
    nature: TypeNature = Field(title=N_("Nature"), json_schema_extra=CHOICE)


class _Coded(Form):
    code: NeededSlug = Field(
        title=N_("Code"),
        description=N_("Small letters and hyphens. It stands in addresses and never changes."),
    )


class _Reasoned(Form):
    reason: Needed = Field(title=N_("Reason"), description=N_("Readers see it beside the change."))


class _Weighed(_Reasoned):
    why: Weight = Field(title=N_("How much it weighs"), json_schema_extra=CHOICE)


class NewCode(_OfList, _Coded):
    pass


class NewType(_OfType, _Coded):
    pass


class ChangedCode(_Weighed, _OfList):
    pass


class ChangedType(_Weighed, _OfType):
    pass


class _Followed(Form):
    successor: NeededSlug = Field(
        title=N_("Successor"),
        description=N_(
            "The code to use instead. Addresses with the old one lead to what this one finds."
        ),
        json_schema_extra=OF_THIS_LIST,
    )


class Retiring(_Reasoned, _Followed):
    pass


class TakingBack(_Reasoned):
    pass
