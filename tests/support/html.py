"""Readers of pages: the visible text, and the rows of a table of estimates."""

import re
from functools import lru_cache

from lxml.html import fromstring  # type: ignore[import-untyped]


def words(html: str) -> str:
    """Return the visible text of HTML."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")


def unmarked(html: str) -> str:
    """Return the text of HTML in which words are marked."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


def first_match(pattern: str, html: str) -> str:
    """Return the first group of a pattern where it is first found."""
    found = re.search(pattern, html, re.DOTALL)
    assert found, html
    return found[1]


def fold(html: str, id: str) -> str:
    """Return the visible text of a fold, up to the next one."""
    return words(html.partition(f'id="{id}"')[2].partition('<details class="fold"')[0])


def sent_by(html: str, form: str) -> dict[str, str]:
    """Return what a browser without scripts sends from the first form that an XPath finds."""
    page = fromstring(html)
    found = next(iter(page.xpath(form)), None)
    if found is None:
        return {}
    for each in page.xpath(f"//*[@form='{found.get('id')}']"):
        found.append(each)  # a field beside the form may belong to it
    for each in found.xpath(".//input[not(@value)]"):
        each.set("value", "")
    return {name: value.removeprefix("\n") for name, value in found.form_values()}


def rows_on(html: str) -> list[str]:
    """Return the ids of estimates in the table. The list beside the chart has the plain ids."""
    return re.findall(r'<tr id="(?:wording-)?(M[0-9]+)"', html)


VERBATIM = re.compile(r"(<(pre|textarea|script|style)\b.*?</\2>)", re.DOTALL)
BLOCK_TAG = re.compile(
    r" ?(</?(?!(?:a|abbr|b|bdi|button|cite|code|data|dfn|em|i|img|input|ins|del|kbd|label|mark"
    r"|meter|output|progress|q|s|samp|select|small|span|strong|sub|sup|svg|time|tspan|u|var|wbr|text"
    r"|title|desc|pre|textarea|script|style)\b)[a-zA-Z][^<>]*>) ?"
)


SPACE = re.compile(r"[ \t\r\n]+")
TAG = re.compile(r"(<[^<>]*>)")
VALUE_OR_SPACE = re.compile(r'("[^"]*")|[ \t\r\n]+')
has_more_than_a_space = re.compile(r"[\t\r\n]|  | >$").search


@lru_cache(maxsize=32)  # a test reads the text of a response several times
def fold_html(html: str) -> str:
    """Return HTML with the white space that a browser shows: none beside block-level tags."""
    parts = VERBATIM.split(html)
    return "".join(
        _fold(part) if at % 3 == 0 else part for at, part in enumerate(parts) if at % 3 != 2
    )


def _fold(html: str) -> str:
    parts = TAG.split(html)
    parts[::2] = [SPACE.sub(" ", text) for text in parts[::2]]
    parts[1::2] = [_fold_tag(tag) if has_more_than_a_space(tag) else tag for tag in parts[1::2]]
    return BLOCK_TAG.sub(r"\1", "".join(parts))


def _fold_tag(tag: str) -> str:
    """Fold white space between attributes; their values stay, as in the page."""
    folded = VALUE_OR_SPACE.sub(lambda found: found[1] or " ", tag)
    return f"{folded[:-2]}>" if folded.endswith(" >") else folded
