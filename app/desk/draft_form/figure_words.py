"""The number and the measure of an estimate's draft, in the words that readers will see."""

from decimal import Decimal, InvalidOperation
from typing import Any

from app.desk.draft_form.documents import Document, without_grouping
from app.i18n.translate import _
from app.record.names.measures import measure_in_words
from app.record.names.quantity import BOUNDS, quantity
from app.vocabulary.code import Code
from app.vocabulary.estimates import (
    Counts,
    FigureForm,
    Nature,
    PapersWere,
    Per,
    Quantifier,
    Unit,
)

CODES: dict[str, type[Code]] = {
    "counts": Counts,
    "papers_were": PapersWere,
    "nature": Nature,
    "unit": Unit,
    "per": Per,
    "form": FigureForm,
    "quantifier": Quantifier,
}


def figure_in_words(document: Document) -> list[str]:
    """Return number and measure, such as "about 23.5 per cent" and "Share"; "" for what is missing.

    While a number can't be read, the fields are returned as typed.
    """
    codes = {name: document.get(name, "") for name, code in CODES.items()}
    form: Any = {
        name: code for name, code in codes.items() if code and code in CODES[name].by_code()
    }
    measure = measure_in_words(form) if "counts" in form else ""
    typed = [text for name in BOUNDS if (text := document[name])]
    if not typed or "quantifier" not in form:
        words = document["printed_words"]
        quoted = _("“{words}”").format(words=words) if words else ""
        return ["–".join(typed) or quoted, measure]
    if form["quantifier"] == Quantifier.WORDS:
        return ["–".join(typed), measure]
    try:
        form |= {
            name: Decimal(without_grouping(document[name])) for name in BOUNDS if document[name]
        }
    except InvalidOperation:
        return ["–".join(typed), measure]
    return [quantity(form), measure]
