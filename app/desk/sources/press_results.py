"""What a press on the sheet did, in words: screen readers say it, since the page only changes."""

from app.desk.sheets.page_model import SheetView
from app.i18n.translate import N_, _

RESULTS = {
    "done": N_("Saved."),
    "remove": N_("Removed."),
    "undo": N_("Undone."),
    "add-default": N_("Added as a default."),
}
"""By the first word of a button's value. Others are heard by where the focus goes."""


def result_in_words(shown: SheetView, do: str, done: str) -> str:
    """Return what a press did, what the row still lacks, and how many rows do."""
    result = RESULTS.get(do.partition(" ")[0])
    if result is None:
        return ""
    errors = [error for row in shown.rows if row.key == done for error in row.errors]
    return " ".join([_(result), *(error.words for error in errors), shown.count])
