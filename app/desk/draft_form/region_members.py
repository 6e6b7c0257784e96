"""A region without members: its measures are found in none of its countries (rule 11)."""

from collections.abc import Iterator

from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.views import FieldProblem
from app.documents import Document
from app.i18n.translate import _
from app.kinds import Form, PlaceForm
from app.vocabulary.record import PlaceKind


def region_without_members(
    catalogue: Catalogue, form: type[Form], document: Document
) -> Iterator[FieldProblem]:
    """Ask for the members of a region. They name it, each in its own record."""
    code = document["code"].strip().lower() if form is PlaceForm else ""
    if not code or document["kind"] != PlaceKind.REGION:
        return
    places = catalogue.directory.places.values()
    if not any(code == place.parent or code in place.regions for place in places):
        words = _(
            "This region has no members, so its rules are not listed for any country. "
            "Add it to “Regions” of each member."
        )
        yield FieldProblem("code", words)
