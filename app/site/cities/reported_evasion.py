"""Reports of a way round a rule, each beside the rules of the same city that had begun within 90 days before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from markupsafe import Markup
from sqlalchemy import CompoundSelect, bindparam, false, or_, select, true, union_all
from sqlalchemy.orm import Session

from app.dates.edtf import Days
from app.i18n.translate import _
from app.record.editions import HELD, Reading
from app.record.filters import EventFilters
from app.record.lists import backend
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.reads.event_context import FOLLOWS_WITHIN, must_follow
from app.record.sql.rows import NEWEST_FIRST, SHOWN, Found, found
from app.record.terms import term_numbers, terms_asked
from app.site.components.urls import record_address
from app.vocabulary.events import EventLink, Step
from app.web.templates import part

MOST = 200
"""Rules and ways round them that a page looks at, the newest ones."""


@dataclass(frozen=True)
class Rule:
    """A rule that had begun within 90 days before; what a report itself says it gets round is `is_named`."""

    id: str
    title: str
    address: str
    when: str
    is_sure: bool
    is_named: bool


@dataclass(frozen=True)
class WayRound:
    """One report of it."""

    id: str
    title: str
    address: str
    when: str
    rules: Sequence[Rule]
    others: Sequence[str]
    """Ids of rules that it is said to get round and that did not begin here within 90 days before."""

    @cached_property
    def drawn(self) -> Markup:
        return part("site/cities/_reported_evasion.html", way=self)


STEPS = [("stage", step) for step in Step]


def newest_and_rules(
    db: Session, edition: Reading, directory: Directory, code: str, newest: int
) -> tuple[list[Found], list[Found]]:
    """The newest events of a place, and its rules and ways round them; one statement."""
    here = EventFilters.made_of({"place": (code,)}, {})
    evades = ("uses", f"event-link:{EventLink.EVADES}")
    lately = backend.newest(db, edition, here, directory, most=newest)
    rules = backend.newest(db, edition, here, directory, most=MOST, having=[[*STEPS, evades]])
    if lately is None or rules is None:
        return _read(db, edition, code, newest)
    by_seq = backend.rows(db, [*lately.seqs, *rules.seqs])

    def there(seqs: Sequence[int]) -> list[Found]:
        return [by_seq[seq] for seq in seqs if seq in by_seq]

    return there(lately.seqs), there(rules.seqs)


def _read(db: Session, edition: Reading, code: str, newest: int) -> tuple[list[Found], list[Found]]:
    """The same without an index. Rows of past editions may be older than the term for a link."""
    rows = db.execute(
        _newest_and_rules(), {"edition": edition.no, "places": [code], "newest": newest}
    ).all()
    return [found(row) for row in rows if row.is_lately], [
        found(row) for row in rows if not row.is_lately
    ]


@cache
def _newest_and_rules() -> CompoundSelect[Any]:
    """Built once: that takes longer than to run it."""
    here = (Version.kind == "E", HELD, Version.terms.overlap(terms_asked("place", "places")))
    has_steps = Version.terms.overlap(term_numbers(STEPS))
    evades = Version.payload["form"]["links"].contains([{"type": EventLink.EVADES}])
    lately = (
        select(*SHOWN, true().label("is_lately"))
        .where(*here)
        .order_by(*NEWEST_FIRST)
        .limit(bindparam("newest"))
    )
    rules = (
        select(*SHOWN, false())
        .where(*here, or_(has_steps, evades))
        .order_by(*NEWEST_FIRST)
        .limit(MOST)
    )
    return union_all(lately, rules)


def ways_round(rows: Sequence[Found]) -> list[WayRound]:
    """The reports among these events, the oldest first, with those of the same events that were rules before them."""
    rules = [row for row in rows if set(_steps(row)) - {Step.EVASION, Step.PLANNED}]
    reports = [row for row in rows if _linked(row, EventLink.EVADES) or Step.EVASION in _steps(row)]
    made = [_way_round(report, rules) for report in reversed(reports)]
    return [way for way in made if way.rules or way.others]


def _way_round(report: Found, rules: Sequence[Found]) -> WayRound:
    named, when = _linked(report, EventLink.EVADES), report.lo or Days()
    # What is part of the same measure, or came of this report, is no rule that it gets round.
    own = {
        report.id,
        *_linked(report, EventLink.PART_OF),
        *(link["from"] for link in report.payload["links_from"]),
    }
    before = [
        rule for rule in rules if rule.id not in own and _could_follow(rule.lo or Days(), when)
    ]
    return WayRound(
        id=report.id,
        title=report.payload["form"]["title"],
        address=record_address(report.id),
        when=report.payload["happened_words"] or _("date not known"),
        rules=[
            Rule(
                id=rule.id,
                title=rule.payload["form"]["title"],
                address=record_address(rule.id),
                when=rule.payload["happened_words"],
                is_sure=must_follow(rule.lo or Days(), when),
                is_named=rule.id in named,
            )
            for rule in sorted(before, key=lambda rule: rule.id not in named)
        ],
        others=[id for id in named if id not in {rule.id for rule in before}],
    )


def _steps(row: Found) -> list[str]:
    return [step["step"] for step in row.payload["steps"]]


def _linked(row: Found, type_: EventLink) -> list[str]:
    return [link["to"] for link in row.payload["form"].get("links", []) if link["type"] == type_]


def _could_follow(rule: Days, report: Days) -> bool:
    """Whether the report could be of that rule's first day or of the 90 days after it."""
    if not (rule.first and report.first):
        return False
    return report.overlaps(Days(rule.first, rule.last and rule.last + FOLLOWS_WITHIN))
