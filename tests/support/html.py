"""Readers of pages: the visible text, and the rows of a table of estimates."""

import re


def words(html: str) -> str:
    """Return the visible text of HTML."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")


def rows_on(html: str) -> list[str]:
    return re.findall(r'<tr id="(M[0-9]+)"', html)


VERBATIM = re.compile(r"(<(pre|textarea|script|style)\b.*?</\2>)", re.DOTALL)
BLOCK_TAG = re.compile(
    r" ?(</?(?!(?:a|abbr|b|bdi|button|cite|code|data|dfn|em|i|img|input|ins|del|kbd|label|mark"
    r"|meter|output|progress|q|s|samp|select|small|span|strong|sub|sup|svg|time|tspan|u|var|wbr|text"
    r"|title|desc|pre|textarea|script|style)\b)[a-zA-Z][^<>]*>) ?"
)


def fold_html(html: str) -> str:
    """Return HTML with the white space that a browser shows: none beside block-level tags."""
    parts = VERBATIM.split(html)
    return "".join(
        _fold(part) if at % 3 == 0 else part for at, part in enumerate(parts) if at % 3 != 2
    )


def _fold(html: str) -> str:
    one_space = re.sub(r"<[^<>]*>|[ \t\r\n]+", lambda found: _fold_tag(found.group()), html)
    folded = BLOCK_TAG.sub(r"\1", one_space)
    return re.sub(r"<([^<>]*?) >", r"<\1>", folded)


def _fold_tag(part: str) -> str:
    """Fold white space between attributes; their values stay, as in the page."""
    if not part.startswith("<"):
        return " "
    return re.sub(
        r"\"[^\"]*\"|[ \t\r\n]+",
        lambda found: found.group() if found.group()[0] == '"' else " ",
        part,
    )
