"""What the form says beside its fields: errors and cautions, in a table each.

A check yields messages by path, of one kind of form. Errors of new
entries are not asked of approved records, so that an old event can be changed without reading all
of its citations again.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from functools import partial
from itertools import pairwise
from typing import Any

from app.dates import edtf
from app.desk.approved.store import find, find_named
from app.desk.draft_form.catalogue import Catalogue, Thing
from app.desk.draft_form.fields import FieldProblem
from app.documents import (
    Document,
    ValidationResult,
    document_of,
    fields_of,
    thing_named,
    validate,
)
from app.i18n.translate import _
from app.kinds import (
    FORMS,
    ChainStep,
    Entry,
    EstimateForm,
    EventForm,
    Form,
    SourceForm,
)
from app.kinds.citations import READINGS, impossible_step
from app.record.rules.containment import place_and_ancestors
from app.record.search import plain_text
from app.vocabulary.citations import (
    FIXED_NAMING,
    OF_ANOTHER_SPEAKER,
    USUAL_NAMING,
    Attribution,
    Difference,
    Naming,
    Stance,
)
from app.vocabulary.estimates import EstimateLink, FigureForm, Nature
from app.vocabulary.events import Role, Step, TermKey, TypeNature
from app.vocabulary.kinds import NAMED_KINDS
from app.vocabulary.support import FIELD_KINDS

CITING_FORMS: tuple[type[Form], ...] = (EventForm, EstimateForm)

Messages = Iterator[tuple[str, str]]
"""Path and message."""
Check = Callable[[Catalogue, Document], Messages]
Checks = Sequence[tuple[Iterable[type[Form]], Check]]


def check_draft(
    form: type[Form], document: Document, catalogue: Catalogue
) -> ValidationResult[Any]:
    """Check the draft by its form's rules, its names and the errors below.

    Its form has the sentence of a number that nobody wrote.
    """
    if form is EstimateForm and (sentence := catalogue.sentence(document)):
        document = deepcopy(document)
        for row in document["citations"]:
            if row["stance"] == Stance.SUPPORTS and not row["paraphrase"].strip():
                row["paraphrase"] = sentence
    checked = validate(form, document, catalogue.understand, Entry())
    errors = {
        path: _("No record has this name. Choose an existing one, or add it first.")
        for path, thing, text in names_in(form, document)
        if not catalogue.meant(thing, text)
    }
    if form in CITING_FORMS:
        errors |= _unknown_nationalities(catalogue, document)
    errors |= _run(ERRORS, catalogue, form, document)
    return ValidationResult(None, {**checked.errors, **errors}) if errors else checked


def errors_of_entry(catalogue: Catalogue, form: type[Form], document: Document) -> dict[str, str]:
    """Return the errors that only new entries have, by path."""
    return dict(_run(ERRORS_OF_ENTRY, catalogue, form, document))


def cautions(catalogue: Catalogue, form: type[Form], document: Document) -> list[FieldProblem]:
    """Return what can be submitted but should be looked at again."""
    return [FieldProblem(at, "", why) for at, why in _run(CAUTIONS, catalogue, form, document)]


def names_in(form: type[Form], document: Document) -> Iterator[tuple[str, Thing, str]]:
    """Yield path, kind and text of each field that refers to a record."""
    for each in fields_of(form, document):
        thing, text = thing_named(each.form, each.name, each.row), each.text.strip()
        if thing and text:
            yield each.path, thing, text


def _run(checks: Checks, catalogue: Catalogue, form: type[Form], document: Document) -> Messages:
    for forms, check in checks:
        if form in forms:
            yield from check(catalogue, document)


# Errors -----------------------------------------------------------------------------------------


def _taken_code(kind: str, catalogue: Catalogue, document: Document) -> Messages:
    """Another approved record of the kind has the code."""
    row = find_named(catalogue.db, kind, document["code"].strip().lower())
    if row is not None and row.id != document["id"]:
        other: Any = row.form
        error = _("{id} ({name}) already has this code. Use that record, or enter another code.")
        yield "code", error.format(id=other.id, name=other.names[0].text)


def _taken_address(catalogue: Catalogue, document: Document) -> Messages:
    """Another source has the address: publishing would refuse it."""
    id = catalogue.source_at(document["url"].strip())
    if id and id != document["id"]:
        error = _(
            "{id} already has this address: cite that source. For another text on the "
            "same page, leave this empty and enter the address under “Copies”."
        )
        yield "url", error.format(id=id)


def _unknown_nationalities(catalogue: Catalogue, document: Document) -> Messages:
    for index, row in enumerate(document["terms"]):
        text = row["code"].strip() if row["key"] == TermKey.NATIONALITY else ""
        if text and not catalogue.nationality(text):
            error = _("No nationality has this name: {name}. Enter a country, such as Kazakhstan.")
            yield f"terms.{index}.code", error.format(name=text)


def _steps(document: Document) -> Iterator[tuple[str, list[Document]]]:
    """Yield the path and the rows of each chain of speakers."""
    for index, citation in enumerate(document["citations"]):
        yield f"citations.{index}.chain", citation["chain"]


def _naming_to_choose(_catalogue: Catalogue, document: Document) -> Messages:
    """Find speakers who would count as named without anybody saying so."""
    error = _("Choose whether the source names them. Without a name, the speaker is anonymous.")
    for path, chain in _steps(document):
        for index, step in enumerate(chain):
            kind = step["attribution"]
            is_usual = kind not in FIXED_NAMING and USUAL_NAMING.get(kind) is Naming.NAMED
            if is_usual and not step["named"]:
                yield f"{path}.{index}.named", error


def _contradictory_speakers(_catalogue: Catalogue, document: Document) -> Messages:
    """Find values that the kind of speaker doesn't have."""
    error = _("“{kind}” can’t have this field: {field}. Leave it empty, or change the speaker.")
    for path, chain in _steps(document):
        for index, step in enumerate(chain):
            kind = step["attribution"]
            for name in OF_ANOTHER_SPEAKER.get(kind, ()):
                if step[name].strip():
                    title = _(ChainStep.model_fields[name].title or name).lower()
                    label = _(Attribution.by_code()[kind].label)
                    yield f"{path}.{index}.{name}", error.format(kind=label, field=title)


