"""Readers of pages: the visible text, and the rows of a table of estimates."""

import re


def words(html: str) -> str:
    """Return the visible text of HTML."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")


def rows_on(html: str) -> list[str]:
    return re.findall(r'<tr id="(M[0-9]+)"', html)
