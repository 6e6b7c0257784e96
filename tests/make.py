"""Valid forms for tests, with required values only unless given others, and publishing them."""

import re
from collections.abc import Callable
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
    return EventForm(**values | _rows(changes, number))


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
    return EstimateForm(**values | _rows(changes, 400 + number))


def _rows(changes: dict[str, Any], first: int) -> dict[str, Any]:
    """Return changes with the rows for what is a text in short notation."""
    read: dict[str, Callable[[str], object]] = {
        "terms": terms,
        "stages": stages,
        "links": links,
        "citations": lambda text: cited(text, first),
    }
    return {
        name: read[name](value) if name in read and isinstance(value, str) else value
        for name, value in changes.items()
    }


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
    return DerivationContext(forms)


def facts_of(form: RecordForm, *others: RecordForm) -> Any:
    """Return the facts of an event or estimate in the small world, with others beside it."""
    facts: Any = EventFacts if isinstance(form, EventForm) else EstimateFacts
    return facts(form, a_context(*a_small_world(), *others, form))


def payload_of(form: RecordForm, *others: RecordForm) -> Any:
    """Return what publishing derives from a form in the small world, with others beside it."""
    return derive_row(form, a_context(*a_small_world(), *others, form)).payload


# Rows in a short notation, for `make_event`, `make_estimate` and tables of cases ----------------

STEP = re.compile(r"(\S+) (\S+)(?: (C\d+))?(?: \((.+)\))?")
TERM = re.compile(r"([a-z]+)(?: ([a-z][\w-]*))?(?: \((.+)\))?")
LINK = re.compile(r"(?:L(\d+) )?([EM]\d+) (\S+)(?: \((.+)\))?")
CITATION = re.compile(
    r"(?:C(\d+) )?S(\d+)(?: \((.+?)\))?(?: by (\S+) (.+?)(, (?:un)?named)?)?((?: via .+)?)"
)


def stages(text: str) -> list[Stage]:
    """Return the steps of a text such as `in-force 2019-01 C2 (valid_until=2020), ended unknown`.

    A date of `-` is empty.
    """
    found = []
    for each in filter(None, re.split(r", (?![^(]*\))", text)):
        parsed = STEP.fullmatch(each)
        assert parsed, each
        step, date, citation, said = parsed.groups()
        found.append(make_stage(step, date.strip("-"), citation or "C1", **fields(said)))
    return found


def terms(text: str) -> list[Term]:
    """Return the terms of a text such as `place; sector seafood (role=exempt, scope=describes)`."""
    found = []
    for each in filter(None, text.split("; ")):
        parsed = TERM.fullmatch(each)
        assert parsed, each
        key, code, said = parsed.groups()
        found.append(make_term(key, code, **fields(said)))
    return found


def fields(text: str | None) -> dict[str, Any]:
    """Return the values of a text such as `counts=arrivals, period=2019, point=-`; `-` is none."""
    pairs = (each.split("=", 1) for each in text.split(", ")) if text else ()
    return {name: None if value == "-" else value for name, value in pairs}


def links(text: str) -> list[EventToEvent | FigureToFigure]:
    """Return the links of a text such as `E1 follows; L2 E3 contradicts (reason=The same day)`."""
    found = []
    for each in filter(None, text.split("; ")):
        parsed = LINK.fullmatch(each)
        assert parsed, each
        number, to, type_, said = parsed.groups()
        found.append(make_link(to, type_, int(number or 1), **fields(said)))
    return found


def cited(text: str, first: int = 1) -> list[Citation]:
    """Return citations C1, C2 … of a text such as `S1 (kind=cause); S2 by resident a trader`.

    `via outlet-4` is a report that was passed on, `via a radio` one of an outlet without a name.
    """
    return [
        _citation(number, each) for number, each in enumerate(filter(None, text.split("; ")), first)
    ]


def _citation(number: int, text: str) -> Citation:
    parsed = CITATION.fullmatch(text)
    assert parsed, text
    own, source, said, kind, words, named, via = parsed.groups()
    chain: list[ChainStep] = []
    if kind:
        is_named = {"named": "no" if "un" in named else "yes"} if named else {}
        chain.append(make_step(kind, words, **is_named))
    for outlet in via.split(" via ")[1:]:
        is_known = outlet.startswith("outlet-")
        chain.append(make_step("other-outlet", "" if is_known else outlet, outlet * is_known))
    told = {"chain": chain} if chain else {}
    return make_citation(int(own or number), int(source), **told, **fields(said))


def decisions(text: str) -> list[JoinedSources]:
    """Return decisions such as `S1=S2, S3`: two sources that are one, and one that counts apart."""
    return [make_decision(*each.split("=")) for each in text.split(", ")]
