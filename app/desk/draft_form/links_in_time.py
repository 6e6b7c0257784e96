"""Links against time: an event that was over before what it is said to come from (rule 14)."""

from collections.abc import Iterator
from datetime import date

from app.dates import day_ranges, edtf
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import Document
from app.desk.draft_form.views import FieldProblem
from app.i18n.translate import _
from app.kinds import EventForm, Form
from app.vocabulary.events import COMES_AFTER, EventLink


def links_against_time(
    catalogue: Catalogue, form: type[Form], document: Document
) -> Iterator[FieldProblem]:
    """Yield a caution for each link to an event that surely began after this one was over."""
    if form is not EventForm or (last := _bounds(document)[1]) is None:
        return
    for index, link in enumerate(document["links"]):
        if link["type"] not in COMES_AFTER:
            continue
        other = catalogue.meant("event", link["to"].strip())
        found = catalogue.document(other) if other else None
        first = _bounds(found)[0] if found else None
        if first and last < first:
            words = _(
                "Link to {event}, “{link}”: by its dates, this event ended before the other "
                "began. Check both dates and the link."
            ).format(event=other, link=_(EventLink(link["type"]).label))
            yield FieldProblem(f"links.{index}", words)


def _bounds(document: Document) -> tuple[date | None, date | None]:
    """Return the first and last possible day of an event; None where open or not readable."""
    try:
        if document["attested"]:
            whole = edtf.parse(document["attested"]).whole
            return None, whole.last if whole else None
        happened = document["happened"]
        spans = day_ranges.possible_days(edtf.parse(happened)) if happened else ()
    except edtf.DateError:
        return None, None
    if not spans:
        return None, None
    return spans[0].first, spans[-1].last
