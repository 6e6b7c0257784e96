"""What applies where: the rules about some people in some places on a day, and the answer.

The page of what applies, the front page and the pages of places ask here; nothing else may word
an answer. It tells what was last reported, never what applies.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from app.dates.edtf import Days
from app.dates.wording import in_words
from app.filtering import NONE
from app.i18n.formats import alternatives, day, enumerate_words
from app.i18n.translate import N_, _, inside, ngettext
from app.record.editions import SelectedEdition
from app.record.filters import EventFilters, StatusFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.age import Age, age
from app.record.names.directory import Directory, in_sentence
from app.record.names.plan_labels import planned_for_in_words
from app.record.names.status_labels import day_in_words, report_in_words, step_label
from app.record.names.support_labels import disputed_in_words, sure
from app.record.payloads import EventPayload, event_payload
from app.record.reads import measures
from app.record.reads.measures import LinkedEvent, Measure
from app.record.rules import measure_types, reported_status
from app.record.rules.containment import place_and_ancestors
from app.record.rules.reported_status import LAPSED, MeasureStatus, Objection, is_confirmed
from app.record.rules.reported_steps import stated_days
from app.record.rules.rule_groups import (
    ON_STAY,
    RuleGroup,
    concerns,
    is_general,
    is_home_border,
    rule_group,
)
from app.record.sql.rows import rows_by_seq
from app.site.components.marks import no_nationality_in_words
from app.site.components.urls import with_filters
from app.site.presenters.estimate import PLACE_ROLES
from app.site.presenters.event import exempt_labels
from app.vocabulary.events import EventLink, NoNationality, Role, StatusGroup, Step, TermKey
from app.vocabulary.record import PlaceKind
from app.web.urls import url

MAX_PLACES = 3
"""Places that a rule names; the others are counted."""
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


def day_of(filters: StatusFilters, edition: SelectedEdition) -> date:
    # The default is the edition's day: public pages must not depend on today's date.
    return date.fromisoformat(filters.one("on")) if filters["on"] else edition.at.date()


def status_address(filters: StatusFilters) -> str:
    return with_filters(url("status"), filters)


class Case(StrEnum):
    """Which answer fits: the first one in this order."""

    ONE = "one"
    MANY = "many"
    UNCLEAR = "unclear"
    ENDED = "ended"
    OLD = "old"
    LAWS = "laws"
    PLANNED = "planned"
    NONE = "none"


@dataclass(frozen=True)
class StateRule:
    """One rule and what was last reported of it by the day. Templates read it."""

    measure: Measure
    status: MeasureStatus
    group: RuleGroup | None
    """None for single acts, and for plans that were carried out."""
    state: "State"
    against: Sequence[Objection]
    """What events that began by the day say against it."""
    reversed_by: LinkedEvent | None
    """The event that reverses it, if nothing newer is reported."""
    eased_by: LinkedEvent | None
    """The event of the day on which it was eased, which reverses a part of it."""

    @property
    def on(self) -> date:
        return self.state.on

    @property
    def directory(self) -> Directory:
        return self.state.directory

    @property
    def payload(self) -> EventPayload:
        return self.measure.payload

    @property
    def id(self) -> str:
        return self.measure.id

    @property
    def address(self) -> str:
        return url("event", id=self.id)

    @property
    def title(self) -> str:
        title: str = self.payload["form"]["title"]
        return title

    @property
    def link(self) -> Markup:
        return _event_link(self)

    @property
    def sure(self) -> str:
        return sure(self.payload)

    @property
    def sure_of_state(self) -> str:
        """The same of the event that ended or eased it, if one did."""
        ended_by = self.ended_by if self.group is RuleGroup.ENDED else None
        return sure((ended_by or self).payload)

    @property
    def disputed(self) -> str:
        return disputed_in_words(self.payload, self.directory)

    @property
    def is_law(self) -> bool:
        """Whether it is a law without a recorded end, which needs no newer report."""
        return self.status.group is StatusGroup.LAW and self.group is RuleGroup.IN_FORCE

    @property
    def is_recent(self) -> bool:
        return bool(self.last_day and is_confirmed(self.last_day, self.on))

    @property
    def last_day(self) -> date | None:
        """The day from which the age of its last report counts."""
        return self.status.main.last.day

    @property
    def is_announced(self) -> bool:
        """Whether no more is reported than that it was announced or ordered."""
        return self.status.main.last.step is Step.ANNOUNCED

    @property
    def is_lapsed(self) -> bool:
        """Whether its stated end passed, and nothing was reported since."""
        return self.status.main.end in LAPSED and not self.reversed_by

    @property
    def is_eased(self) -> bool:
        return self.status.main.last.step in {Step.EASED, Step.SUSPENDED} and not self.reversed_by

    @property
    def ended_by(self) -> LinkedEvent | None:
        """The event that ended or eased it; None if the record has none."""
        return self.reversed_by or (self.eased_by if self.is_eased else None)

    @property
    def days(self) -> Days:
        """The days for which it was last reported."""
        main = self.status.main
        if self.is_lapsed and main.stated_end:
            return main.stated_end
        return main.last.held or Days(main.last.days.earliest, main.last.days.latest)

    @cached_property
    def date(self) -> str:
        """The same in words."""
        last = self.status.main.last
        if self.reversed_by:
            return self.reversed_by.payload["happened_words"]
        if self.is_lapsed:
            return _stated_end(self)
        if last.held:
            return report_in_words(self.payload, last)
        return day_in_words(self.payload, last)

    @property
    def age(self) -> Age | None:
        return None if self.reversed_by else age(self.days, self.on)

    @property
    def stated_end(self) -> str:
        """Its stated end to come, which may be later than what the summary says; or empty."""
        is_open = self.status.main.stated_end and self.group is not RuleGroup.ENDED
        return _stated_end(self) if is_open else ""

    @property
    def dated(self) -> str:
        """The date with its age, and the stated end."""
        found = self.age
        words = _("{date} ({age})").format(date=self.date, age=found.words) if found else self.date
        return self._with_end(words)

    @property
    def date_with_end(self) -> str:
        return self._with_end(self.date)

    def _with_end(self, words: str) -> str:
        if not self.stated_end:
            return words
        # l10n: a date, and the end that a source states
        return _("{date}; stated end {end}").format(date=words, end=self.stated_end)

    @property
    def direction(self) -> str:
        return self.payload.get("direction", "")

    @property
    def kind(self) -> str:
        """Its direction and type: "Tightens: order to leave"."""
        label = self.directory.label("type", self.payload["form"]["type"])
        if not self.direction:
            return label
        direction = self.directory.label("direction", self.direction)
        # l10n: what a rule means for the workers, and its type
        return _("{direction}: {type}").format(direction=direction, type=inside(label))

    @property
    def summary(self) -> str:
        """The first sentence on it."""
        return SENTENCE_END.split(self.payload["form"]["summary"], maxsplit=1)[0]

    @property
    def groups(self) -> str:
        terms = self.payload["form"]["terms"]
        first, *others = [
            self.directory.label("group", term["code"]) if "code" in term else term["printed"]
            for term in terms
            if term["key"] == TermKey.GROUP and term["role"] != Role.EXEMPT
        ] or [""]
        return enumerate_words((first, *map(inside, others)))

    def whose(self, people: Collection[str]) -> str:
        """Of which nationalities it is; empty if it names those of `people`."""
        form = self.payload["form"]
        if answer := form.get("no_nationality"):
            return no_nationality_in_words(NoNationality(answer))
        terms = form["terms"] if not people else ()
        return enumerate_words(
            self.directory.label("nationality", term["code"])
            for term in terms
            if term["key"] == TermKey.NATIONALITY and term["role"] != Role.EXEMPT and "code" in term
        )

    @property
    def exempt(self) -> str:
        return enumerate_words(exempt_labels(self.payload["form"]["terms"], self.directory))

    @property
    def where(self) -> str:
        codes = list(self.measure.places)
        labels = [self.directory.label("place", code) for code in codes]
        if any(self.directory.kind_of_place(code) is PlaceKind.WORLD for code in codes):
            return _("worldwide")
        if (more := len(labels) - MAX_PLACES) > 0:
            labels = [
                *labels[:MAX_PLACES],
                ngettext("and {count} more place", "and {count} more places", more),
            ]
        return enumerate_words(labels)

    @property
    def last_reported(self) -> str:
        """When it was last reported, and what, if not that it holds."""
        last = self.status.main.last
        if self.is_law:
            message = _("Since {date}")
        elif self.group is RuleGroup.PLANNED:
            if not self.planned_for:
                return _("Planned; no day stated")
            message = _("Planned for {when}")
            if self.is_plan_past:
                message = _(
                    "Was announced for {when}; whether it began, no report in the record says"
                )
            return message.format(when=self.planned_for)
        elif self.is_lapsed:
            message = _("Stated end {date}")
        elif self.reversed_by:
            message = _("Reversed {date}")
        elif last.step is Step.EASED and not last.is_alleged:
            message = _("Eased {date}")
        elif last.step is Step.ENDED and not last.is_alleged:
            message = _("Ended {date}")
        elif last.step in {Step.IN_FORCE, Step.ENFORCED, Step.EFFECT_SEEN}:
            message = "{date}"
        else:
            return self.step_and_date
        return self._with_end(message.format(date=self.date))

    @property
    def step_and_date(self) -> str:
        if self.group is RuleGroup.PLANNED:
            return self.last_reported
        # l10n: a status and the day for which it is reported
        return _("{stage}, {day}").format(stage=step_label(self.status.main.last), day=self.date)

    @property
    def note(self) -> str:
        """Its age, or why it needs none."""
        if self.is_law:
            return _("law; no end recorded")
        words = self.age.words if self.age else ""
        if self.is_lapsed and words:
            return _("{age}; nothing newer in the record").format(age=words)
        return words

    @property
    def planned_for(self) -> str:
        return planned_for_in_words(self.status.main.last)

    @property
    def is_plan_past(self) -> bool:
        """Whether the time that it was planned for has passed."""
        days = stated_days(self.status.main.last.planned_for)
        return bool(days and days.last and days.last < self.on)

    @property
    def says(self) -> str:
        """What the citation of its last step says; empty if it is another event's."""
        stage = reported_status.stage_of(self.payload, self.status.main.last)
        cited = self.payload["form"].get("citations", ())
        found = (each["paraphrase"] for each in cited if each["id"] == stage["citation"])
        return str(next(found, "")).rstrip(".")


