"""Propose when a plan without a date may be carried out: up to its deadline (rule 1)."""

from datetime import date

from app.dates.edtf import Days
from app.dates.wording import in_words
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.still_held import parsed_date, reported_day
from app.desk.draft_form.views import ProposedValue
from app.documents import Document
from app.i18n.translate import _
from app.kinds import EventForm, Form
from app.record.rules.stages import INTENTS


def plan_bound(
    catalogue: Catalogue, document: Document, form: type[Form], name: str
) -> list[ProposedValue]:
    """Propose a bound from the announcement to the deadline, if nothing else dates the plan."""
    if (form, name) != (EventForm, "within") or not _is_undated_plan(document):
        return []
    announced, deadline = _announced(catalogue, document), _deadline(document)
    first, last = announced and announced.first, deadline and deadline.last
    if not (first and last and first <= last):
        return []
    bound = f"{first.isoformat()}/{last.isoformat()}"
    where = _("from the announcement of the plan to its deadline")
    return [ProposedValue(bound, in_words(bound, lasts=False), where, "", action="bound")]


def _is_undated_plan(document: Document) -> bool:
    dates = ("happened", "attested", "within")
    steps = document["stages"]
    return (
        bool(steps)
        and all(step["step"] in INTENTS and not step["planned_for"].strip() for step in steps)
        and not any(document[name].strip() for name in dates)
    )


def _announced(catalogue: Catalogue, document: Document) -> Days | None:
    """Return the days of the earliest step, or else of its report; None if one is not known."""
    found = []
    for step in document["stages"]:
        text = step["date"].strip() or step["first_reported"].strip()
        parsed = parsed_date(text) or parsed_date(
            reported_day(catalogue, document, step["citation"])
        )
        if not (parsed and parsed.whole and parsed.whole.first):
            return None
        found.append(parsed.whole)
    return min(found, key=lambda days: days.first or date.max)


def _deadline(document: Document) -> Days | None:
    """Return the days of the latest deadline; None if there is none."""
    texts = [document["deadline"], *(step["deadline"] for step in document["stages"])]
    found = [parsed.whole for text in texts if (parsed := parsed_date(text.strip()))]
    return max(
        (days for days in found if days and days.last),
        key=lambda days: days.last or date.min,
        default=None,
    )
