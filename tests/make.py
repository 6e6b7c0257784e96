"""Valid forms for tests, with required values only unless given others, and publishing them."""

from typing import Any

from sqlalchemy.orm import Session

from app.kinds import (
    ActorForm,
    ChainStep,
    Citation,
    CodeForm,
    EstimateForm,
    EventForm,
    EventToEvent,
    FigureToFigure,
    JoinedSources,
    LawForm,
    OutletForm,
    PageForm,
    PlaceForm,
    RecordForm,
    SourceForm,
    Stage,
    Term,
)
from app.record.derivation.context import DerivationContext
from app.record.derivation.facts import EstimateFacts, EventFacts
from app.record.derivation.rows import derive_row
from app.record.models import Edition
from app.record.publishing.publish import Approved, Withdrawal, publish
from app.vocabulary.record import Why


def make_code(code: str = "stay-limit", list: str = "type", **changes: Any) -> CodeForm:
    """Return an event type of nature `measure`; for any other list, a code without a nature."""
    values: dict[str, Any] = {
        "list": list,
        "code": code,
        "label": code.capitalize(),
        "definition": f"What {code} is.",
    }
    if list == "type":
        values |= {"group": "host-state", "nature": "measure"}
    return CodeForm(**values | changes)


def make_place(number: int = 1, code: str = "", **changes: Any) -> PlaceForm:
    return PlaceForm(**_named("P", "place", "city", number, code) | changes)


def make_outlet(number: int = 1, code: str = "", **changes: Any) -> OutletForm:
    return OutletForm(**_named("O", "outlet", "newspaper", number, code) | changes)


def make_actor(number: int = 1, code: str = "", **changes: Any) -> ActorForm:
    return ActorForm(**_named("A", "actor", "public-body", number, code) | changes)


def make_law(number: int = 1, code: str = "", **changes: Any) -> LawForm:
    return LawForm(**_named("N", "law", "law", number, code) | changes)


def make_page(number: int = 1, code: str = "", **changes: Any) -> PageForm:
    text = {"body": "What the record shows.", "language": "en"}
    return PageForm(**_named("U", "page", "text", number, code) | text | changes)


def _named(letter: str, noun: str, kind: str, number: int, code: str) -> dict[str, Any]:
    code = code or f"{noun}-{number}"
    names = [{"text": code.capitalize()}]
    return {"id": f"{letter}{number}", "code": code, "kind": kind, "names": names}


def make_source(number: int = 1, **changes: Any) -> SourceForm:
    values = {
        "id": f"S{number}",
        "outlet": "outlet-1",
        "title": f"Report {number}",
        "title_basis": "printed",
        "kind": "news",
        "language": "en",
        "published": "2019-06-20",
        "published_basis": "stated",
    }
    return SourceForm(**values | changes)


def make_step(
    attribution: str = "outlet-own-voice", words: str = "", outlet: str = "", **changes: Any
) -> ChainStep:
    return ChainStep(attribution=attribution, words=words, outlet=outlet, **changes)


def make_citation(number: int = 1, source: int | str = 1, **changes: Any) -> Citation:
    """Return a citation of a source that reports the event in its own voice."""
    values = {
        "id": f"C{number}",
        "source": f"S{source}" if isinstance(source, int) else source,
        "stance": "supports",
        "kind": "occurrence",
        "paraphrase": "It happened.",
        "chain": [make_step()],
    }
    return Citation(**values | changes)


def make_decision(member: str, other: str = "", reason: str = "Known to us.") -> JoinedSources:
    """Return a decision that two sources are one; without `other`, that one counts apart."""
    how = "joined" if other else "split"
    return JoinedSources(how=how, member=member, other=other, reason=reason)


def make_term(key: str = "place", code: str | None = None, role: str = "", **changes: Any) -> Term:
    """Return the place of the event, or a term of another key; actors have no code by default."""
    code = ("place-1" if key == "place" else "") if code is None else code
    role = role or {"place": "at", "actor": "orders"}.get(key, "target")
    return Term(key=key, code=code, role=role, **changes)


def make_stage(step: str, date: str, citation: str = "C1", **changes: Any) -> Stage:
    return Stage(step=step, date=date, citation=citation, **changes)


def make_event(number: int = 1, **changes: Any) -> EventForm:
    values = {
        "id": f"E{number}",
        "title": f"Event {number}",
        "summary": "Reported.",
        "type": "stay-limit",
        "happened": "2019-06-15",
        "terms": [make_term()],
        "citations": [make_citation(number)],
    }
    return EventForm(**values | changes)


def make_estimate(number: int = 1, **changes: Any) -> EstimateForm:
    """Return an estimate of people present in one city, from one source in its own voice."""
    values = {
        "id": f"M{number}",
        "counts": "present",
        "quantifier": "exact",
        "point": 1_203,
        "population": "workers",
        "as_of": "2019-06",
        "terms": [make_term()],
        "citations": [make_citation(400 + number, kind="number")],
    }
    if "period" in changes:
        values.pop("as_of")
    return EstimateForm(**values | changes)


def make_link(to: str, type: str, number: int = 1, **changes: Any) -> EventToEvent | FigureToFigure:
    form = EventToEvent if to.startswith("E") else FigureToFigure
    return form(**{"id": f"L{number}", "to": to, "type": type} | changes)


def a_small_world() -> list[RecordForm]:
    """Return records to refer to: a city, its province and country, two outlets with sources."""
    return [
        make_code(),
        make_code("repatriation", group="seen", nature="act"),
        make_code("student", "paper"),
        make_place(3, "country-3", kind="country"),
        make_place(2, "province-2", kind="province", parent="country-3"),
        make_place(1, parent="province-2"),
        make_outlet(1),
        make_outlet(2),
        make_source(1),
        make_source(2, outlet="outlet-2"),
    ]


def publish_all(
    db: Session, *forms: RecordForm, why: Why = Why.UPDATED, reason: str = ""
) -> Edition | None:
    """Publish the forms in one edition."""
    return publish(db, [Approved(form, why, reason) for form in forms])


def withdraw(db: Session, id: str, reason: str = "It was another city.") -> Edition | None:
    return publish(db, (), withdrawn=[Withdrawal(id, reason)])


def a_context(*forms: RecordForm) -> DerivationContext:
    """Return a derivation context of the forms, without a database."""
    return DerivationContext.of(forms)


def facts_of(form: RecordForm, *others: RecordForm) -> Any:
    """Return the facts of an event or estimate in the small world, with others beside it."""
    facts: Any = EventFacts if isinstance(form, EventForm) else EstimateFacts
    return facts(form, a_context(*a_small_world(), *others, form))


def payload_of(form: RecordForm, *others: RecordForm) -> Any:
    """Return what publishing derives from a form in the small world, with others beside it."""
    return derive_row(form, a_context(*a_small_world(), *others, form)).payload
