"""What is ours in a date, and lengths of time, in words; for pages and the desk's preview."""

from app.dates import durations
from app.dates.wording import beginning_in_words, in_words
from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _, ngettext
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
    """Return the day for which a step is reported, or our bound of it; empty if neither is known.

    Its first report is not that day.
    """
    text = stage.get("date", "")
    if text and text != UNKNOWN:
        # "Since May" was reached in May.
        day = beginning_in_words(text)
        return with_basis(day, stage.get("date_basis"))
    if bound := stage.get("within"):
        return _("{date} (set by the editors)").format(date=in_words(bound, lasts=False))
    return ""


def length_in_words(stage: PublishedStage) -> str:
    """Return the stated length of a step with the source's words; empty if none is stated."""
    length = _duration_in_words(stage.get("duration", ""))
    return _with_words(length, stage.get("duration_text", ""))


def stated_end_in_words(stage: PublishedStage) -> str:
    """Return the stated end of a step with the source's words; empty if none is stated."""
    text = stage.get("valid_until", "")
    end = in_words(text, lasts=False) if text else ""
    return _with_words(end, stage.get("valid_until_text", ""))


def _with_words(value: str, words: str) -> str:
    quoted = _("“{words}”").format(words=words) if words else ""
    return " ".join(filter(None, (value, quoted)))


def _duration_in_words(text: str) -> str:
    if not text:
        return ""
    length = durations.parse(text)
    parts = [
        ngettext("{count} year", "{count} years", length.years) if length.years else "",
        ngettext("{count} month", "{count} months", length.months) if length.months else "",
        ngettext("{count} week", "{count} weeks", length.weeks) if length.weeks else "",
        ngettext("{count} day", "{count} days", length.days) if length.days else "",
    ]
    return enumerate_words(filter(None, parts))