def _impossible_steps(_catalogue: Catalogue, document: Document) -> Messages:
    """Find steps that can't pass on the one before them, as publishing does."""
    for path, chain in _steps(document):
        for index, (before, step) in enumerate(pairwise(chain), start=1):
            both = (each[name] for each in (before, step) for name in ("attribution", "words"))
            if impossible_step(*both):
                error = _("This can’t pass on the one before it. Remove it, or change who speaks.")
                yield f"{path}.{index}.attribution", error


def _stages_of_no_measure(catalogue: Catalogue, document: Document) -> Messages:
    type_ = catalogue.code("type", document["type"])
    steps = {row["step"] for row in document["stages"]} - {"", Step.PLANNED}
    if steps and type_ and type_.nature is not TypeNature.MEASURE:
        yield "stages", _("“{type}” is no rule: choose “Not said”.").format(type=type_.label)


ERRORS: Checks = (
    *(((FORMS[kind],), partial(_taken_code, kind)) for kind in NAMED_KINDS),
    ((SourceForm,), _taken_address),
    (CITING_FORMS, _naming_to_choose),
    (CITING_FORMS, _contradictory_speakers),
    (CITING_FORMS, _impossible_steps),
    ((EventForm,), _stages_of_no_measure),
)


# Errors of new entries --------------------------------------------------------------------------


def is_asked(citation: Document) -> bool:
    """Whether a citation must answer if it also reports the event itself (rule 4).

    It supports one field of an event, or allows another reading.
    """
    reads_otherwise = (
        citation["differs"] == Difference.OTHER_READING and citation["field"] in READINGS
    )
    return (
        citation["stance"] == Stance.SUPPORTS
        and (citation["kind"] in FIELD_KINDS or reads_otherwise)
        and not citation["about"].strip()
    )


def _unanswered_citations(catalogue: Catalogue, document: Document) -> Messages:
    """Find new citations without an answer. Approved ones may stay undecided."""
    paths = {
        f"citations.{index}.reports_event": citation["id"]
        for index, citation in enumerate(document["citations"])
        if is_asked(citation) and not citation["reports_event"].strip()
    }
    row = find(catalogue.db, document["id"]) if paths else None
    approved = {
        citation["id"]
        for citation in (document_of(row.form)["citations"] if row else ())
        if is_asked(citation) and not citation["reports_event"]
    }
    message = _(
        "Choose “Yes” if the source also reports the event in the title. Choose “No” "
        "if it reports only this field, or mentions the event in passing."
    )
    yield from ((path, message) for path, id in paths.items() if id not in approved)


def _share_without_whole(_catalogue: Catalogue, document: Document) -> Messages:
    """Find a share that names no whole and links to none (rule 6)."""
    links = (
        row["type"] == EstimateLink.SHARE_OF and row["to"].strip() for row in document["links"]
    )
    is_share = document["form"] == FigureForm.SHARE
    if is_share and not document["share_of"].strip() and not any(links):
        yield (
            "share_of",
            _(
                "Describe the whole, such as “the workers whose contracts ended”, or link "
                "its estimate as “Share of”."
            ),
        )


