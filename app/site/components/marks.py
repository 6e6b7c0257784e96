"""Small marks beside values: support, disputes, and when a place was last checked."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _
from app.kinds import Citation, JoinedSources
from app.record.coverage import CoverageCheck
from app.record.names.directory import Directory
from app.site.components.urls import place_page_address
from app.vocabulary.citations import Counting
from app.vocabulary.events import NoNationality
from app.vocabulary.record import Outcome

NO_NATIONALITY_WORDS = {
    NoNationality.NOT_STATED: N_("nationality not stated"),
    NoNationality.ANY: N_("any nationality"),
}


def no_nationality_in_words(answer: NoNationality) -> str:
    return _(NO_NATIONALITY_WORDS[answer])


def term_in_words(label: str, printed: str | None, number: Decimal | float | None) -> str:
    """Return the label with the source's wording behind it, or the wording where no code fits."""
    words = printed or ""
    name = label or words
    if label and words and words.casefold() != label.casefold():
        name = _("{name} (“{printed}”)").format(name=label, printed=words)
    if number is not None:
        name = _("{name}: {number}").format(name=name, number=f"{Decimal(str(number)):,f}")
    return name


SENTENCES = {
    Counting.JOINED: N_("Counted as one source ({ids}): “{reason}”."),
    Counting.ONE_VOICE: N_("Counted as one speaker ({ids}): “{reason}”."),
    Counting.TWO_VOICES: N_("Different speakers ({ids}): “{reason}”."),
    Counting.SPLIT: N_("Counted as independent ({ids}): “{reason}”."),
}


def decisions_in_words(joined: Iterable[JoinedSources], citations: Sequence[Citation]) -> list[str]:
    """Return the decisions about any of these citations, each with its reason."""
    return [
        _(SENTENCES[decision.how]).format(
            ids=enumerate_words(id for id in (decision.member, decision.other) if id),
            reason=decision.reason.rstrip("."),
        )
        for decision in joined
        if any(decision.applies_to(citation) for citation in citations)
    ]


class CheckView:
    """The last coverage check of a place, in words."""

    def __init__(self, code: str, check: CoverageCheck, directory: Directory) -> None:
        outlets = enumerate_words(directory.label("outlet", outlet) for outlet in check.outlets)
        languages = enumerate_words(
            directory.label("language", language) for language in check.languages
        )
        self.place = directory.label("place", code)
        self.address = place_page_address(directory, code)
        self.first = check.first
        self.last = check.last
        # Outlets and languages, in words.
        self.where = _("{outlets}; in {languages}").format(outlets=outlets, languages=languages)
        self.outcome = _(Outcome(check.outcome).label)


def last_check(code: str, directory: Directory) -> CheckView | None:
    """Return the last check of a place, or None if it was never checked."""
    check = directory.checks.get(code)
    return CheckView(code, check, directory) if check and code in directory.places else None


def last_checks(directory: Directory, most: int) -> Sequence[CheckView]:
    """Return the most recent checks, at most `most`."""
    codes = [code for code in directory.checks if code in directory.places][:most]
    return [CheckView(code, directory.checks[code], directory) for code in codes]