def _event_link(event: StateRule | LinkedEvent) -> Markup:
    title = event.payload["form"]["title"]
    return Markup('<a href="{}">{}</a>').format(url("event", id=event.id), title)


def _stated_end(rule: StateRule) -> str:
    from_step = rule.status.main.ends_by or rule.status.main.last
    stage = reported_status.stage_of(rule.payload, from_step)
    return in_words(stage["valid_until"], lasts=False)


STRONG, STRONG_END = Markup("<b>"), Markup("</b>")


def _message(message: str, **values: object) -> Markup:
    """Insert values into a translated message; `{strong}` and `{end}` enclose the answer."""
    return escape(message).format(strong=STRONG, end=STRONG_END, **values)


UNCLEAR = {
    (True, True): N_(
        "{strong}No report in the record says whether {people} may stay {where} today.{end}"
    ),
    (True, False): N_(
        "{strong}No report in the record says whether {people} may stay {where} on {day}.{end}"
    ),
    (False, True): N_(
        "{strong}No report in the record says which rules apply to {people} {where} today.{end}"
    ),
    (False, False): N_(
        "{strong}No report in the record says which rules apply to {people} {where} on {day}.{end}"
    ),
}
"""By whether a rule decides on a stay, and whether the day is that of the edition."""


class Claim(NamedTuple):
    """What a row says of one rule: its state in a few words, and what it is."""

    word: str
    says: str
    rule: StateRule | None
    """None if there is no rule, or only a plan."""


