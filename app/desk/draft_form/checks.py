"""Check a draft: its form's rules, names that match no record, and speakers named by nobody."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from app import documents
from app.dates import edtf
from app.dates.wording import in_words
from app.desk.approved import models, store
from app.desk.approved.entry import entry_context
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.things import Thing
from app.documents import Document, ValidationResult, fields_of, thing_named
from app.i18n.translate import _
from app.kinds import FORMS, ChainStep, EstimateForm, EventForm, Form, SourceForm
from app.kinds.citations import impossible_step
from app.record.rules.stages import limit_of_first_report
from app.vocabulary.citations import (
    FIXED_NAMING,
    OF_ANOTHER_SPEAKER,
    USUAL_NAMING,
    Attribution,
    Naming,
)
from app.vocabulary.events import Step, TypeNature
from app.vocabulary.kinds import NAMED_KINDS, RecordKind

KINDS_WITH_CODE: dict[type[Form], RecordKind] = {FORMS[kind]: kind for kind in NAMED_KINDS}
CITING_FORMS: tuple[type[Form], ...] = (EventForm, EstimateForm)


def check_draft(
    form: type[Form], document: Document, catalogue: Catalogue
) -> ValidationResult[Any]:
    """Check the draft by its form's rules, its names and whether its speakers are named."""
    checked = documents.validate(form, document, catalogue.understand, entry_context(catalogue.db))
    unknown = {
        path: _("No record has this name. Choose an existing one, or add it first.")
        for path, thing, text in names_in(form, document)
        if not catalogue.meant(thing, text)
    }
    late = _late_first_reports(checked.form, catalogue)
    more = {
        **unknown,
        **late,
        **_taken_code(form, document, catalogue),
        **_taken_address(form, document, catalogue),
        **_naming_to_choose(form, document),
        **_contradictory_speakers(form, document),
        **_impossible_steps(form, document),
        **_status_of_no_measure(form, document, catalogue),
    }
    return ValidationResult(None, {**checked.errors, **more}) if more else checked


def _taken_code(form: type[Form], document: Document, catalogue: Catalogue) -> dict[str, str]:
    """Return an error of a named record whose code another approved record has."""
    kind = KINDS_WITH_CODE.get(form)
    if kind is None:
        return {}
    model, code = models.MODELS[kind], document["code"].strip().lower()
    taken = select(model).where(models.CODE_COLUMNS[kind] == code, model.id != document["id"])
    if not code or not (row := catalogue.db.scalars(taken).first()):
        return {}
    names = documents.document_of(store.form_of(row))["names"]
    error = _(
        "{id} ({name}) already has this code. Use that record, or enter another code."
    ).format(id=row.id, name=names[0]["text"])
    return {"code": error}


def _taken_address(form: type[Form], document: Document, catalogue: Catalogue) -> dict[str, str]:
    """Return an error of a source whose address another one has: publishing would refuse it."""
    if form is not SourceForm:
        return {}
    id = catalogue.first_source_at(document["url"].strip(), but=document["id"])
    error = _(
        "{id} already has this address: cite that source. For another text on the "
        "same page, leave this empty and enter the address under “Copies”."
    )
    return {"url": error.format(id=id)} if id else {}


def _late_first_reports(form: Form | None, catalogue: Catalogue) -> dict[str, str]:
    """Return errors of steps that are first reported after their citation was published."""
    if not isinstance(form, EventForm):
        return {}
    citations = {citation.id: citation for citation in form.citations if citation.id}
    errors = {}
    for index, stage in enumerate(form.stages):
        citation = citations.get(stage.citation)
        if not (stage.first_reported and citation):
            continue
        source = catalogue.document(citation.source)
        published = _valid_date(source["published"]) if source else ""
        if limit := limit_of_first_report(stage.first_reported, citation.said, published):
            errors[f"stages.{index}.first_reported"] = _(
                "“First reported”, {day}, is later than {limit}, when the citation was said "
                "or published. Correct one of the two dates."
            ).format(
                day=in_words(stage.first_reported, lasts=False),
                limit=in_words(limit, lasts=False),
            )
    return errors


def _valid_date(text: str) -> str:
    """Return a date of another draft, or nothing if it is not one yet."""
    try:
        edtf.parse(text)
    except edtf.DateError:
        return ""
    return text


def _naming_to_choose(form: type[Form], document: Document) -> dict[str, str]:
    """Return an error for each speaker who would count as named without anybody saying so."""
    error = _("Choose whether the source names them. Without a name, the speaker is anonymous.")
    return {
        f"citations.{at}.chain.{index}.named": error
        for at, citation in enumerate(document["citations"] if form in CITING_FORMS else ())
        for index, step in enumerate(citation["chain"])
        if not step["named"]
        and step["attribution"] not in FIXED_NAMING
        and USUAL_NAMING.get(step["attribution"]) is Naming.NAMED
    }


def _contradictory_speakers(form: type[Form], document: Document) -> dict[str, str]:
    """Return an error for each value that the kind of speaker doesn't have."""
    kinds = Attribution.by_code()
    return {
        f"citations.{at}.chain.{index}.{name}": _(
            "“{kind}” can’t have this field: {field}. Leave it empty, or change the speaker."
        ).format(
            kind=_(kinds[step["attribution"]].label),
            field=_(ChainStep.model_fields[name].title or name).lower(),
        )
        for at, citation in enumerate(document["citations"] if form in CITING_FORMS else ())
        for index, step in enumerate(citation["chain"])
        for name in OF_ANOTHER_SPEAKER.get(step["attribution"], ())
        if step[name].strip()
    }


def _impossible_steps(form: type[Form], document: Document) -> dict[str, str]:
    """Return an error for each step that can't pass on the step before it."""
    own_voice = _(
        "Only another outlet can repeat an outlet’s own report. Remove this step, or "
        "change the first speaker."
    )
    twice = _("This step and the one before have the same speaker. Remove one of them.")
    return {
        f"citations.{at}.chain.{index}.attribution": own_voice
        if before["attribution"] == Attribution.OWN_VOICE
        else twice
        for at, citation in enumerate(document["citations"] if form in CITING_FORMS else ())
        for index, (before, step) in enumerate(pairwise(citation["chain"]), start=1)
        if impossible_step(
            before["attribution"], before["words"], step["attribution"], step["words"]
        )
    }


def _status_of_no_measure(
    form: type[Form], document: Document, catalogue: Catalogue
) -> dict[str, str]:
    """Return an error for each status of a type that can only be planned, as publishing has it."""
    type_ = catalogue.code("type", document["type"]) if form is EventForm else None
    if type_ is None or type_.nature is TypeNature.MEASURE:
        return {}
    error = _(
        "“{type}” is not a measure, so its status can only be “Planned”. Remove the status, or "
        "choose another type."
    ).format(type=type_.label)
    return {
        f"stages.{at}.step": error
        for at, stage in enumerate(document["stages"])
        if stage["step"] not in {"", Step.PLANNED}
    }


def names_in(form: type[Form], document: Document) -> Iterator[tuple[str, Thing, str]]:
    """Yield path, kind and text of each field that refers to a record."""
    for each in fields_of(form, document):
        thing, text = thing_named(each.form, each.name, each.row), each.text.strip()
        if thing and text:
            yield each.path, thing, text
