"""What is ours in a date, and days of steps, in words; for pages and the desk's preview."""

from app.dates.wording import beginning_in_words, in_words
from app.i18n.translate import N_, _
from app.kinds.events import UNKNOWN
from app.record.payloads import PublishedStage
from app.vocabulary.dates import DateBasis

BASIS_NOTES: dict[str, str] = {
    DateBasis.CONVERTED: N_("{date} (our conversion)"),
    DateBasis.YEAR_INFERRED: N_("{date} (year inferred by us)"),
    DateBasis.BOTH: N_("{date} (our conversion, year inferred by us)"),
    DateBasis.DAY_INFERRED: N_("{date} (day inferred by us)"),
    DateBasis.ALL_INFERRED: N_("{date} (date inferred by us)"),
}


def with_basis(date: str, basis: str | None) -> str:
    """Return a date in words with a mark of what is ours in it."""
    return _(BASIS_NOTES[basis]).format(date=date) if date and basis else date


def basis_reason(basis: str | None, reason: str) -> str:
    """Return why a date is not simply that of the source, as a sentence; empty if it is."""
    if not basis:
        return ""
    what = _(DateBasis(basis).label)
    # l10n: what the editors added to a date, and why
    return _("{what}: {reason}").format(what=what, reason=reason) if reason else what


def step_day_in_words(stage: PublishedStage) -> str:
    """Return the day for which a step is reported; empty if it is not known.

    Its first report is not that day.
    """
    text = stage.get("date", "")
    # "Since May" was reached in May.
    return beginning_in_words(text) if text not in {"", UNKNOWN} else ""


def stated_end_in_words(stage: PublishedStage) -> str:
    """Return the stated end of a step; empty if none is stated."""
    text = stage.get("valid_until", "")
    return in_words(text, lasts=False) if text else ""
