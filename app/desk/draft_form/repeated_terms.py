"""Terms that say one thing twice, and places of a figure that lie within each other."""

from collections.abc import Iterator

from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.views import FieldProblem
from app.documents import Document
from app.i18n.translate import _
from app.kinds import EstimateForm, EventForm, Form
from app.record.rules.containment import place_and_ancestors
from app.vocabulary.events import TermKey


def repeated_terms(
    catalogue: Catalogue, form: type[Form], document: Document
) -> Iterator[FieldProblem]:
    """Yield a caution for each term that is there twice, and for a figure's place in another."""
    if form not in (EventForm, EstimateForm):
        return
    directory = catalogue.directory
    seen: set[tuple[str, ...]] = set()
    places: dict[str, dict[str, int]] = {}
    """Row by code, by role."""
    for index, term in enumerate(document["terms"]):
        key, code = term["key"], term["code"].strip()
        if key == TermKey.PLACE:
            code = catalogue.meant("place", code) or code
            places.setdefault(term["role"], {})[code] = index
        named = (key, term["role"], code, term["printed"].strip())
        if code and named in seen:
            words = _("{name} is named twice: remove one.").format(name=directory.label(key, code))
            yield FieldProblem(f"terms.{index}.code", words)
        seen.add(named)
    if form is not EstimateForm:
        return
    for of_role in places.values():
        for code, index in of_role.items():
            around = place_and_ancestors(code, directory.places) & of_role.keys() - {code}
            for other in sorted(around):
                words = _(
                    "{place} is in {other}, so the estimate would count for both. Name only the "
                    "place that it is for."
                ).format(
                    place=directory.label("place", code), other=directory.label("place", other)
                )
                yield FieldProblem(f"terms.{index}.code", words)
