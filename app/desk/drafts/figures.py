"""What a number of a text fills into an estimate when its mark is pressed."""

from app.desk.reading.text import Figure
from app.record.names.quantity import BOUNDS, LOWER_BOUNDS, UPPER_BOUNDS
from app.vocabulary.estimates import Quantifier


def figure_fields(figure: Figure, words: str) -> dict[str, str]:
    """Return the fields of a row that a figure fills: a bound as a bound, a point without any."""
    low, high = (_plain_number(number) for number in (figure.low, figure.high))
    numbers = {"low": low, "high": high}
    if low == high:
        is_low, is_high = (figure.quantifier in each for each in (LOWER_BOUNDS, UPPER_BOUNDS))
        numbers = {"low" if is_low else "high" if is_high else "point": low}
    return {
        **dict.fromkeys(BOUNDS, ""),
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
