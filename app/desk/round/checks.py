"""Coverage checks: where editors looked for news, and what was not looked at for longest."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from pydantic import Field, ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.desk.approved.models import ReferenceRow
from app.desk.draft_form.catalogue import Catalogue, Thing
from app.desk.ui import FilledForm
from app.documents import error_message, parts_of
from app.i18n.formats import as_sentence
from app.i18n.translate import N_, _
from app.kinds import CheckForm, Entry
from app.kinds.base import Form, Line, Needed
from app.kinds.locale_names import code_of_language
from app.record.coverage import CoverageCheck, checks_of_edition
from app.record.editions import NoEditionError, select_edition
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import Outcome
from app.web.forms import with_prefix

MAX_DUE = 12
MAX_FROM_RECORD = 8
"""Places and outlets that are offered because the record often names them."""
DAYS_OF_A_ROUND = 7
THINGS: Mapping[Thing, tuple[str, RecordKind, RecordKind]] = {
    "place": ("places", RecordKind.PLACE, RecordKind.EVENT),
    "outlet": ("outlets", RecordKind.OUTLET, RecordKind.SOURCE),
}
"""What is checked: its field, its kind, and the kind of the records that name it."""


class CheckInput(Form):
    """A coverage check as typed by an editor."""

    places: Line = Field(
        "", title=N_("Other places"), description=N_("Names in any script, separated by commas.")
    )
    outlets: Line = Field(
        "", title=N_("Other outlets"), description=N_("Names or codes, separated by commas.")
    )
    languages: Needed = Field(
        title=N_("Languages"), description=N_("In which you searched, such as “Korean, zh”.")
    )
    first: date = Field(title=N_("From"), description="", json_schema_extra={"input": "date"})
    last: date = Field(title=N_("To"), description="", json_schema_extra={"input": "date"})
    outcome: Outcome = Outcome.NOTHING_NEW


def recorded_checks(db: Session) -> Sequence[CoverageCheck]:
    try:
        return checks_of_edition(db, select_edition(db))
    except NoEditionError:
        return ()


def last_round(checks: Sequence[CoverageCheck]) -> list[CoverageCheck]:
    """Return the checks that end on the latest day: the next round usually covers the same."""
    return [check for check in checks if check.last == checks[0].last]


class Unchecked(NamedTuple):
    """A place or outlet to look at."""

    input: str
    label: str
    last: date | None
    is_usual: bool
    """Whether it is ticked at first."""


def longest_unchecked(
    catalogue: Catalogue, checks: Sequence[CoverageCheck], thing: Thing
) -> list[Unchecked]:
    """Return places or outlets, those that nobody has looked at for longest first.

    Offered is what was ever checked, and what the record names most often.
    """
    field, kind, naming = THINGS[thing]
    uses = (
        select(func.split_part(ReferenceRow.target, ":", 2))
        .where(
            ReferenceRow.target.startswith(f"{kind}:"), ReferenceRow.record.startswith(naming.value)
        )
        .group_by(ReferenceRow.target)
        .order_by(func.count().desc(), ReferenceRow.target)
    )
    last: dict[str, date | None] = dict.fromkeys(catalogue.db.scalars(uses.limit(MAX_FROM_RECORD)))
    for check in reversed(checks):
        last |= dict.fromkeys(getattr(check, field), check.last)
    usual = {code for check in last_round(checks) for code in getattr(check, field)}
    oldest_first = sorted(last, key=lambda code: last[code] or date.min)
    return [
        Unchecked(f"{thing}:{code}", catalogue.label(code, thing), last[code], code in usual)
        for code in oldest_first[:MAX_DUE]
    ]


def next_check(checks: Sequence[CoverageCheck]) -> dict[str, str]:
    """Return the values of the form: the languages of the last round, and the days since then."""
    today = datetime.now(UTC).date()
    first = today - timedelta(days=DAYS_OF_A_ROUND)
    if checks:
        first = min(checks[0].last + timedelta(days=1), today)
    languages = ", ".join({code: "" for each in last_round(checks) for code in each.languages})
    return {"languages": languages, "first": first.isoformat(), "last": today.isoformat()}


def read_check(
    catalogue: Catalogue, posted: Mapping[str, str]
) -> tuple[FilledForm[CheckInput], CheckForm | None]:
    """Return the form with the ticked places and outlets among the typed ones, and the check.

    The check has codes in place of names. It is None if there are errors.
    """
    typed, errors = dict(posted), dict[str, str]()
    values: dict[str, Any] = {name: posted.get(name, "") for name in CheckInput.model_fields}
    values["languages"] = [code_of_language(each) for each in parts_of(values["languages"])]
    for thing, (field, *_kinds) in THINGS.items():
        ticked = with_prefix(posted, f"{thing}:")
        typed[field] = ", ".join(filter(None, [*ticked, posted.get(field, "").strip()]))
        codes = {name: catalogue.meant(thing, name) for name in parts_of(typed[field])}
        values[field] = list(dict.fromkeys(codes.values()))
        if unknown := [name for name, code in codes.items() if not code]:
            words = _("No record has this name: {names}. Check the spelling, or add it first.")
            errors[field] = words.format(names=", ".join(unknown))
    check = None
    try:
        check = CheckForm.model_validate(values, context=Entry())
    except ValidationError as error:
        for each in error.errors():
            errors.setdefault(str((*each["loc"], "last")[0]), as_sentence(error_message(each)))
    return FilledForm(CheckInput, typed, errors=errors), None if errors else check
