"""The lines above the body of a report: its title, outlet, day and author.

A headline repeats what the body says, so that no rows are proposed from it; what it tells about
the report itself is offered for the fields of its source.
"""

import re
from dataclasses import replace

from app.desk.reading.article import ArticleReading

MAX_HEADING_LINES = 5
MAX_TITLE = 300
MIN_BODY = 30
"""Characters of a line with a full stop from which it is no part of the heading."""
FULL_STOP = re.compile(r"[.。．][\"”’»」』)）]*$")


def heading_of(text: str) -> list[str]:
    """Return the lines of the heading, the title first; none if the text begins with its body."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    heading: list[str] = []
    for line in lines[:MAX_HEADING_LINES]:
        if FULL_STOP.search(line) and (len(line) >= MIN_BODY or not heading):
            break
        heading.append(line)
    is_title = bool(heading) and len(heading) < len(lines) and len(heading[0]) <= MAX_TITLE
    return heading if is_title else []


def heading_end(text: str) -> int:
    """Return the position in a text at which its heading ends; 0 if it has none."""
    end = 0
    for line in heading_of(text):
        end = text.index(line, end) + len(line)
    return end


def without_heading(reading: ArticleReading, text: str) -> ArticleReading:
    """Return a reading without the marks of the heading; its sentences keep their numbers."""
    end = heading_end(text)
    marks = [() if sentence.start < end else found for sentence, found in reading]
    return replace(reading, marks=marks)
