"""The text of a page as paragraphs of parts, some of which are links to records."""

import re

from app.kinds.pages import LINK
from app.site.components.linked_text import TextPart
from app.site.components.urls import record_address

Paragraph = list[TextPart]


def paragraphs(text: str) -> list[Paragraph]:
    """Return the paragraphs of a text, which blank lines separate. Links are `[words](E5)`."""
    return [_parts(each) for each in re.split(r"\n\s*\n", text) if each.strip()]


def plain_words(text: str) -> str:
    """Return a text without its links, on one line, such as for the description of a page."""
    return " ".join(LINK.sub(r"\1", text).split())


def _parts(paragraph: str) -> Paragraph:
    parts, end = [], 0
    for link in LINK.finditer(paragraph):
        parts += [TextPart(paragraph[end : link.start()])]
        parts += [TextPart(link[1], record_address(link[2]))]
        end = link.end()
    return [part for part in [*parts, TextPart(paragraph[end:])] if part.text]
