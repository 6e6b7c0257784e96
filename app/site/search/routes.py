"""Suggestions while a reader types: what begins with the letters. They need no statement."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from app.i18n.translate import _
from app.record.filters import SearchFilters
from app.record.names.directory import Directory
from app.record.search import CJK_RUN, plain_text
from app.site.components.urls import with_filters
from app.site.entries import GROUP_OF_NOUN, entries_of
from app.site.search.search import SiteSearch
from app.web.sessions import Reader
from app.web.templates import render_part
from app.web.urls import url

MIN_LETTERS, MIN_CJK_LETTERS = 3, 2
MAX_SUGGESTIONS = 8
ORDER = (*GROUP_OF_NOUN.values(), "words", "codebook", "help")


class Suggestion(NamedTuple):
    label: str
    """The name that begins with the letters."""
    what: str
    address: str


Found = tuple[tuple[bool, int, int], Suggestion]
"""A suggestion after what orders it: whether a later word begins so, its kind, its length."""


def suggest(typed: str, directory: Directory) -> list[Suggestion]:
    wanted = plain_text(typed)
    least = MIN_CJK_LETTERS if CJK_RUN.search(wanted) else MIN_LETTERS
    if len(wanted) < least:
        return []
    found = [*_names(wanted, directory), *_words(wanted, directory)]
    found.sort(key=lambda each: each[0])
    return [suggestion for _order, suggestion in found[:MAX_SUGGESTIONS]]


def _names(wanted: str, directory: Directory) -> Iterator[Found]:
    at_word = re.compile(rf"(?:^|\W){re.escape(wanted)}")
    entries = entries_of(directory)
    for entry in entries.all:
        for name in entry.names:
            plain = entries.plain_of[name]
            if at_word.search(plain):
                order = (not plain.startswith(wanted), ORDER.index(entry.kind), len(plain))
                what = [entry.kick] if name == entry.label else [entry.label, entry.kick]
                yield order, Suggestion(name, " · ".join(what), entry.address)
                break


def _words(wanted: str, directory: Directory) -> Iterator[Found]:
    """Yield a search for the words of each idea of the thesaurus that begin with the letters."""
    for spelled in directory.thesaurus.spelled.values():
        words = [word for plain, word in spelled if plain.startswith(wanted)]
        if words:
            word = min(words, key=len)
            search = with_filters(url("search"), SearchFilters.made_of({"q": [word]}, {}))
            yield (False, ORDER.index("words"), len(word)), Suggestion(word, _("Search"), search)


router = APIRouter()


@router.get("/search/suggestions", name="suggestions")
def suggestions(request: Request, db: Reader) -> Response:
    """Return suggestions for what was typed so far: a part of a page, for htmx."""
    typed = SiteSearch.requested(request, db)
    found = suggest(typed.words, typed.directory)
    html = render_part("site/search/_suggestions.html", found=found)
    return HTMLResponse(html, headers=SiteSearch.headers)
