"""Propose that a step was still so when its citation was made, where that is later (rule 2)."""

from app.dates import edtf
from app.dates.wording import in_words
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.views import ProposedValue
from app.documents import Document
from app.i18n.translate import _
from app.kinds import Form, Stage
from app.record.rules.reported_steps import MONTH
from app.record.rules.stages import STATES


def still_held(
    catalogue: Catalogue, document: Document, form: type[Form], name: str, row: Document
) -> list[ProposedValue]:
    """Propose the day of a step with an open end, if its citation is more than a month later."""
    if (form, name) != (Stage, "date") or row["step"] not in STATES:
        return []
    reported = reported_day(catalogue, document, row["citation"])
    step, report = parsed_date(row["date"]), parsed_date(reported)
    if not (step and report and step.whole and report.whole):
        return []
    since = _since(step)
    reached, told = step.whole.last, report.whole.first
    if not (since and reached and told and (told - reached).days > MONTH):
        return []
    where = _("if the report of {day} says that this was still the case").format(
        day=in_words(reported, lasts=False)
    )
    return [ProposedValue(since, in_words(since), where, "")]


def _since(step: edtf.Edtf) -> str:
    """Return the date since when it is so; “” if the step already has an open end."""
    if step.shape in {"date", "between"}:
        return f"{step.text}/.."
    is_range = step.shape == "interval" and edtf.OPEN not in step.parts
    if not is_range or any(part.mark for part in step.parts):
        return ""
    first, last = step.parts
    return f"[{first.text}..{last.text}]/.."


def reported_day(catalogue: Catalogue, document: Document, id: str) -> str:
    """Return when a citation of this record was made or published."""
    citation = next((each for each in document["citations"] if id and each["id"] == id), None)
    if citation is None:
        return ""
    source = catalogue.document(catalogue.meant("source", citation["source"].strip()))
    return str(citation["said"].strip() or (source["published"] if source else ""))


def parsed_date(text: str) -> edtf.Edtf | None:
    """Return a date as typed in a form; None if it is no date."""
    try:
        return edtf.parse(edtf.normalise(text))
    except edtf.DateError:
        return None
