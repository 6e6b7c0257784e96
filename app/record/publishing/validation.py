"""The checks of publish() that need the whole record. Each raises PublishError with reasons."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from app.dates.wording import in_words
from app.kinds import (
    FORMS,
    ChainStep,
    EstimateForm,
    EventForm,
    RecordForm,
)
from app.kinds.base import Form, is_private, rows_of
from app.kinds.citations import impossible_step
from app.kinds.references import references
from app.record.derivation.context import DerivationContext
from app.record.derivation.facts import EventFacts
from app.record.publishing.working_set import Change, WorkingSet
from app.record.rules import stages
from app.record.rules.containment import Places, places_and_ancestors
from app.vocabulary.events import Step, TypeNature
from app.vocabulary.kinds import KINDS_WITH_CODES, RecordKind


class PublishError(ValueError):
    """The approved forms can't be published; `reasons` are sentences for the editor."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = list(reasons)
        super().__init__("; ".join(reasons))


def refuse_missing_ids(form: RecordForm) -> None:
    """Refuse a form without an id, or with a citation or link without one."""
    if not form.id:
        raise PublishError([f"“{getattr(form, 'title', form)}” has no id yet"])
    if isinstance(form, EventForm | EstimateForm) and not all(
        row.id for row in [*form.citations, *form.links]
    ):
        raise PublishError([f"{form.id}: a citation or a link has no id yet"])


MAX_REASON_CHARACTERS = 500
"""Longest reason of a change, in characters. Reasons are printed in lists and can't be edited."""


def refuse_missing_references(forms: WorkingSet, changes: Iterable[Change]) -> None:
    """Refuse references to records that are not published."""
    wanted: dict[tuple[str, str], set[str]] = {}
    for change in changes:
        for target in referenced_records(change.form) if change.form else ():
            wanted.setdefault(target, set()).add(change.id)
    # The forms of places, outlets and codes are always loaded.
    forms.load((kind, id) for kind, id in wanted if kind not in KINDS_WITH_CODES)
    missing = [
        f"{', '.join(sorted(by))} names {id}, which is not in the record"
        for (kind, id), by in sorted(wanted.items())
        if forms.form(kind, id) is None
    ]
    if missing:
        raise PublishError(missing)


def refuse_circles(forms: WorkingSet, changes: Iterable[Change]) -> None:
    """Refuse a place within itself, an outlet that owns itself, and the like.

    Pages and rules follow these references upwards. A circle may pass through other records.
    """
    reasons = [
        f"{change.id} would {TO_BE_ABOVE_ITSELF[change.kind]}"
        for change in changes
        if change.form is not None
        and change.kind in TO_BE_ABOVE_ITSELF
        and _is_above_itself(forms, change.kind, change.form)
    ]
    if reasons:
        raise PublishError(reasons)


TO_BE_ABOVE_ITSELF: Mapping[str, str] = {
    RecordKind.ACTOR: "be part of itself",
    RecordKind.LAW: "be under itself",
    RecordKind.PLACE: "be within itself",
    RecordKind.OUTLET: "belong to itself",
    RecordKind.SOURCE: "derive from itself",
    RecordKind.CODE: "be its own successor",
}
"""What a circle of references means, for the kinds whose references are a hierarchy."""


def _is_above_itself(forms: WorkingSet, kind: str, form: RecordForm) -> bool:
    seen: set[str] = set()
    pending = _names_above(kind, form)
    while pending:
        name = pending.pop()
        seen.add(name)
        forms.load([(kind, name)])
        if above := forms.form(kind, name):
            if above.id == form.id:
                return True
            pending |= _names_above(kind, above) - seen
    return False


def _names_above(kind: str, form: RecordForm) -> set[str]:
    return {name for above, name in referenced_records(form) if above == kind}


