"""Which events are measures and laws, and how the page of what applies groups them (rule 2)."""

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum

from app.kinds import CodeForm
from app.record.payloads import EventPayload, Stored
from app.record.rules.reported_status import MeasureStatus, is_confirmed
from app.record.rules.stages import is_foretold
from app.vocabulary.events import (
    ENDS,
    Direction,
    Role,
    Side,
    StatusGroup,
    Step,
    TermKey,
    TypeNature,
)
from app.vocabulary.support import Disputed

LAWS_BEFORE_THE_MARKER = {"legal-instrument", "sanctions-designation"}


def law_types(codes: Mapping[str, CodeForm]) -> set[str]:
    """Return the types of event that are laws or listings. Past editions have no marker."""
    marked = {form.code for form in codes.values() if form.list == "type" and form.is_law}
    return marked or LAWS_BEFORE_THE_MARKER


def is_measure(type_: str, codes: Mapping[str, CodeForm]) -> bool:
    """Whether events of this type are measures. A type that the edition lacks counts as one."""
    form = codes.get(f"type:{type_}")
    return form is None or form.nature is TypeNature.MEASURE


NOT_OF_PEOPLE = {"import-detention", "sanctions-designation"}
"""Types of measure towards goods and firms. Limits on rights reach people where they live."""


class RuleGroup(StrEnum):
    IN_FORCE = "in-force"
    UNCLEAR = "unclear"
    ENDED = "ended"
    OLDER = "older"
    PLANNED = "planned"


DOUBTED = {Disputed.OCCURRENCE, Disputed.SCOPE}
"""A dispute about the date, the number or the reason leaves no doubt about the rule."""


def rule_group(
    payload: EventPayload, status: MeasureStatus, on: date, *, is_reversed: bool = False
) -> RuleGroup | None:
    """Return the group of a rule on a day; None for single acts and for plans carried out.

    `is_reversed`: another event reverses the whole rule, and no later day is reported for it.
    """
    last = status.main.last
    if status.group in {StatusGroup.DONE, StatusGroup.CARRIED_OUT}:
        return None
    if status.group is StatusGroup.PLANNED or _is_to_come(payload, status):
        return RuleGroup.PLANNED
    if status.group is StatusGroup.ENDED or is_reversed:
        return RuleGroup.ENDED
    is_doubtful = (
        last.is_alleged
        or not DOUBTED.isdisjoint(payload["disputed"])
        or (last.step is Step.NOT_ENFORCED and payload.get("direction") != Direction.EASES)
    )
    if last.step in {Step.EASED, Step.SUSPENDED, *ENDS} and not is_doubtful:
        return RuleGroup.ENDED
    # A law that was only announced grows old, as an order does.
    if status.group is StatusGroup.LAW and Step.IN_FORCE in {s["step"] for s in payload["steps"]}:
        return RuleGroup.UNCLEAR if last.is_alleged else RuleGroup.IN_FORCE
    if not (last.day and is_confirmed(last.day, on)):
        return RuleGroup.OLDER
    return RuleGroup.UNCLEAR if is_doubtful else RuleGroup.IN_FORCE


def _is_to_come(payload: EventPayload, status: MeasureStatus) -> bool:
    """Whether it was announced for a later time, or foretold, and nothing tells that it began."""
    if status.other is not None or status.group is StatusGroup.LAW:
        return False
    last = status.main.last
    is_awaited = is_foretold(last) or (last.step is Step.ANNOUNCED and bool(last.planned_for))
    return is_awaited and all(
        step["step"] in {Step.PLANNED, Step.ANNOUNCED, last.step} for step in payload["steps"]
    )


def concerns(form: Stored, people: Collection[str]) -> bool:
    """Whether a rule names people of one of these nationalities; any rule if none is given."""
    if form["type"] in NOT_OF_PEOPLE:
        return False
    if not people:
        return True
    terms = [term for term in form["terms"] if term.get("role") != Role.EXEMPT]
    return any(term["key"] == TermKey.NATIONALITY and term.get("code") in people for term in terms)


def is_general(form: Stored, people: Collection[str]) -> bool:
    """Whether a rule names no nationality: nobody says whether these people are among them."""
    of = [term for term in form["terms"] if term["key"] == TermKey.NATIONALITY]
    exempt = {term.get("code") for term in of if term["role"] == Role.EXEMPT}
    is_open = all(term["role"] == Role.EXEMPT for term in of) and not exempt.issuperset(people)
    return is_open and form["type"] not in NOT_OF_PEOPLE


BORDER = {"border-closure", "border-reopening"}


def is_home_border(form: Stored) -> bool:
    """Whether the home country alone opened or closed its border: no rule of a host country."""
    sides = {
        term.get("side")
        for term in form["terms"]
        if term["key"] == TermKey.ACTOR and term["role"] == Role.ORDERS
    }
    return form["type"] in BORDER and sides == {Side.HOME_STATE}
