"""Values that a field offers as buttons, from what the editor typed beside it."""

import re

from app.desk.draft_form.views import ProposedValue
from app.documents import Document
from app.i18n.translate import _
from app.kinds import ChainStep, EstimateForm, Form
from app.vocabulary.citations import Attribution
from app.vocabulary.estimates import FigureForm, Population

OFFICE = re.compile(
    r"\b(governments?|ministr\w+|departments?|bureau\w*|offices?|authorit\w+|police|embass\w+"
    r"|immigration|customs|directorates?|secretariats?|statistics (korea|office|bureau))\b"
    r"|部|省|局|厅|庁|부|청|министерств|управлени|служб",
    re.IGNORECASE,
)
"""Words that name an office, in the languages of most sources."""
UNNAMED_KINDS = {
    Attribution.DOCUMENT,
    Attribution.ANONYMOUS_SOURCE,
    Attribution.ANONYMOUS_OFFICIAL,
    Attribution.UNATTRIBUTED,
}


def offered_values(form: type[Form], name: str, row: Document) -> list[ProposedValue]:
    """Return what is offered for a field; nothing for most."""
    if (form, name) == (ChainStep, "attribution"):
        return _office(row)
    if (form, name) == (EstimateForm, "share_of"):
        return _whole(row)
    return []


def _office(row: Document) -> list[ProposedValue]:
    """Offer “Government” where the words name an office, whose figures are not anonymous."""
    if row["attribution"] not in UNNAMED_KINDS or not OFFICE.search(row["words"]):
        return []
    where = _("an office named in words is not anonymous")
    return [
        ProposedValue(Attribution.GOVERNMENT, _(Attribution.GOVERNMENT.label), where, language="")
    ]


def _whole(row: Document) -> list[ProposedValue]:
    """Offer the population as the whole of a share."""
    population = Population.by_code().get(row["population"])
    if row["form"] != FigureForm.SHARE or row["share_of"].strip() or population is None:
        return []
    words = row["population_text"].strip() or _(population.label).lower()
    return [ProposedValue(words, words, _("the people counted"), language="")]