def refuse_contradictory_speakers(changes: Iterable[Change]) -> None:
    """Refuse steps that hold values of another speaker, and chains that can't be.

    An own voice has no occasion, and no person passes it on.
    """
    reasons = []
    for change in changes:
        form = change.form
        for citation in form.citations if isinstance(form, EventForm | EstimateForm) else ():
            of = f"{change.id}: {citation.id} is"
            reasons += [
                f"{of} said by “{step.attribution.label}”, which has no "
                f"{ChainStep.model_fields[name].title}: empty it, or change who speaks"
                for step in citation.chain
                for name in step.contradictions
            ]
            reasons += [
                f"{of} passed on by “{step.attribution.label}”, who can’t pass on "
                f"“{before.attribution.label}”: remove that step, or change who speaks"
                for before, step in pairwise(citation.chain)
                if impossible_step(before.attribution, before.words, step.attribution, step.words)
            ]
    if reasons:
        raise PublishError(reasons)


def refuse_removing_referenced(
    shelf: WorkingSet, changes: Iterable[Change], affected: Collection[tuple[str, str]]
) -> None:
    """Refuse to remove records that other records refer to after these changes."""
    removed = {shelf.key(change.kind, change.id) for change in changes if not change.is_live}
    reasons = []
    for kind, id in sorted(affected) if removed else ():
        form = shelf.form(kind, id)
        reasons += (
            [
                f"{form.id} still names {name}"
                for _, name in sorted(referenced_records(form) & removed)
            ]
            if form
            else []
        )
    if reasons:
        raise PublishError(reasons)


def referenced_records(form: RecordForm) -> set[tuple[str, str]]:
    """Return the records that a form refers to, by kind and id; named records by code."""
    return {(kind, name) for _path, kind, name in references(form) if kind in FORMS}


def refuse_other_keys(form: type[Form], document: Mapping[str, Any]) -> None:
    """Refuse a key that is no public field, at any depth: what is private is never published."""
    for name, value in document.items():
        field = form.model_fields.get(name)
        if field is None or is_private(field):
            raise PublishError([f"{form.__name__}.{name} is no public field"])
        if row := rows_of(field):
            for each in value:
                refuse_other_keys(row, each)


def refuse_invalid_events(
    context: DerivationContext, changes: Iterable[Change], affected: Iterable[RecordForm | None]
) -> None:
    """Refuse events with invalid stages."""
    reasons = []
    for form in [*(change.form for change in changes), *affected]:
        if isinstance(form, EventForm):
            reasons += stage_problems(EventFacts(form, context))
    if reasons:
        raise PublishError(reasons)


def stage_problems(event: EventFacts) -> list[str]:
    """Return what is wrong with the stages of an event."""
    form = event.form
    if not form.stages:
        return []
    reasons = []
    type_ = event.type_form
    is_measure = type_ is not None and type_.nature is TypeNature.MEASURE
    if not is_measure and any(stage.step is not Step.PLANNED for stage in form.stages):
        reasons.append(
            f"{form.id}: “{type_.label if type_ else form.type}” is not a measure, so it can only "
            "be planned: remove its status, or choose another type"
        )
    reasons += late_first_reports(event)
    cited = {citation.id for citation in event.citable}
    return reasons + [
        (
            f"{form.id}: the status change “{stage.step}” cites {stage.citation}, which is on "
            "neither this event nor a linked one; choose another citation"
        )
        for stage in form.stages
        if stage.citation not in cited
    ]


def late_first_reports(event: EventFacts) -> list[str]:
    """Return the stages that are first reported after their citation was published."""
    by_id = {citation.id: citation for citation in event.citable}
    reasons = []
    for stage in event.form.stages:
        citation = by_id.get(stage.citation)
        source = event.context.sources.get(citation.source) if citation else None
        if not (stage.first_reported and citation and source):
            continue
        days = (stage.first_reported, citation.said, source.published)
        if limit := stages.limit_of_first_report(*days):
            reasons.append(
                f"{event.form.id}: the status change “{stage.step}” was first reported "
                f"{in_words(stage.first_reported, lasts=False)}, which is later than "
                f"{in_words(limit, lasts=False)}, when its citation was said or published; "
                "correct one of the two days"
            )
    return reasons


def refuse_private_outside_public(form: EventForm, places: Places) -> None:
    """Refuse a private exact place outside the public places (rule 9). Forms check dates."""
    if not form.exact_place:
        return
    public_places = {term.code for term in form.terms if term.names_place}
    if not places_and_ancestors([form.exact_place], places) & public_places:
        raise PublishError(
            [f"{form.id}: the exact place {form.exact_place} does not lie in a public one"]
        )
