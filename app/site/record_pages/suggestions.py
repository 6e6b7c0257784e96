"""What a reader may have meant by an address that leads nowhere: names like it, in any script, and lists."""

from collections.abc import Sequence
from difflib import get_close_matches

from app.i18n.translate import _
from app.record.names.directory import Directory
from app.record.search import plain_text
from app.site.components.urls import list_address, place_page_address
from app.site.lists.summary import WORDING
from app.web.urls import url

MOST = 5
MOST_CHARACTERS = 100


def near(kind: str, name: str, directory: Directory) -> list[tuple[str, str]]:
    """Pages to go on to, each as its name and its address."""
    if kind in WORDING:
        return [(_(WORDING[kind].title), list_address(kind))]
    if kind == "O":
        codes = _codes_near(name, "outlet", list(directory.outlets), directory)
        return [(directory.label("outlet", code), url("outlet", code=code)) for code in codes]
    codes = _codes_near(name, "place", list(directory.places), directory)
    return [(directory.label("place", code), place_page_address(directory, code)) for code in codes]


def _codes_near(
    asked: str, vocabulary: str, codes: Sequence[str], directory: Directory
) -> list[str]:
    """Codes with that name, then those with a name or code like it."""
    words = plain_text(asked.replace("-", " "))[:MOST_CHARACTERS]
    by_name = {
        name: code
        for name, meanings in directory.names.items()
        for key, code in meanings
        if key == vocabulary
    }
    by_name |= {code.replace("-", " "): code for code in codes}
    exact = [code for key, code in directory.named(words) if key == vocabulary]
    like = [by_name[name] for name in get_close_matches(words, by_name, n=MOST, cutoff=LIKE)]
    return list(dict.fromkeys([*exact, *like]))[:MOST]


LIKE = 0.7
"""How much of two names must be the same, from 0 to 1: Dangdong is like Dandong, Dalian is not."""
