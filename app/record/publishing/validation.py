"""The checks of publish() that need the whole record. Each raises PublishError with reasons."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from app.forms import (
    CodeForm,
    EstimateForm,
    EventForm,
    OutletForm,
    PlaceForm,
    RecordForm,
    SourceForm,
)
from app.record.derivation.context import Context
from app.record.derivation.facts import Event
from app.record.publishing.working_set import NAMES, Change, Shelf
from app.record.rules.containment import surroundings_of
from app.vocabulary.events import Role, TermKey, TypeNature


class Refused(ValueError):
    """The approved forms can't be published; `reasons` are sentences for the editor."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = list(reasons)
        super().__init__("; ".join(reasons))


def refuse_nameless(form: RecordForm) -> None:
    """Refuse a form without an id, or with a citation or link without one."""
    if not form.id:
        raise Refused([f"“{getattr(form, 'title', form)}” has no id yet"])
    if isinstance(form, EventForm | EstimateForm) and not all(
        row.id for row in [*form.citations, *form.links]
    ):
        raise Refused([f"{form.id}: a citation or a link has no id yet"])


MOST_OF_A_REASON = 500
"""Longest reason of a change, in characters. Reasons are printed in lists and can't be edited."""


def refuse_long_reasons(changes: Iterable[Change]) -> None:
    too_long = [change.id for change in changes if len(change.reason) > MOST_OF_A_REASON]
    if too_long:
        raise Refused(
            [
                f"{id}: the reason is too long: {MOST_OF_A_REASON} characters at most"
                for id in too_long
            ]
        )


class Forms(Protocol):
    """Forms by kind and id, after `load`."""

    def load(self, wanted: Iterable[tuple[str, str]]) -> None: ...

    def form(self, kind: str, id: str) -> RecordForm | None: ...


def refuse_dangling(forms: Forms, changes: Iterable[Change]) -> None:
    """Refuse references to records that are not published."""
    wanted: dict[tuple[str, str], set[str]] = {}
    for change in changes:
        for target in targets(change.form) if change.form else ():
            wanted.setdefault(target, set()).add(change.id)
    # The forms of places, outlets and codes are always loaded.
    forms.load((kind, id) for kind, id in wanted if kind not in NAMES)
    missing = [
        f"{', '.join(sorted(by))} names {id}, which is not in the record"
        for (kind, id), by in sorted(wanted.items())
        if forms.form(kind, id) is None
    ]
    if missing:
        raise Refused(missing)


def refuse_orphans(
    shelf: Shelf, changes: Iterable[Change], affected: Collection[tuple[str, str]]
) -> None:
    """Refuse to remove records that other records refer to after these changes."""
    removed = {shelf.key(change.kind, change.id) for change in changes if not change.is_live}
    reasons = []
    for kind, id in sorted(affected) if removed else ():
        form = shelf.form(kind, id)
        reasons += (
            [f"{form.id} still names {name}" for _, name in sorted(targets(form) & removed)]
            if form
            else []
        )
    if reasons:
        raise Refused(reasons)


def targets(form: RecordForm) -> set[tuple[str, str]]:
    """Return the records that a form refers to, by kind and id; places and outlets by code."""
    found: set[tuple[str, str]] = set()
    match form:
        case PlaceForm():
            found |= {("P", code) for code in [form.parent, *form.regions] if code}
        case OutletForm():
            found |= {("O", form.belongs_to)} if form.belongs_to else set()
        case CodeForm():
            found |= {("V", f"{form.list}:{form.successor}")} if form.successor else set()
        case SourceForm():
            found.add(("O", form.outlet))
            for parent in form.derived_from:
                found.add(("S", parent.source) if parent.source else ("O", parent.outlet))
        case EventForm() | EstimateForm():
            for term in form.terms:
                if term.code:
                    found.add(
                        ("P", term.code)
                        if term.key is TermKey.PLACE
                        else ("V", f"{term.key}:{term.code}")
                    )
            for citation in form.citations:
                found.add(("S", citation.source))
                found |= {("O", step.outlet) for step in citation.chain if step.outlet}
            found |= {(link.to[0], link.to) for link in form.links}
            if isinstance(form, EventForm):
                found.add(("V", f"type:{form.type}"))
                found |= {
                    ("V", f"instrument:{legal.instrument}")
                    for legal in form.legal
                    if legal.instrument
                }
            elif form.event:
                found.add(("E", form.event))
    return found


def refuse_unsound(
    context: Context, changes: Iterable[Change], affected: Iterable[RecordForm | None]
) -> None:
    """Refuse events with invalid stages, and changed events with an unsupported credibility of 1.

    An unsupported grade of an unchanged event does not block other edits: `sojourn doctor`
    reports it.
    """
    reasons = []
    for change in changes:
        if isinstance(change.form, EventForm):
            reasons += unsound(Event(change.form, context))
            for id in Event(change.form, context).lapsed_credibility:
                reasons.append(
                    f"{change.form.id}: {id} is graded 1, which needs two independent origins"
                )
    for form in affected:
        if isinstance(form, EventForm):
            reasons += unsound(Event(form, context))
    if reasons:
        raise Refused(reasons)


def unsound(event: Event) -> list[str]:
    """Return what is wrong with the stages of an event."""
    form = event.form
    if not form.stages:
        return []
    reasons = []
    type_ = event.context.codes.get(f"type:{form.type}")
    if type_ is None or type_.nature is not TypeNature.MEASURE:
        reasons.append(f"{form.id}: only measures have stages, and “{form.type}” is not one")
    cited = {citation.id for citation in event.citable}
    return reasons + [
        f"{form.id}: the stage “{stage.step}” rests on {stage.citation}, which is on no linked event either"
        for stage in form.stages
        if stage.citation not in cited
    ]


def refuse_private_outside_public(form: EventForm, places: Mapping[str, PlaceForm]) -> None:
    """Refuse a private exact place outside the public places (rule 9). Forms check dates."""
    if not form.exact_place:
        return
    public_places = {
        term.code
        for term in form.terms
        if term.key is TermKey.PLACE and term.role is not Role.SHOWN_ONLY
    }
    if not surroundings_of([form.exact_place], places) & public_places:
        raise Refused(
            [f"{form.id}: the exact place {form.exact_place} does not lie in a public one"]
        )
