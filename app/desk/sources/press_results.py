"""What a press on the sheet did, in words: screen readers say it, since the page only changes."""

from app.desk.sheets.page_model import SheetView
from app.i18n.translate import N_, _

RESULTS = {
    "accept": N_("Accepted."),
    "new": N_("Accepted."),
    "reject": N_("Rejected."),
    "restore": N_("Restored."),
    "remove": N_("Removed."),
    "undo": N_("Undone."),
    "use-default": N_("Used for every row."),
    "refuse-default": N_("Not used as a default."),
    "add-default": N_("Added as a default."),
    "ignore": N_("Ignored."),
}
"""By the first word of a button's value. Others are heard by where the focus goes."""


def result_in_words(shown: SheetView, do: str, accepted: str) -> str:
    """Return what a press did, what the accepted row still lacks, and how many rows are left."""
    result = RESULTS.get(do.partition(" ")[0])
    if result is None:
        return ""
    errors = [error for row in shown.rows if row.key == accepted for error in row.errors]
    return " ".join([_(result), *(error.words for error in errors), shown.count])
