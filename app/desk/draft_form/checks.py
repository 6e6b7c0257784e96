"""Check a draft: the rules of its form, and names that match no record."""

from collections.abc import Iterator
from typing import Any

from app.desk.approved.entry import entry_context
from app.desk.draft_form import documents
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import Document, ValidationResult
from app.desk.draft_form.things import Thing, thing_named
from app.forms import Form
from app.forms.base import rows_of
from app.i18n.translate import _


def check_draft(
    form: type[Form], document: Document, catalogue: Catalogue
) -> ValidationResult[Any]:
    """Check the draft by its form's rules; names that match no record are errors too."""
    checked = documents.validate(form, document, catalogue.understand, entry_context(catalogue.db))
    unknown = {
        path: _("Nothing here has this name. Choose one that does, or make it first.")
        for path, thing, text in names_in(form, document)
        if not catalogue.meant(thing, text)
    }
    return ValidationResult(None, {**checked.errors, **unknown}) if unknown else checked


def names_in(
    form: type[Form], document: Document, prefix: str = ""
) -> Iterator[tuple[str, Thing, str]]:
    """Yield path, kind and text of each field that refers to a record."""
    for name, described in form.model_fields.items():
        if child := rows_of(described):
            for index, row in enumerate(document[name]):
                yield from names_in(child, row, f"{prefix}{name}.{index}.")
        elif (thing := thing_named(form, name, document)) and (text := document[name].strip()):
            yield f"{prefix}{name}", thing, text