def _certainty_to_choose(_catalogue: Catalogue, document: Document) -> Messages:
    """Find citations for which nobody has chosen how certain the source is."""
    for index, citation in enumerate(document["citations"]):
        if not citation["certainty"]:
            yield f"citations.{index}.certainty", _("Choose how certain the source is.")


def _unit_to_choose(_catalogue: Catalogue, document: Document) -> Messages:
    """Find a number without a unit: it would count people, whatever the source counts."""
    if not document["unit"]:
        yield "unit", _("Choose what is counted.")


def _nationality_to_choose(catalogue: Catalogue, document: Document) -> Messages:
    """Find an event that neither has a nationality nor says that none is stated."""
    named = [row["role"] for row in document["terms"] if row["key"] == TermKey.NATIONALITY]
    is_said = document["no_nationality"] or {*named} - {Role.EXEMPT}
    if not is_said and find(catalogue.db, document["id"]) is None:
        yield "no_nationality", _("Choose a nationality, “Any nationality” or “Not stated”.")


def _is_after_reports(catalogue: Catalogue, document: Document) -> bool:
    """Whether a new entry is about a time after all of its reports were published."""
    days = days_of(document)
    if not (days and days.first) or find(catalogue.db, document["id"]) is not None:
        return False
    for row in document["citations"]:
        source = catalogue.document(catalogue.meant("source", row["source"].strip()))
        published = days_of(source) if source else None
        if not (published and published.last) or published.last >= days.first:
            return False
    return bool(document["citations"])


def _status_of_what_is_to_come(catalogue: Catalogue, document: Document) -> Messages:
    if not document["stages"] and _is_after_reports(catalogue, document):
        yield (
            "stages",
            _(
                "The date is after the report: choose “Planned”, or correct the date. What is only "
                "expected has the type “Forecast”, and the day on which it was said."
            ),
        )


def _nature_of_what_is_to_come(catalogue: Catalogue, document: Document) -> Messages:
    if document["nature"] == Nature.OBSERVED and _is_after_reports(catalogue, document):
        error = _("The date is after the report: choose “Planned” or “Forecast”, or correct it.")
        yield "nature", error


ERRORS_OF_ENTRY: Checks = (
    (CITING_FORMS, _certainty_to_choose),
    ((EstimateForm,), _unit_to_choose),
    ((EventForm,), _unanswered_citations),
    ((EventForm,), _nationality_to_choose),
    ((EventForm,), _status_of_what_is_to_come),
    ((EstimateForm,), _nature_of_what_is_to_come),
    ((EstimateForm,), _share_without_whole),
)


# Cautions ---------------------------------------------------------------------------------------


def _places_in_each_other(catalogue: Catalogue, document: Document) -> Messages:
    """Find places of an estimate that are in another one of the same role."""
    places: dict[str, dict[str, int]] = {}
    for index, term in enumerate(document["terms"]):
        if term["key"] == TermKey.PLACE:
            code = catalogue.meant("place", term["code"].strip())
            places.setdefault(term["role"], {})[code] = index
    label = catalogue.directory.label
    for of_role in places.values():
        for code, index in of_role.items():
            around = place_and_ancestors(code, catalogue.directory.places)
            for other in sorted(around & of_role.keys() - {code}):
                words = _(
                    "{place} is in {other}, so the estimate would count for both. Name only the "
                    "place that it is for."
                ).format(place=label("place", code), other=label("place", other))
                yield f"terms.{index}.code", words


def may_be_one(*both: str) -> bool:
    """Whether two speakers may be one: all words of one are among those of the other."""
    words, others = ({*plain_text(re.sub(r"\W+", " ", each)).split()} for each in both)
    return bool(words and others) and (words <= others or others <= words)


def _same_document(catalogue: Catalogue, document: Document) -> Messages:
    """Find another source with this title: one text would be cited as two."""
    for name in ("title", "title_en"):
        for each in catalogue.matches("source", document[name]):
            other = catalogue.document(each.code)
            titles = [plain_text(other[name]) if other else ""]
            if each.code != document["id"] and plain_text(document[name]) in titles:
                words = _("{source} has the same title. If it is the same text, cite {source}.")
                yield name, words.format(source=each.code)


CAUTIONS: Checks = (
    ((SourceForm,), _same_document),
    ((EstimateForm,), _places_in_each_other),
)


def days_of(document: Document) -> edtf.Days | None:
    """Return the days that a document is of, as typed in a form; None if there is no date."""
    names = ("happened", "attested", "as_of", "period", "published")
    text = next((document[name] for name in names if document.get(name)), "")
    try:
        return edtf.parse(edtf.normalise(text)).whole
    except edtf.DateError:
        return None
