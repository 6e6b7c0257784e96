"""Coverage checks of places, for the pages of places and the page on coverage."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.record.coverage import CoverageCheck
from app.record.names.directory import Directory
from app.site.components.urls import place_page_address


@dataclass(frozen=True)
class CheckView:
    """The last coverage check of a place, in words."""

    place: str
    address: str
    first: date
    last: date
    where: str
    """Outlets and languages, in words."""
    outcome: str


def last_check(code: str, directory: Directory) -> CheckView | None:
    """Return the last check of a place, or None if it was never checked."""
    check = directory.checks.get(code)
    return _view(code, check, directory) if check and code in directory.places else None


def last_checks(directory: Directory, most: int) -> Sequence[CheckView]:
    """Return the most recent checks, at most `most`."""
    codes = [code for code in directory.checks if code in directory.places][:most]
    return [_view(code, directory.checks[code], directory) for code in codes]


def _view(code: str, check: CoverageCheck, directory: Directory) -> CheckView:
    outlets = enumerate_words(directory.label("outlet", outlet) for outlet in check.outlets)
    languages = enumerate_words(
        directory.label("language", language) for language in check.languages
    )
    return CheckView(
        place=directory.label("place", code),
        address=place_page_address(directory, code),
        first=check.first,
        last=check.last,
        where=_("{outlets}; in {languages}").format(outlets=outlets, languages=languages),
        outcome=_(check.outcome.label),
    )
