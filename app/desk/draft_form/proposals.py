"""Codes that a draft proposes for a growing list: kept with the draft until an admin decides.

They are a small document of their own, so that the boxes, buttons and errors of a draft's page work
for them as for its other rows.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Self

from pydantic import model_validator

from app.documents import (
    ROW,
    Document,
    FieldAt,
    code_list,
    fields_of,
    fit_to_form,
    validate,
    with_texts,
)
from app.i18n.translate import _
from app.kinds import FORMS, CodeForm, Form
from app.kinds.base import F, Line, Needed, NeededText, Slug, notes
from app.kinds.layout import AddButton, Part, Rows, Section
from app.vocabulary.events import TypeHeading, TypeNature


class ProposedCode(Form):
    """A code as its proposer describes it; the code itself may be left to its label."""

    PARTS = ("label", "definition", "example", "code")

    list: Slug = F("List")
    label: Needed = F("Label", "What readers would see.")
    definition: NeededText = F("Definition", "One sentence that says what it covers.")
    example: Line = F("Example", "A case from the report.", "")
    code: Slug = F("Code", "Lower-case letters and hyphens. If empty, made from the label.", "")
    group: TypeHeading | None = F("Heading", "Who usually orders it.", None)
    nature: TypeNature | None = F("Nature", "Only measures have a status.", None)

    @classmethod
    def parts_of(cls, row: Mapping[str, str]) -> tuple[Part, ...]:
        return (*cls.PARTS, "group nature") if row["list"] == "type" else cls.PARTS

    @model_validator(mode="after")
    def fits(self) -> Self:
        if self.list == "type" and not (self.group and self.nature):
            raise ValueError(_("Choose a heading and a nature."))
        if not (self.code or code_of_label(self.label)):
            raise ValueError(_("Enter a code, because the label has no letters from a to z."))
        return self

    @property
    def as_code(self) -> CodeForm:
        return CodeForm(
            list=self.list,
            code=self.code or code_of_label(self.label),
            label=self.label,
            definition=self.definition,
            example=self.example,
            group=self.group or "",
            nature=self.nature,
        )


def _proposals(*lists: tuple[str, str, str]) -> tuple[Section, ...]:
    buttons = tuple(AddButton(code, label, {"list": code}, row) for code, row, label in lists)
    rows = Rows("proposals", "Proposed code", buttons, "list")
    hint = "Propose a code if none fits. An admin decides during review."
    return (Section("codes", "Missing codes", (rows,), hint),)


_OF_ESTIMATES = (
    ("paper", "Proposed visa or permit", "Propose a visa or permit"),
    ("group", "Proposed group", "Propose a group"),
    ("sector", "Proposed sector", "Propose a sector"),
)


class ProposedCodes(Form):
    """The codes that one draft proposes."""

    SECTIONS = _proposals(
        ("type", "Proposed type", "Propose a type"),
        *_OF_ESTIMATES,
        ("right", "Proposed right", "Propose a right"),
    )

    proposals: list[ProposedCode] = F("Proposed codes", "", [])


class EstimateProposals(ProposedCodes):
    """The codes that the draft of an estimate proposes, which has neither a type nor a right."""

    SECTIONS = _proposals(*_OF_ESTIMATES)


def code_of_label(label: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", label.lower()))[:80].strip("-")


def document_of(rows: list[Any]) -> Document:
    """Return the document of the proposals that a draft stores."""
    return fit_to_form(ProposedCodes, {"proposals": rows})


def valid_codes(rows: list[Any]) -> Iterator[tuple[str, CodeForm]]:
    """Yield the key of each proposal that is complete, and its code."""
    for row in document_of(rows)["proposals"]:
        if proposed := validate(ProposedCode, row).form:
            yield row[ROW], proposed.as_code


# Uses of a code ---------------------------------------------------------------------------------


def codes_used(form: type[Form], document: Document) -> set[str]:
    """Return the ids of the codes of growing lists that a document uses."""
    return {_code_id(each) for each in fields_of(form, document)} - {""}


def replace_code(form: type[Form], document: Document, id: str, code: str) -> Document:
    """Return the document with another code of the same list instead of the one with this id."""
    return with_texts(form, document, lambda each: code if _code_id(each) == id else each.text)


def _code_id(each: FieldAt) -> str:
    """Return the id of the code in a field; "" for none."""
    list_, code = code_list(each.form, each.name, each.row), each.text.strip()
    return f"{list_}:{code}" if list_ and code else ""


def documents_with(id: str) -> list[dict[str, Any]]:
    """Return what a document contains, in one way or another, if it uses this code."""
    list_, _colon, code = id.partition(":")
    fields = [each for form in FORMS.values() for each in form.model_fields.items()]
    by_list = [{name: code} for name, field in fields if notes(field).codes == list_]
    return [{"terms": [{"key": list_, "code": code}]}, *by_list]
