"""What a number in words fills into an estimate: typed into a field, or pressed as a mark."""

from app.desk.reading.text import Figure
from app.documents import Document, blank
from app.kinds import EstimateForm
from app.record.names.quantity import BOUNDS
from app.vocabulary.estimates import Quantifier

MINIMUMS = {Quantifier.MORE_THAN, Quantifier.AT_LEAST}
MAXIMUMS = {Quantifier.UP_TO, Quantifier.FEWER_THAN}


def figure_fields(figure: Figure, words: str) -> dict[str, str]:
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
        **({"printed_words": words} if figure.quantifier == Quantifier.WORDS else {}),
    }


def _plain_number(number: float | None) -> str:
    return "" if number is None else f"{number:.6f}".rstrip("0").rstrip(".")


def with_numbers_read(document: Document) -> Document:
    """Return an estimate with its numbers in words as marks of a text are read.

    Words that contradict a chosen qualifier, unit or form are left, since one of the two is wrong.
    """
    # Imported here because the words of numbers are large, and few requests save an estimate.
    from app.desk.reading.numbers import read_figure

    document = {**document}
    for name in BOUNDS:
        words = document[name].strip()
        if (figure := read_figure(words)) is None:
            continue
        fields = figure_fields(figure, words)
        if figure.quantifier == Quantifier.EXACT:
            del fields["quantifier"]
        if any(document[other] for other in BOUNDS if other != name):
            # It is one of two bounds.
            if figure.low is None or figure.low != figure.high:
                continue
            fields |= {str(each): document[each] for each in BOUNDS}
            fields[name] = _plain_number(figure.low)
        fields = {each: text for each, text in fields.items() if text or each in BOUNDS}
        unset = blank(EstimateForm, unit="")
        chosen = (each for each in fields if each not in BOUNDS and document[each] != unset[each])
        if all(document[each] == fields[each] for each in chosen):
            document |= fields
    return document
