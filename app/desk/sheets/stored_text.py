"""Reads the private text of a report with its marks, for the pages that show it."""

from app.dates import wording
from app.desk.draft_form.catalogue import Catalogue
from app.desk.reading.text import ArticleReading, split_sentences
from app.desk.sheets import marking, texts
from app.desk.sheets.models import ReportText
from app.desk.sheets.text_view import SheetText


def stored_text(catalogue: Catalogue, source: str) -> SheetText | None:
    """Return the private text of a report with its marks."""
    kept = texts.read(catalogue.db, source)
    if kept is None:
        return None
    return SheetText(
        kept.text,
        kept.language,
        kept.translation,
        wording.in_words(kept.delete_after.isoformat()),
        _reading(kept),
        marking.problem_in_words(kept),
    )


def _reading(kept: ReportText) -> ArticleReading:
    """Return the sentences with their marks; without marks, the sentences alone."""
    if kept.marks is not None:
        return marking.stored_reading(kept)
    language = marking.language_of(kept) or "en"
    sentences = [*split_sentences(kept.text, language, None)]
    return ArticleReading(sentences, [() for _each in sentences])
