"""Suggestions while a reader types: names that begin with the letters. They need no statement."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.record.names.directory import Directory
from app.record.search import CJK_RUN, plain_text
from app.site.entries.entries import SearchEntry, entries_of

MIN_LETTERS, MIN_CJK_LETTERS = 3, 2
MAX_SUGGESTIONS = 8
ORDER = ("places", "actors", "laws", "outlets", "codebook", "help")


@dataclass(frozen=True)
class Suggestion:
    label: str
    """The name that begins with the letters."""
    what: str
    address: str


def suggest(typed: str, directory: Directory) -> list[Suggestion]:
    wanted = plain_text(typed)
    least = MIN_CJK_LETTERS if CJK_RUN.search(wanted) else MIN_LETTERS
    if len(wanted) < least:
        return []
    at_word = re.compile(rf"(?:^|\W){re.escape(wanted)}")
    found: list[tuple[tuple[bool, int, int], str, SearchEntry]] = []
    for entry in entries_of(directory).all:
        if entry.is_rare:
            continue
        for name in entry.names:
            plain = plain_text(name)
            if at_word.search(plain):
                order = (not plain.startswith(wanted), ORDER.index(entry.kind), len(plain))
                found.append((order, name, entry))
                break
    found.sort(key=lambda each: each[0])
    return [_suggestion(name, entry) for _order, name, entry in found[:MAX_SUGGESTIONS]]


def _suggestion(name: str, entry: SearchEntry) -> Suggestion:
    what: Sequence[str] = [entry.kick] if name == entry.label else [entry.label, entry.kick]
    return Suggestion(name, " · ".join(what), entry.address)