class State:
    """The rules about some people in some places on a day, in groups, with the answer."""

    def __init__(
        self,
        db: Session,
        edition: IndexedEdition,
        directory: Directory,
        filters: StatusFilters,
        read: tuple[Sequence[Measure], Mapping[str, LinkedEvent]] | None = None,
    ) -> None:
        """`read`: the measures and the events linked with them, if they were read before."""
        self._db, self.edition, self.directory, self.filters = db, edition, directory, filters
        self.places = filters["place"]
        # Nationalities whose rules these are; empty for rules about people of any nationality.
        self.people = measures.chosen_people(edition, filters)
        self.on = day_of(filters, edition)
        if read is None:
            ((found, self._linked),) = _read(db, edition, directory, [(filters, False)])
        else:
            found, self._linked = read
        # Whether only the newest events were read.
        self.is_cut = len(found) == measures.MAX_MEASURES
        # Events with a deadline, too, which have no status.
        self.read = found
        self.undated: list[Measure] = []
        # Whatever is about people, goods or firms, with those whose acts were done once.
        self.reported = sorted(
            self._rules(),
            key=lambda rule: (rule.last_day or date.min, rule.is_law),
            reverse=True,
        )
        of_people = [rule for rule in self.reported if self._is_of_people(rule)]
        # What is left out, besides rules about other people.
        self.goods = sorted({each.form["type"] for each in found} & measure_types.NOT_OF_PEOPLE)
        self.has_acts = any(rule.status.group is StatusGroup.DONE for rule in of_people)
        # With the rules for foreigners of any nationality, of which it is not known whether they
        # cover these people.
        self.every: list[StateRule] = []
        self.rules: list[StateRule] = []
        self.general: list[StateRule] = []
        # The home country's own border is no rule of another place.
        self.border: list[StateRule] = []
        for rule in (each for each in of_people if each.group):
            if self._is_border_of_others(rule):
                self.border.append(rule)
                continue
            self.every.append(rule)
            is_named = not self.people or concerns(rule.measure.form, self.people)
            (self.rules if is_named else self.general).append(rule)

    def _is_border_of_others(self, rule: StateRule) -> bool:
        is_elsewhere = bool(self.places) and not self._is_home
        return is_elsewhere and is_home_border(rule.measure.form)

    @property
    def _is_home(self) -> bool:
        return any(self.directory.is_home_of(code, self.people) for code in self.places)

    def _is_of_people(self, rule: StateRule) -> bool:
        form = rule.measure.form
        return (
            form["type"] in self.filters["type"]
            or concerns(form, self.people)
            or is_general(form, self.people)
        )

    def _rules(self) -> Iterator[StateRule]:
        codes = self.directory.codes
        laws = measure_types.law_types(codes)
        for each in self.read:
            if not (measure_types.is_measure(each.form["type"], codes) and each.payload["steps"]):
                continue
            status = reported_status.status_on(each.payload, self.on, each.form["type"] in laws)
            if status is None:
                if not any(step["earliest"] or step["latest"] for step in each.payload["steps"]):
                    self.undated.append(each)
                continue
            objections = reported_status.objections(each.payload)
            against = [one for one in objections if self._has_begun(one)]
            whole = self._reversal(status, against, EventLink.REVERSES)
            part = self._reversal(status, against, EventLink.PARTLY_REVERSES)
            if part and part.begins != status.main.last.day:
                part = None
            group = rule_group(each.payload, status, self.on, is_reversed=whole is not None)
            yield StateRule(each, status, group, self, against, whole, part)

    def _has_begun(self, objection: Objection) -> bool:
        other = self._linked.get(objection.event)
        return other is not None and (other.begins is None or other.begins <= self.on)

    def _reversal(
        self, status: MeasureStatus, against: Sequence[Objection], link: EventLink
    ) -> LinkedEvent | None:
        """Return the event that reverses a rule, unless the rule is reported for a later day."""
        for objection in against:
            other: LinkedEvent = self._linked[objection.event]
            is_later = other.begins and other.begins >= (status.main.last.day or date.min)
            is_firm = not reported_status.is_alleged(other.payload)
            if objection.type is link and is_later and is_firm:
                return other
        return None

    # The files ------------------------------------------------------------------------------------

    @cached_property
    def listed(self) -> list[StateRule]:
        """The rules in the files: those of the places before those of a larger place."""
        found = [
            rule
            for rule in self.reported
            if not self.people
            or concerns(rule.measure.form, self.people)
            or is_general(rule.measure.form, self.people)
        ]
        return sorted(found, key=lambda rule: bool(self.covers(rule.measure)))

    def in_group(self, group: StatusGroup) -> list[StateRule]:
        return [rule for rule in self.listed if rule.status.group is group]

    @cached_property
    def _wider(self) -> set[str]:
        return measures.ancestors_of(self.places, self.directory)

    def covers(self, measure: Measure) -> str:
        """Return the larger place that a measure covers; "" if it names a selected place."""
        if not self.places or measures.is_in_places(measure, self.places, self.directory):
            return ""
        within = {
            place
            for code in measure.places
            for place in place_and_ancestors(code, self.directory.places) - {code}
        }
        found = [
            code
            for code in measure.places
            if code in self._wider and measures.applies_within(measure, code, self.directory)
        ]
        nearest = [code for code in found if code not in within] or found
        return "; ".join(
            self._covered(code, measure, is_nearest=code not in within) for code in nearest
        )

    def _covered(self, code: str, measure: Measure, *, is_nearest: bool) -> str:
        """Return a larger place; that no nearer one is known does not make a rule hold there."""
        if self.directory.kind_of_place(code) is PlaceKind.WORLD:
            return _("worldwide")
        role = measure.places[code]
        is_law = measure.form["type"] in measure_types.law_types(self.directory.codes)
        words = PLACE_ROLES[role] if role is not Role.AT else N_("in {place}")
        if role is Role.AT and is_law:
            words = N_("for {place}")
        where = _(words).format(place=self.directory.label("place", code))
        if is_nearest and not is_law:
            return _("{where}, no more precise place given").format(where=where)
        return where

    # Groups ---------------------------------------------------------------------------------------

    def group(self, *groups: RuleGroup) -> list[StateRule]:
        return [rule for rule in self.rules if rule.group in groups]

    @property
    def in_force(self) -> list[StateRule]:
        return self.group(RuleGroup.IN_FORCE)

    @property
    def unclear(self) -> list[StateRule]:
        return self.group(RuleGroup.UNCLEAR)

    @property
    def ended(self) -> list[StateRule]:
        return self.group(RuleGroup.ENDED)

    @property
    def older(self) -> list[StateRule]:
        """Old rules, then plans, also those for foreigners of any nationality."""
        groups = RuleGroup.OLDER, RuleGroup.PLANNED
        return [rule for group in groups for rule in self.every if rule.group is group]

    @property
    def laws(self) -> list[StateRule]:
        return [rule for rule in self.in_force if rule.is_law and not rule.is_recent]

    @cached_property
    def recent(self) -> list[StateRule]:
        """The rules last reported in force in the 24 months before the day."""
        return [rule for rule in self.in_force if rule.is_recent]

    @cached_property
    def newest(self) -> StateRule | None:
        """The rule that the answer names."""
        if self.recent:
            return self.recent[0]
        told = self.group(RuleGroup.UNCLEAR, RuleGroup.ENDED, RuleGroup.OLDER)
        return next(iter([*told, *self.laws, *self.group(RuleGroup.PLANNED)]), None)

    @cached_property
    def case(self) -> Case:
        if self.recent:
            return Case.ONE if len(self.recent) == 1 else Case.MANY
        if self.newest is None:
            return Case.NONE
        if self.newest.is_law:
            return Case.LAWS
        cases: Mapping[RuleGroup | None, Case] = {
            RuleGroup.UNCLEAR: Case.UNCLEAR,
            RuleGroup.ENDED: Case.ENDED,
            RuleGroup.OLDER: Case.OLD,
        }
        return cases.get(self.newest.group, Case.PLANNED)

    @property
    def address(self) -> str:
        """The page of what applies there on the day."""
        asked = {"place": self.places, "on": [] if self.is_today else [self.on.isoformat()]}
        return status_address(StatusFilters.made_of(asked, {}))

    # Words ----------------------------------------------------------------------------------------

    @property
    def is_today(self) -> bool:
        return self.on == self.edition.at.date()

    @cached_property
    def place(self) -> str:
        known = self.directory.kind_of_place
        if not self.places or any(known(code) is PlaceKind.WORLD for code in self.places):
            return _("any place")
        return alternatives(
            in_sentence(self.directory.label("place", code)) for code in self.places
        )

    @property
    def where(self) -> str:
        """The place with its preposition. Rules of a country for its people reach abroad."""
        # l10n: a place after "rule" or "stay"
        message = _("in or from {place}") if self._is_home else _("in {place}")
        return message.format(place=self.place)

    @cached_property
    def who(self) -> str:
        """The people in words: "North Korean workers"."""
        if not self.people:
            return _("people of any nationality")
        return workers_of(self.people, self.directory)

    @property
    def answer(self) -> Markup:
        """What was last reported, as sentences. The first is the answer."""
        disputed = self.newest.disputed if self.newest else ""
        parts = [*self._of_laws(), self._answer()]
        parts += [escape(f"{disputed}.")] if disputed else []
        parts += self._newest_report if self.case is Case.OLD else []
        return Markup(" ").join(filter(None, [*parts, *self._of_any()]))

    def _of_laws(self) -> Iterator[Markup]:
        """Tell what each law without a recorded end is about: such laws are no background."""
        for rule in self.laws:
            yield _message(
                _("{strong}{title}{end}, since {date}; no recorded end ({sure})."),
                title=rule.link,
                date=rule.date,
                sure=inside(rule.sure),
            )

    def _of_any(self) -> Iterator[Markup]:
        """Tell how many rules for foreigners of any nationality are not reported as ended."""
        groups = RuleGroup.IN_FORCE, RuleGroup.UNCLEAR, RuleGroup.OLDER
        may_apply = [rule for rule in self.general if rule.group in groups]
        if may_apply:
            message = ngettext(
                "{{link}}{count} rule for foreigners of any nationality{{close}} may apply, too: "
                "{{title}}, {{dated}}.",
                "{{link}}{count} rules for foreigners of any nationality{{close}} may apply, too; "
                "the newest: {{title}}, {{dated}}.",
                len(may_apply),
            )
            newest = may_apply[0]
            is_now = any(rule.group is not RuleGroup.OLDER for rule in may_apply)
            address = f"{status_address(self.filters)}#{'general' if is_now else 'older'}"
            link = Markup('<a href="{}" rel="nofollow">').format(address)
            yield _message(
                message, link=link, close=Markup("</a>"), title=newest.link, dated=newest.dated
            )

    def _answer(self) -> Markup:
        rule = self.newest
        words = {"people": self.who, "where": self.where, "day": day(self.on)}
        if rule is None:
            message = _(
                "{strong}The record has no rule {where}.{end} "
                "That does not mean that there is none."
            )
            if self.people:
                message = _(
                    "{strong}The record has no rule that names {people} {where}.{end} "
                    "That does not mean that there is none."
                )
            return _message(message, **words)
        words |= {"title": rule.link, "date": rule.date, "dated": rule.dated}
        words["sure"] = rule.sure_of_state
        match self.case:
            case Case.ONE if rule.is_announced:
                message = _("{strong}Last announced or ordered: {title}{end}, {dated}. {sure}.")
            case Case.ONE:
                message = _("{strong}Last reported in force: {title}{end}, {dated}. {sure}.")
            case Case.MANY if any(each.is_announced for each in self.recent):
                message = ngettext(
                    "{{strong}}{count} rule was reported in force or ordered in the 24 months "
                    "before.{{end}} The newest: {{title}}, {{dated}}. {{sure}}.",
                    "{{strong}}{count} rules were reported in force or ordered in the 24 months "
                    "before.{{end}} The newest: {{title}}, {{dated}}. {{sure}}.",
                    len(self.recent),
                )
            case Case.MANY:
                message = ngettext(
                    "{{strong}}{count} rule was reported in force in the 24 months before."
                    "{{end}} The newest: {{title}}, {{dated}}. {{sure}}.",
                    "{{strong}}{count} rules were reported in force in the 24 months before."
                    "{{end}} The newest: {{title}}, {{dated}}. {{sure}}.",
                    len(self.recent),
                )
            case Case.UNCLEAR:
                return self._unclear(rule, words)
            case Case.ENDED:
                return self._ended(rule, words)
            case Case.OLD if self.laws:
                message = _(
                    "{strong}The record has no other rule that names {people} {where} newer than "
                    "{dated}.{end} The last: {title}. {sure}."
                )
            case Case.OLD:
                message = _(
                    "{strong}The record has no rule that names {people} {where} newer than "
                    "{dated}.{end} The last: {title}. {sure}."
                )
            case Case.LAWS:
                return Markup()
            case _:
                return self._planned(rule, words)
        return _message(message, **words)

    def _planned(self, rule: StateRule, words: dict[str, str]) -> Markup:
        """Tell that there are only plans. One whose time has passed is no plan any more."""
        message = _(
            "{strong}The record has only plans of a rule that names {people} {where}.{end} "
            "That does not mean that there is none."
        )
        planned = _("Planned: {title}.")
        if rule.is_plan_past:
            planned = _(
                "Announced for {when}: {title}. Whether it began, or what followed, no report in "
                "the record says."
            )
        elif rule.planned_for:
            planned = _("Planned: {title}, for {when}.")
        words["when"] = rule.planned_for
        return Markup(" ").join(_message(part, **words) for part in (message, planned))

    @cached_property
    def _newest_report(self) -> list[Markup]:
        """Tell the newest event about these people here: it may say more than an old rule."""
        asked = {"place": self.places, "nationality": self.people, "to": [self.on.isoformat()]}
        filters = EventFilters.made_of(asked, {})
        found = backend.latest_rows(self._db, self.edition, filters, self.directory, most=1)
        return [
            _message(
                _("The newest report about workers there: {event}, {date}."),
                event=_event_link(LinkedEvent(row.id, event_payload(row), None)),
                date=event_payload(row)["happened_words"],
            )
            for row in rows_by_seq(self._db, found.seqs)
            if self.newest is None or row.id != self.newest.id
        ]

    def _unclear(self, rule: StateRule, words: dict[str, str]) -> Markup:
        is_on_stay = any(each.measure.form["type"] in ON_STAY for each in self.unclear)
        says = _("The newest report, of {date}: {says}.") if rule.says else _("{title}, {date}.")
        parts = (_(UNCLEAR[is_on_stay, self.is_today]), says, _("{sure}."))
        return Markup(" ").join(_message(part, says=rule.says, **words) for part in parts)

    def _ended(self, rule: StateRule, words: dict[str, str]) -> Markup:
        """Tell what ended a rule by its own title: that of the rule says the contrary."""
        if rule.is_eased:
            message = N_("{strong}The last reported rule was eased {dated}{end}{by}.")
        elif rule.is_lapsed:
            message = N_(
                "{strong}The stated end of the last reported rule passed {dated}{end}{by}."
            )
        else:
            message = N_("{strong}The last reported rule was ended {dated}{end}{by}.")
        # l10n: a sentence on what ended, and the event by which it ended
        by = _message(_(": {event}"), event=_event_link(rule.ended_by)) if rule.ended_by else ""
        parts = (_(message), _("{sure}."), _("The rule until then: {title}."))
        return Markup(" ").join(_message(part, by=by, **words) for part in parts)

    @property
    def background(self) -> list[Markup]:
        """What the answer leaves out: the home country's border, and the place in a country."""
        found = [
            _message(
                _("At the border of the home country: {title}, {date}."),
                title=_event_link(rule.ended_by or rule),
                date=rule.date,
            )
            for rule in self.border[:1]
        ]
        kinds = {self.directory.kind_of_place(code) for code in self.places}
        if kinds and kinds.isdisjoint({PlaceKind.COUNTRY, PlaceKind.REGION, PlaceKind.WORLD, None}):
            found += self._of_place_itself()
        return found

    def _of_place_itself(self) -> Iterator[Markup]:
        told = [rule for rule in self.rules if rule.group is not RuleGroup.PLANNED]
        here = [
            rule
            for rule in told
            if measures.is_in_places(rule.measure, self.places, self.directory)
        ]
        if not here and told:
            yield _message(
                _("For {place} itself, no rule that names {people} is in the record."),
                place=self.place,
                people=self.who,
            )
        elif here and not here[0].is_recent and here[0] is not self.newest:
            yield _message(
                _("For {place} itself, no rule newer than {date} is in the record."),
                place=self.place,
                date=here[0].date,
            )
            # The answer has it, if that is old, too.
            yield from () if self.case is Case.OLD else self._newest_report

    @property
    def claims(self) -> list[Claim]:
        """What a row of a list says: the newest law without an end first, then the newest rule."""
        found = []
        if self.laws:
            law = self.laws[0]
            since = str(law.days.first.year) if law.days.first else law.date
            word = _("In force since {year}; no end recorded.").format(year=since)
            found.append(Claim(word, law.title, law))
        if self.case is not Case.LAWS:
            rule = None if self.case is Case.PLANNED else self.newest
            found.append(Claim(self._word, self._says, rule))
        return found

    @property
    def _says(self) -> str:
        """The newest rule in words, or what its newest report says, or what ended it."""
        rule = self.newest
        if rule is None or self.case is Case.PLANNED:
            return ""
        if self.case is Case.ENDED and rule.ended_by:
            return str(rule.ended_by.payload["form"]["title"])
        if self.case is Case.ENDED:
            return _("The rule until then: {title}").format(title=rule.title)
        if self.case is Case.OLD:
            return _("The last: {title}").format(title=rule.title)
        return (self.case is Case.UNCLEAR and rule.says) or rule.title

    @property
    def _word(self) -> str:
        """What is known of the newest rule, in one group of words."""
        rule = self.newest
        if rule is None and not self.people:
            return _("No rule in the record.")
        if rule is None:
            return _("No rule in the record names {people}.").format(people=self.who)
        match self.case:
            case Case.ONE | Case.MANY if rule.is_announced:
                message = _("Last announced or ordered {until}.")
            case Case.ONE | Case.MANY:
                message = _("Last reported in force {until}.")
            case Case.UNCLEAR:
                return _("Unclear.")
            case Case.ENDED if rule.is_eased:
                message = _("Eased {date}.")
            case Case.ENDED if rule.is_lapsed:
                message = _("Stated end passed {date}.")
            case Case.ENDED:
                message = _("Ended {date}.")
            case Case.PLANNED:
                return _("Only plans in the record.")
            case _ if self.laws:
                # Beside a law that needs no age, it tells its own.
                message = _("No other rule in the record is newer than {dated}.")
            case _:
                message = _("No rule in the record is newer than {date}.")
        return message.format(date=rule.date, dated=rule.dated, until=rule.date_with_end)


