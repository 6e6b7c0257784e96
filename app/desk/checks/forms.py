"""What an editor types to note a check: names as they come, and what they mean."""

from datetime import date

from pydantic import Field, ValidationError

from app.desk.approved.entry import entry
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.things import Thing
from app.desk.ui.html_forms import Filled
from app.forms import CheckForm
from app.forms.base import Form, Line, Needed
from app.i18n.translate import N_, _
from app.vocabulary.record import Outcome


class Checking(Form):
    """A check as it is typed."""

    places: Needed = Field(
        title=N_("Places"), description=N_("Their names in any script, with commas between them.")
    )
    outlets: Needed = Field(
        title=N_("Outlets"), description=N_("Where you looked; names or codes, with commas.")
    )
    languages: Needed = Field(
        title=N_("Languages"), description=N_("In which you looked, such as “ko, zh, en”.")
    )
    first: date = Field(title=N_("From"), description="", json_schema_extra={"input": "date"})
    last: date = Field(title=N_("To"), description="", json_schema_extra={"input": "date"})
    outcome: Outcome = Field(
        Outcome.NOTHING_NEW, title=N_("What came of it"), json_schema_extra={"input": "choice"}
    )


def understood(
    filled: Filled[Checking], catalogue: Catalogue
) -> tuple[Filled[Checking], CheckForm | None]:
    """The check by its codes; or the page's form with what nobody knows by that name."""
    typed = filled.form
    if typed is None:
        return filled, None
    codes = {}
    things: dict[str, Thing] = {"places": "place", "outlets": "outlet"}
    for field, thing in things.items():
        names = _parts(getattr(typed, field))
        codes[field] = [catalogue.meant(thing, name) for name in names]
        unknown = [name for name, code in zip(names, codes[field], strict=True) if not code]
        if unknown:
            filled = filled.but(
                field, _("Nothing here has this name: {names}.").format(names=", ".join(unknown))
            )
    if filled.form is None:
        return filled, None
    try:
        return filled, CheckForm.model_validate(
            {**typed.model_dump(), **codes, "languages": _parts(typed.languages)},
            context=entry(catalogue.db),
        )
    except ValidationError as error:
        place, said = _first(error)
        return filled.but(place, said), None


def _parts(typed: Line) -> list[str]:
    parts = typed.replace("、", ",").replace("，", ",").replace(";", ",").split(",")
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _first(error: ValidationError) -> tuple[str, str]:
    """Where the first mistake stands, and what it is."""
    first = error.errors()[0]
    field = str(first["loc"][0]) if first["loc"] else "last"
    if field == "languages":
        return field, _("Write codes of languages, such as “ko, zh, en”.")
    said = str(first["msg"]).removeprefix("Value error, ")
    return field, said[:1].upper() + said[1:] + "."
