"""The options of fields that are entered by choosing: codes, citations and links of the record."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from app.desk.approved.models import ReferenceRow
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.views import FieldChoice
from app.documents import Document, code_list, codes_of
from app.i18n.translate import N_, _
from app.kinds import (
    Citation,
    CodeForm,
    EventToEvent,
    Form,
    JoinedSources,
    Stage,
    Term,
)
from app.kinds.base import notes
from app.vocabulary.estimates import CURRENCIES, USUAL_UNITS, Unit, currencies_in_use
from app.vocabulary.events import ROLES_OF, NoNationality, Step, TermKey, TypeHeading


def choices_of(
    catalogue: Catalogue, document: Document, form: type[Form], name: str, row: Document
) -> list[FieldChoice]:
    described = form.model_fields[name]
    if form is Stage and name == "citation":
        return [FieldChoice("", _("Choose a citation")), *_citations(catalogue, document)]
    if form is JoinedSources and name in {"member", "other"}:
        return [FieldChoice("", _("Choose a source")), *_sources_and_citations(catalogue, document)]
    if form is Term and name == "citation":
        return [
            FieldChoice("", _("The record’s citations in general")),
            *_own_citations(catalogue, document),
        ]
    if form is EventToEvent and name == "citation":
        return [
            FieldChoice("", _("Our own reading")),
            *_own_citations(catalogue, document),
        ]
    if name == "no_nationality":
        empty = N_("Choose one, or add a nationality")
        return [
            FieldChoice("", _(empty)),
            *(FieldChoice(code.value, _label_with_definition(code)) for code in NoNationality),
        ]
    if form is Citation and name == "about":
        return [
            FieldChoice("", _("The record itself")),
            *_citations(catalogue, document, but=row["id"]),
            *_links(document),
        ]
    if list_ := code_list(form, name, row):
        empty = N_("Choose one") if described.is_required() else N_("Not named")
        return [FieldChoice("", _(notes(described).unchosen or empty)), *_codes(catalogue, list_)]
    enum = codes_of(described)
    if enum is None:
        return []
    allowed = [
        code
        for code in enum
        if (form is not Term or name != "role" or code in ROLES_OF[TermKey(row["key"])])
        and code is not Step.LAPSED
    ]
    if enum is Unit:
        choices = list(_units())
    else:
        choices = [FieldChoice(code.value, _label_with_definition(code)) for code in allowed]
    if described.get_default() in allowed:
        return choices
    empty = N_("Choose one") if described.is_required() else N_("Not stated")
    return [FieldChoice("", _(notes(described).unchosen or empty)), *choices]


def _units() -> Iterator[FieldChoice]:
    """Yield the usual units, then the others, then the currencies that are still in use."""
    for unit in USUAL_UNITS:
        yield FieldChoice(unit.value, _label_with_definition(unit))
    for unit in Unit:
        if unit in USUAL_UNITS:
            continue
        if unit.name not in CURRENCIES:
            yield FieldChoice(unit.value, _label_with_definition(unit), _("Other units"))
        elif unit.name in currencies_in_use():
            yield FieldChoice(unit.value, _(unit.label), _("Other currencies"))


def _codes(catalogue: Catalogue, list_: str) -> Iterator[FieldChoice]:
    """Yield the codes of a list; types with definitions, under the headings of the codebook."""
    codes = catalogue.codes(list_)
    if list_ == "type":
        for heading in TypeHeading:
            for form in codes:
                if form.group == heading:
                    yield FieldChoice(form.code, _label_of_type(form), _(heading.label))
    else:
        for form in codes:
            yield FieldChoice(form.code, form.label)


def _label_of_type(form: CodeForm) -> str:
    return _("{label}: {definition}").format(label=form.label, definition=form.definition)


def explain_code(catalogue: Catalogue, form: type[Form], name: str, row: Document) -> str:
    """Return definition and example of the chosen code; "" for fields without codes."""
    code = catalogue.code(code_list(form, name, row), row[name].strip())
    if code is None or not code.example:
        return code.definition if code else ""
    return _("{definition} Example: {example}").format(
        definition=code.definition, example=code.example
    )


def _citations(catalogue: Catalogue, document: Document, but: str = "") -> Iterator[FieldChoice]:
    """Yield the citations of this record and of linked ones, since a stage may cite those."""
    yield from _own_citations(catalogue, document, but)
    for each in linked_documents(catalogue, document):
        yield from _own_citations(catalogue, each, but)


def _own_citations(
    catalogue: Catalogue, document: Document, but: str = ""
) -> Iterator[FieldChoice]:
    for row in document["citations"]:
        if row["id"] != but:
            source = catalogue.meant("source", row["source"].strip())
            about = catalogue.match("source", source).label if source else _("no source yet")
            label = _("{id} · {source} · {words}").format(
                id=row["id"], source=about, words=row["paraphrase"][:60]
            )
            yield FieldChoice(row["id"], label)


def _sources_and_citations(catalogue: Catalogue, document: Document) -> Iterator[FieldChoice]:
    """Yield the cited sources of this record, each once, and then its citations."""
    own = {**document, "links": []}
    for source in dict.fromkeys(
        catalogue.meant("source", row["source"].strip()) for row in document["citations"]
    ):
        if source:
            title = catalogue.match("source", source).label
            label = _("{id} · {title}").format(id=source, title=title)
            yield FieldChoice(source, label, _("Sources"))
    for choice in _citations(catalogue, own):
        yield replace(choice, heading=_("Citations"))


def _links(document: Document) -> Iterator[FieldChoice]:
    for row in document["links"]:
        yield FieldChoice(
            row["id"],
            _("{id} · the link to {record}").format(id=row["id"], record=row["to"]),
        )


def mark_chosen(choices: Sequence[FieldChoice], value: str) -> list[FieldChoice]:
    """Mark the stored value; add it if it is no option, so that saving keeps it."""
    marked = [replace(choice, is_chosen=choice.code == value) for choice in choices]
    if any(choice.is_chosen for choice in marked):
        return marked
    if not value:
        return [FieldChoice("", _("Choose one"), is_chosen=True), *marked]
    return [*marked, FieldChoice(value, value, is_chosen=True)]


def _label_with_definition(code: Any) -> str:
    return (
        _("{label}: {definition}").format(label=_(code.label), definition=_(code.definition))
        if code.definition
        else _(code.label)
    )


def linked_documents(catalogue: Catalogue, document: Document) -> list[Document]:
    """Return the documents of linked events, each once: its own links come first."""
    ids = [row["to"].strip().upper() for row in document.get("links", [])]
    if own := document.get("id", ""):
        linking = select(ReferenceRow.record).where(
            ReferenceRow.path.startswith("links."), ReferenceRow.target == own
        )
        ids += sorted(catalogue.db.scalars(linking), key=lambda id: int(id[1:]))
    found = (catalogue.document(id) for id in dict.fromkeys(ids))
    return [each for each in found if each]
