"""What can't be published, and why: only the door sees the tree, the origins and the codes of the whole record."""

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
    """What was approved can't be published; the sentences say what to mend."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = list(reasons)
        super().__init__("; ".join(reasons))


def refuse_nameless(form: RecordForm) -> None:
    """What is published has an id, and so has all of it that others may point at."""
    if not form.id:
        raise Refused([f"“{getattr(form, 'title', form)}” has no id yet"])
    if isinstance(form, EventForm | EstimateForm) and not all(
        row.id for row in [*form.citations, *form.links]
    ):
        raise Refused([f"{form.id}: a citation or a link has no id yet"])


MOST_OF_A_REASON = 500
"""Characters of what readers are told of why a record changed: it stands in lists, and never changes itself."""


def refuse_long_reasons(changes: Iterable[Change]) -> None:
    wordy = [change.id for change in changes if len(change.reason) > MOST_OF_A_REASON]
    if wordy:
        raise Refused(
            [f"{id}: the reason is too long: {MOST_OF_A_REASON} characters at most" for id in wordy]
        )


class Forms(Protocol):
    """Where forms are found by kind and id, once they were loaded."""

    def load(self, wanted: Iterable[tuple[str, str]]) -> None: ...

    def form(self, kind: str, id: str) -> RecordForm | None: ...


def refuse_dangling(forms: Forms, changes: Iterable[Change]) -> None:
    """Nothing published may point at something that is not."""
    wanted: dict[tuple[str, str], set[str]] = {}
    for change in changes:
        for target in targets(change.form) if change.form else ():
            wanted.setdefault(target, set()).add(change.id)
    # Of places, outlets and codes the forms are there, and more than these is not asked of them.
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
    """What others still name can't go: they are changed first, or in the same act."""
    gone = {shelf.key(change.kind, change.id) for change in changes if change.state != "live"}
    reasons = []
    for kind, id in sorted(affected) if gone else ():
        form = shelf.form(kind, id)
        reasons += (
            [f"{form.id} still names {name}" for _, name in sorted(targets(form) & gone)]
            if form
            else []
        )
    if reasons:
        raise Refused(reasons)


def targets(form: RecordForm) -> set[tuple[str, str]]:
    """The records that a form names, by kind and id; places and outlets by code."""
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
    """What only the door can see: it knows the tree, the origins and the codes of the whole record.

    A grade that lapses on a row that was not edited is no reason to refuse an edit elsewhere: `doctor` reports it.
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
    """What is wrong with the stages of an event, seen together with what it rests on."""
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
    """A private, finer place must lie inside a public one (rule 9); dates are checked by the form itself."""
    if not form.exact_place:
        return
    told = {
        term.code
        for term in form.terms
        if term.key is TermKey.PLACE and term.role is not Role.SHOWN_ONLY
    }
    if not surroundings_of([form.exact_place], places) & told:
        raise Refused(
            [f"{form.id}: the exact place {form.exact_place} does not lie in a public one"]
        )
