"""What the first lines of a report say about the report itself: offered beside its fields."""

import re
from collections.abc import Iterator, Mapping, Sequence

from app.desk.approved.draft_models import Draft
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.views import ProposedValue
from app.desk.drafts.report_models import ReportText
from app.desk.reading.text import Mark, MarkKind
from app.desk.reports import marking, texts
from app.documents import date_in_words
from app.i18n.translate import _
from app.kinds.locale_names import language_choices

MAX_HEADING_LINES = 5
MAX_TITLE = 300
MIN_BODY = 30
"""Characters of a line with a full stop from which it is no part of the heading."""
FULL_STOP = re.compile(r"[.。．][\"”’»」』)）]*$")


def source_offers(catalogue: Catalogue, draft: Draft) -> Mapping[str, Sequence[ProposedValue]]:
    """Return by field of the source what its text says; nothing of fields that are filled in."""
    offers: dict[str, list[ProposedValue]] = {}
    kept = texts.read(catalogue.db, draft.record)
    for name, value, shown in _said_by_text(catalogue, kept) if kept else ():
        if not draft.document[name]:
            language = kept.language if kept and name == "title" else ""
            offers.setdefault(name, []).append(ProposedValue(value, shown, _("the text"), language))
    return offers


def _said_by_text(catalogue: Catalogue, kept: ReportText) -> Iterator[tuple[str, str, str]]:
    """Yield name and value of fields that the text tells, and the value in words."""
    if language := marking.language_of_source(None, kept.text):
        yield "language", language, dict(language_choices()).get(language, language)
    lines = _heading_of(kept.text)
    if not lines:
        return
    title = lines[0]
    yield "title", title, title
    end = kept.text.index(title) + len(title)
    last = _heading_end(kept.text)
    marks = [
        mark
        for _sentence, found in marking.stored_reading(kept)
        for mark in found
        if mark.end <= last
    ]
    # A date or an outlet in the title is what the report is about.
    for name, value in dict.fromkeys(_of_mark(mark) for mark in marks if mark.start >= end):
        if name == "outlet":
            yield name, value, catalogue.label(value, "outlet")
        elif name:
            yield name, value, date_in_words(value)


def _of_mark(mark: Mark) -> tuple[str, str]:
    if mark.kind is MarkKind.OUTLET:
        return "outlet", mark.value
    is_day = mark.kind is MarkKind.DATE and marking.exact_day(mark.value) is not None
    return ("published", mark.value) if is_day else ("", "")


def _heading_of(text: str) -> list[str]:
    """Return the lines of the heading, the title first; none if the text begins with its body."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    heading: list[str] = []
    for line in lines[:MAX_HEADING_LINES]:
        if FULL_STOP.search(line) and (len(line) >= MIN_BODY or not heading):
            break
        heading.append(line)
    is_title = bool(heading) and len(heading) < len(lines) and len(heading[0]) <= MAX_TITLE
    return heading if is_title else []


def _heading_end(text: str) -> int:
    """Return the position in a text at which its heading ends; 0 if it has none."""
    end = 0
    for line in _heading_of(text):
        end = text.index(line, end) + len(line)
    return end
