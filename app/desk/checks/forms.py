"""The form of a coverage check, and the conversion of typed names to codes."""

from datetime import date

from pydantic import Field, ValidationError

from app.desk.approved.entry import entry_context
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.things import Thing
from app.desk.ui.html_forms import FilledForm
from app.i18n.translate import N_, _
from app.kinds import CheckForm
from app.kinds.base import Form, Line, Needed
from app.vocabulary.record import Outcome


class CheckInput(Form):
    """A coverage check as typed by an editor."""

    places: Needed = Field(
        title=N_("Places"), description=N_("Names in any script, separated by commas.")
    )
    outlets: Needed = Field(
        title=N_("Outlets"),
        description=N_("Where you searched: names or codes, separated by commas."),
    )
    languages: Needed = Field(
        title=N_("Languages"), description=N_("In which you searched, such as “ko, zh, en”.")
    )
    first: date = Field(title=N_("From"), description="", json_schema_extra={"input": "date"})
    last: date = Field(title=N_("To"), description="", json_schema_extra={"input": "date"})
    outcome: Outcome = Field(
        Outcome.NOTHING_NEW, title=N_("Result"), json_schema_extra={"input": "choice"}
    )


def resolve_names(
    filled: FilledForm[CheckInput], catalogue: Catalogue
) -> tuple[FilledForm[CheckInput], CheckForm | None]:
    """Return the check with codes, or the form with an error for unknown names."""
    typed = filled.form
    if typed is None:
        return filled, None
    codes = {}
    things: dict[str, Thing] = {"places": "place", "outlets": "outlet"}
    for field, thing in things.items():
        names = _split_list(getattr(typed, field))
        codes[field] = [catalogue.meant(thing, name) for name in names]
        unknown = [name for name, code in zip(names, codes[field], strict=True) if not code]
        if unknown:
            filled = filled.but(
                field,
                _("No record has this name: {names}. Check the spelling, or add it first.").format(
                    names=", ".join(unknown)
                ),
            )
    if filled.form is None:
        return filled, None
    try:
        return filled, CheckForm.model_validate(
            {**typed.model_dump(), **codes, "languages": _split_list(typed.languages)},
            context=entry_context(catalogue.db),
        )
    except ValidationError as error:
        field, message = _first_error(error)
        return filled.but(field, message), None


def _split_list(typed: Line) -> list[str]:
    parts = typed.replace("、", ",").replace("，", ",").replace(";", ",").split(",")
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _first_error(error: ValidationError) -> tuple[str, str]:
    """Return the field and the message of the first error."""
    first = error.errors()[0]
    field = str(first["loc"][0]) if first["loc"] else "last"
    if field == "languages":
        return field, _("Enter language codes, such as “ko, zh, en”.")
    message = str(first["msg"]).removeprefix("Value error, ")
    return field, message[:1].upper() + message[1:] + "."
