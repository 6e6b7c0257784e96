"""What the address, the web page and the first lines of a report say about the report itself.

Offered beside the fields of the shared block, and put into them only by a press.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from app.desk.approved.draft_models import Draft
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import source_page
from app.desk.reading.text import Mark, MarkKind
from app.desk.sheets import marking, texts
from app.desk.sheets.fields import MarkOffer
from app.desk.sheets.models import ReportText
from app.desk.sheets.submitting import SOURCE
from app.documents import date_in_words
from app.i18n.translate import _
from app.kinds.locale_names import language_choices
from app.vocabulary.sources import PublishedBasis

MAX_HEADING_LINES = 5
MAX_TITLE = 300
MIN_BODY = 30
"""Characters of a line with a full stop from which it is no part of the heading."""
FULL_STOP = re.compile(r"[.。．][\"”’»」』)）]*$")


def source_offers(catalogue: Catalogue, draft: Draft) -> Mapping[str, Sequence[MarkOffer]]:
    """Return by path of the sheet what can be put into a field of the source."""
    offers: dict[str, list[MarkOffer]] = {}
    by_path = source_page.proposals_by_path(catalogue.db, catalogue, draft)
    for name, values in by_path.items():
        for each in values:
            offer = _offer(name, each.value, each.words, each.where, each.language)
            offers.setdefault(f"{SOURCE}{name}", []).append(offer)
    kept = texts.read(catalogue.db, draft.record)
    for name, value, shown in _said_by_text(catalogue, kept) if kept else ():
        path = f"{SOURCE}{name}"
        is_offered = any(each.action == f"set {path} {value}" for each in offers.get(path, ()))
        # What somebody entered is not put in doubt by the text.
        if not is_offered and not draft.document[name]:
            language = kept.language if kept and name == "title" else ""
            offers.setdefault(path, []).append(_offer(name, value, shown, _("the text"), language))
    return offers


def basis_of_day(catalogue: Catalogue, source: str, day: str) -> str:
    """Return how an offered day of publication is known; "" if neither text nor address has it."""
    kept, draft = texts.read(catalogue.db, source), catalogue.draft_of(source)
    said = _said_by_text(catalogue, kept) if kept else ()
    if any((name, value) == ("published", day) for name, value, _shown in said):
        return PublishedBasis.STATED.value
    address = draft.document["url"] if draft else ""
    is_in_address = source_page.day_of_address(address) == day
    return PublishedBasis.URL.value if is_in_address else ""


def _offer(name: str, value: str, shown: str, where: str, language: str) -> MarkOffer:
    return MarkOffer(f"set {SOURCE}{name} {value}", shown, where, language, _("Use this"))


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