def workers_of(nationalities: Sequence[str], directory: Directory) -> str:
    labels = (directory.label("nationality", code) for code in nationalities)
    return _("{nationality} workers").format(nationality=alternatives(labels))


def _read(
    db: Session,
    edition: IndexedEdition,
    directory: Directory,
    asked: Sequence[tuple[StatusFilters, bool]],
) -> list[tuple[Sequence[Measure], Mapping[str, LinkedEvent]]]:
    """Return what `State` reads for each of these filters, with two SQL statements in all."""

    def of_people(filters: StatusFilters) -> StatusFilters:
        people = measures.chosen_people(edition, filters)
        return filters.with_(nationality=[*people, NONE] if people else None)

    read = measures.read_each(
        db, edition, [(of_people(filters), is_own) for filters, is_own in asked], directory
    )
    ids = {
        objection.event
        for found in read
        for measure in found
        for objection in reported_status.objections(measure.payload)
    }
    linked = measures.read_linked_events(db, edition, ids)
    return [(found, linked) for found in read]


def states_of(
    db: Session,
    edition: IndexedEdition,
    directory: Directory,
    places: Sequence[tuple[str, bool]],
    *,
    people: Sequence[str] = (),
    on: date | None = None,
) -> list[State]:
    """Return the state of each place; by default for the people of the record, on its day.

    The second value: only by rules that name the place itself.
    """
    dated = {"nationality": people, "on": [on.isoformat()] if on else ()}
    asked = [
        (StatusFilters.made_of({"place": [place], **dated}, {}), is_own) for place, is_own in places
    ]
    read = _read(db, edition, directory, asked)
    return [
        State(db, edition, directory, filters, each)
        for (filters, _is_own), each in zip(asked, read, strict=True)
    ]


def state_of(
    db: Session,
    edition: IndexedEdition,
    directory: Directory,
    place: str,
    *,
    people: Sequence[str] = (),
    on: date | None = None,
) -> State:
    """Return the state of one place."""
    return states_of(db, edition, directory, [(place, False)], people=people, on=on)[0]
