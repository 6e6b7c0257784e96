"""Propose that a step was still so when its citation was made, where that is later (rule 2)."""

from app.dates import edtf
from app.dates.wording import in_words
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import Document
from app.desk.draft_form.views import ProposedValue
from app.forms import Form, Stage
from app.i18n.translate import _
from app.record.rules.reported_steps import MONTH
from app.record.rules.stages import STATES


def still_held(
    catalogue: Catalogue, document: Document, form: type[Form], name: str, row: Document
) -> list[ProposedValue]:
    """Propose the day of a step with an open end, if its citation is more than a month later."""
    if (form, name) != (Stage, "date") or row["step"] not in STATES:
        return []
    reported = _reported(catalogue, document, row["citation"])
    step, report = _date(row["date"]), _date(reported)
    if not (step and report and step.shape == "date" and step.whole and report.whole):
        return []
    reached, told = step.whole.last, report.whole.first
    if not (reached and told and (told - reached).days > MONTH):
        return []
    where = _("if the report of {day} says that it still was so").format(
        day=in_words(reported, lasts=False)
    )
    since = f"{step.text}/.."
    return [ProposedValue(since, in_words(since), where, "")]


def _reported(catalogue: Catalogue, document: Document, id: str) -> str:
    """Return when a citation of this record was made or published."""
    citation = next((each for each in document["citations"] if id and each["id"] == id), None)
    if citation is None:
        return ""
    source = catalogue.document(catalogue.meant("source", citation["source"].strip()))
    return str(citation["said"].strip() or (source["published"] if source else ""))


def _date(text: str) -> edtf.Edtf | None:
    try:
        return edtf.parse(edtf.normalise(text))
    except edtf.DateError:
        return None
