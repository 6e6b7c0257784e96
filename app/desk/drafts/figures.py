"""What a number of a text fills into an estimate when its mark is pressed."""

from app.desk.reading.text import Figure
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
        **({"population": figure.population} if figure.population else {}),
    }


def _plain_number(number: float | None) -> str:
    return "" if number is None else f"{number:.6f}".rstrip("0").rstrip(".")
