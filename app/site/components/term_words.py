"""A term's label with the source's wording and number; and why no nationality is named."""

from decimal import Decimal

from app.i18n.translate import N_, _
from app.vocabulary.events import NoNationality

NO_NATIONALITY_WORDS = {
    NoNationality.NOT_STATED: N_("not stated by sources"),
    NoNationality.ANY: N_("any nationality"),
}


def no_nationality_in_words(answer: NoNationality) -> str:
    return _(NO_NATIONALITY_WORDS[answer])


def term_in_words(
    label: str, printed: str | None, number: Decimal | float | None, *, quotes: bool = False
) -> str:
    """Return the label with the source's wording behind it, or the wording where no code fits.

    `quotes` puts wording without a code in quotation marks.
    """
    words = printed or ""
    name = label or (f"“{words}”" if quotes else words)
    if label and words and words.casefold() != label.casefold():
        name = _("{name} (“{printed}”)").format(name=label, printed=words)
    if number is not None:
        name = _("{name}: {number}").format(name=name, number=f"{Decimal(str(number)):,f}")
    return name
