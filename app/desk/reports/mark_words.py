"""What the mark of a text means, in words."""

from app.desk.draft_form import gazetteer
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.things import figure_in_words
from app.desk.reading.text import Figure, Mark, MarkKind
from app.documents import date_in_words
from app.i18n.translate import _
from app.vocabulary.estimates import Quantifier, Unit
from app.vocabulary.events import TermKey

MINIMUMS = {Quantifier.MORE_THAN, Quantifier.AT_LEAST}
MAXIMUMS = {Quantifier.UP_TO, Quantifier.FEWER_THAN}


def mark_in_words(catalogue: Catalogue, mark: Mark) -> str:
    """Return a date, a number or a name; of a town or country that the record lacks, its name."""
    value = mark.value
    if mark.kind is MarkKind.DATE:
        return date_in_words(value)
    if mark.figure:
        figure = {"counts": "", "printed_words": "", **figure_fields(mark.figure)}
        number = figure_in_words(figure)[0] or mark.figure.text
        is_people = mark.figure.unit == Unit.PEOPLE
        return _("{number} people").format(number=number) if is_people else number
    if mark.kind is MarkKind.NATIONALITY:
        form = catalogue.code(TermKey.NATIONALITY, value)
        return form.label if form else value
    of, _colon, code = value.partition(":")
    if of == "town" and (town := gazetteer.towns()[0].get(int(code))):
        return f"{town.name}, {gazetteer.country_name(town.country)}"
    if of == "country":
        return gazetteer.country_name(code)
    known = catalogue.directory.named_records.get(mark.kind.value, {})
    return catalogue.label(value, mark.kind.value) if value in known else value


def figure_fields(figure: Figure) -> dict[str, str]:
    """Return the fields of a row that a figure fills: a bound as a bound, a point without any."""
    low, high = (_plain_number(number) for number in (figure.low, figure.high))
    if low == high and figure.quantifier in MINIMUMS:
        numbers = {"low": low, "point": "", "high": ""}
    elif low == high and figure.quantifier in MAXIMUMS:
        numbers = {"low": "", "point": "", "high": high}
    elif low == high:
        numbers = {"low": "", "point": low, "high": ""}
    else:
        numbers = {"low": low, "point": "", "high": high}
    return {
        **numbers,
        "quantifier": figure.quantifier,
        "unit": figure.unit,
        "per": figure.per,
        "form": "" if figure.form == "number" else figure.form,
    }


def _plain_number(number: float | None) -> str:
    return "" if number is None else f"{number:.6f}".rstrip("0").rstrip(".")
