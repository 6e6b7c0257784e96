"""Suggestions for a page not found: records with a similar name, or the list."""

from collections.abc import Sequence
from difflib import get_close_matches

from app.i18n.translate import _
from app.record.names.directory import Directory
from app.record.search import plain_text
from app.site.components.urls import list_address, place_page_address
from app.site.lists.summary import WORDING
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import NOUN_OF_KIND
from app.web.urls import PAGE_OF_KIND, url

MAX_SUGGESTIONS = 5
MAX_NAME_CHARACTERS = 100


def suggest_pages(kind: str, name: str, directory: Directory) -> list[tuple[str, str]]:
    """Return suggested pages as (label, address)."""
    if kind in WORDING:
        return [(_(WORDING[kind].title), list_address(kind))]
    noun = NOUN_OF_KIND[kind]
    codes = _similar_codes(name, noun, list(directory.named_records[noun]), directory)
    return [
        (
            directory.label(noun, code),
            place_page_address(directory, code)
            if kind == RecordKind.PLACE
            else url(PAGE_OF_KIND[kind], code=code),
        )
        for code in codes
    ]


def _similar_codes(
    name: str, vocabulary: str, codes: Sequence[str], directory: Directory
) -> list[str]:
    """Return codes with exactly this name, then codes with a similar name or code."""
    words = plain_text(name.replace("-", " "))[:MAX_NAME_CHARACTERS]
    by_name = {
        name: code
        for name, meanings in directory.names.items()
        for key, code in meanings
        if key == vocabulary
    }
    by_name |= {code.replace("-", " "): code for code in codes}
    exact = [code for key, code in directory.named(words) if key == vocabulary]
    similar = [
        by_name[name]
        for name in get_close_matches(words, by_name, n=MAX_SUGGESTIONS, cutoff=MIN_SIMILARITY)
    ]
    return list(dict.fromkeys([*exact, *similar]))[:MAX_SUGGESTIONS]


MIN_SIMILARITY = 0.7
"""From 0 to 1, for difflib: "Dangdong" matches Dandong, "Dalian" does not."""
