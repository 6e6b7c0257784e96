"""Coverage checks of places, for the pages of places and the page on coverage."""

from collections.abc import Sequence

from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.record.coverage import CoverageCheck
from app.record.names.directory import Directory
from app.site.components.urls import place_page_address


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
        self.outcome = _(check.outcome.label)


def last_check(code: str, directory: Directory) -> CheckView | None:
    """Return the last check of a place, or None if it was never checked."""
    check = directory.checks.get(code)
    return CheckView(code, check, directory) if check and code in directory.places else None


def last_checks(directory: Directory, most: int) -> Sequence[CheckView]:
    """Return the most recent checks, at most `most`."""
    codes = [code for code in directory.checks if code in directory.places][:most]
    return [CheckView(code, directory.checks[code], directory) for code in codes]
