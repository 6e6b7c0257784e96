"""Suggestions while a reader types: what begins with the letters. They need no statement."""

import re
from collections.abc import Iterator
from operator import itemgetter
from typing import NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from app.record.names.directory import Directory
from app.record.search import plain_text
from app.site.entries import GROUP_OF_NOUN, entries_of
from app.site.search.search import SiteSearch
from app.web.sessions import Reader
from app.web.templates import render_part

MIN_LETTERS = 2
MAX_SUGGESTIONS = 8
ORDER = (*GROUP_OF_NOUN.values(), "codebook", "help")


class Suggestion(NamedTuple):
    label: str
    """The name that begins with the letters."""
    what: str
    address: str


Found = tuple[tuple[bool, int, int], Suggestion]
"""A suggestion after what orders it: whether a later word begins so, its kind, its length."""


def suggest(typed: str, directory: Directory) -> list[Suggestion]:
    wanted = plain_text(typed)
    if len(wanted) < MIN_LETTERS:
        return []
    found = sorted(_names(wanted, directory), key=itemgetter(0))
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


router = APIRouter()


@router.get("/search/suggestions", name="suggestions")
def suggestions(request: Request, db: Reader) -> Response:
    """Return suggestions for what was typed so far: a part of a page, for htmx."""
    typed = SiteSearch.requested(request, db)
    found = suggest(typed.words, typed.directory)
    html = render_part("site/search/_suggestions.html", found=found)
    return HTMLResponse(html, headers=SiteSearch.headers)
