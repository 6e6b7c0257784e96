"""What applies where: the rules about some people in some places on a day, and the answer.

Nothing else may word an answer. It tells what was last reported, never what applies.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from app.dates.edtf import Days
from app.dates.wording import in_words
from app.filtering import NONE
from app.i18n.formats import alternatives, day, enumerate_words
from app.i18n.translate import _, inside, ngettext
from app.record.editions import SelectedEdition
from app.record.filters import StatusFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory, in_sentence
from app.record.names.status_labels import (
    Age,
    age,
    dated_in_words,
    planned_for_in_words,
    report_in_words,
    step_label,
)
from app.record.names.support_labels import sure
from app.record.payloads import Stored, event_payload
from app.record.reads import measures
from app.record.reads.measures import Measure
from app.record.rules import reported_status, rule_groups
from app.record.rules.containment import place_and_ancestors
from app.record.rules.reported_status import MeasureStatus, Objection, is_confirmed
from app.record.rules.rule_groups import (
    RuleGroup,
    concerns,
    is_general,
    is_home_border,
    rule_group,
)
from app.record.rules.stages import stated_days
from app.record.sql.rows import ListRow
from app.site.components.marks import no_nationality_in_words, term_in_words
from app.site.components.text import insert, link
from app.site.components.urls import record_address, with_filters
from app.site.presenters.estimate import PLACE_ROLES
from app.site.presenters.event import EventView
from app.vocabulary.events import EventLink, NoNationality, Role, StatusGroup, TermKey
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import PlaceKind
from app.vocabulary.support import Corroboration
from app.web.urls import url

MAX_PLACES = 3
"""Places that a rule names; the others are counted."""
ON_THE_WAY = {Role.FROM, Role.TO, Role.VIA}
NOW = {RuleGroup.IN_FORCE, RuleGroup.UNCLEAR}
OF_SEVERAL = {Corroboration.INDEPENDENT, Corroboration.DOCUMENTED}
"""Support that not every report of an event has."""
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


def day_of(filters: StatusFilters, edition: SelectedEdition) -> date:
    # The default is the edition's day: public pages must not depend on today's date.
    return date.fromisoformat(filters.one("on")) if filters["on"] else edition.at.date()


def status_address(filters: StatusFilters) -> str:
    return with_filters(url("status"), filters)


@dataclass
class Asked:
    """Whose rules are asked for, where and when. Rules know no State: a circle stays in memory."""

    edition: IndexedEdition
    directory: Directory
    filters: StatusFilters
    linked: Mapping[str, ListRow]
    """Events linked with the measures, by id."""

    def __post_init__(self) -> None:
        self.places = self.filters["place"]
        # Nationalities whose rules these are; empty for rules about people of any nationality.
        self.people = measures.chosen_people(self.edition, self.filters)
        self.on = day_of(self.filters, self.edition)

    @cached_property
    def is_home(self) -> bool:
        """Whether a place is in the country of the people, whose rules reach abroad."""
        return any(self.directory.is_home_of(code, self.people) for code in self.places)

    @cached_property
    def wider(self) -> set[str]:
        """The places that contain those asked for."""
        return measures.ancestors_of(self.places, self.directory)


class StateRule(EventView):
    """One rule and what was last reported of it by the day. Templates read it."""

    def __init__(
        self,
        asked: Asked,
        measure: Measure,
        status: MeasureStatus,
        against: Sequence[Objection],
    ) -> None:
        """`against`: what events of that time say against it."""
        super().__init__(measure.row, asked.directory, asked.on)
        self.asked, self.measure, self.status, self.against = asked, measure, status, against
        self.last = status.main.last

    @cached_property
    def group(self) -> RuleGroup | None:
        """None for single acts, and for plans that were carried out."""
        is_reversed = self.reversed_by is not None
        return rule_group(self.payload, self.status, self.on, is_reversed=is_reversed)

    @cached_property
    def reversed_by(self) -> ListRow | None:
        """The event that reverses it, unless it is reported for a later day."""
        for objection in self.against:
            other = self.asked.linked[objection.event]
            begins = _begins(other)
            is_later = begins and begins >= (self.last.day or date.min)
            is_firm = not reported_status.is_alleged(event_payload(other))
            if objection.type is EventLink.REVERSES and is_later and is_firm:
                return other
        return None

    @property
    def sure(self) -> str:
        """How sure its last step is: the support of an event may be that of its other steps."""
        if self.reversed_by:
            return sure(event_payload(self.reversed_by))
        stages = self.form["stages"]
        is_of_all = self._is_held or len({stage["citation"] for stage in stages}) > 1
        if not is_of_all or OF_SEVERAL.isdisjoint(self.payload["corroboration"]):
            return super().sure
        last = self.last.stage
        reports = {
            stage["citation"]
            for stage in stages
            if (stage["step"], stage.get("date")) == (last["step"], last.get("date"))
        }
        return ngettext(
            "{count} report has this date", "{count} reports have this date", len(reports)
        )

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
        return self.last.day

    @property
    def is_lapsed(self) -> bool:
        """Whether its stated end passed, and nothing was reported since."""
        return self.status.main.is_lapsed and not self.reversed_by

    @property
    def _is_held(self) -> bool:
        """Whether a report surely later than its step says that it was still so."""
        return self.last.day != self.last.first_day

    @property
    def date(self) -> str:
        """When it was last reported."""
        if self.reversed_by:
            return event_payload(self.reversed_by)["happened_words"]
        return (report_in_words if self._is_held else dated_in_words)(self.last)

    @property
    def reported_age(self) -> Age | None:
        """How long before the day that is."""
        if self.reversed_by:
            return None
        reached = Days(self.last.days.earliest, self.last.days.latest)
        return age(self.last.held if self.last.held and self._is_held else reached, self.on)

    @property
    def dated(self) -> str:
        """The date with its age, which laws need not, and the stated end, which is no report."""
        found, words, main = self.reported_age, self.date, self.status.main
        if found and not self.is_law:
            words = _("{date} ({age})").format(date=words, age=found.words)
        if main.stated_end and (self.is_lapsed or self.group is not RuleGroup.ENDED):
            stage = (main.ends_by or self.last).stage
            # l10n: a date, and the end that a source states
            words = _("{date}; stated end {end}").format(
                date=words, end=in_words(stage["valid_until"], lasts=False)
            )
        return words

    @property
    def last_reported(self) -> str:
        """What was last reported, and when."""
        if self.group is RuleGroup.PLANNED:
            return self._plan
        if self.is_law:
            message = _("Since {date}; no recorded end")
        elif self.reversed_by:
            message = _("Reversed {date}")
        else:
            # l10n: a status and the day for which it is reported
            message = _("{stage}, {date}")
        return message.format(date=self.dated, stage=step_label(self.last))

    @property
    def _plan(self) -> str:
        when = planned_for_in_words(self.last)
        days = stated_days(self.last.planned_for)
        if not when:
            return _("Planned; no day stated")
        if days and days.last and days.last < self.on:
            message = _("Was announced for {when}; whether it began, no report in the record says")
        else:
            message = _("Planned for {when}")
        return message.format(when=when)

    @property
    def first_sentence(self) -> str:
        """The first sentence on it."""
        return SENTENCE_END.split(self.form["summary"], maxsplit=1)[0]

    def _terms(self, key: TermKey) -> list[Stored]:
        terms = self.form["terms"]
        return [term for term in terms if term["key"] == key and term["role"] != Role.EXEMPT]

    @property
    def groups(self) -> str:
        """Whom it is about; of foreigners of any nationality, with the wording of the source."""
        label, is_any = self.directory.label, "no_nationality" in self.form
        first, *others = [
            term_in_words(
                label("group", term["code"]) if "code" in term else "",
                term.get("printed") if is_any or "code" not in term else "",
                None,
            )
            for term in self._terms(TermKey.GROUP)
        ] or [""]
        return enumerate_words((first, *map(inside, others)))

    @property
    def whose(self) -> str:
        """Of which nationalities it is."""
        if answer := self.form.get("no_nationality"):
            return no_nationality_in_words(NoNationality(answer))
        return enumerate_words(
            self.directory.label("nationality", term["code"])
            for term in self._terms(TermKey.NATIONALITY)
            if "code" in term
        )

    @cached_property
    def is_own(self) -> bool:
        """Whether it names one of the places asked for, or a place within."""
        places = self.asked.places
        return not places or measures.is_in_places(self.measure, places, self.directory)

    @cached_property
    def larger(self) -> list[str]:
        """The larger places that it covers; none if it names a place asked for."""
        return [
            code
            for code in self.measure.places
            if not self.is_own
            and code in self.asked.wider
            and measures.applies_within(self.measure, code, self.directory)
        ]

    @cached_property
    def is_elsewhere(self) -> bool:
        """Whether it is no rule of the places: from, to or through them, or of another border."""
        if not self.asked.places or self.asked.is_home:
            return False
        here, known = {*self.asked.places}, self.directory.places
        roles = {
            role
            for code, role in self.measure.places.items()
            if code in self.asked.wider or here & place_and_ancestors(code, known)
        }
        return roles <= ON_THE_WAY or is_home_border(self.measure.form)

    def _place(self, code: str) -> str:
        label, role = self.directory.label("place", code), self.measure.places[code]
        return _(PLACE_ROLES[role]).format(place=label) if role in ON_THE_WAY else label

    @property
    def covers(self) -> str:
        """The larger places that it covers, in words."""
        return "; ".join(map(self._place, self.larger))

    @property
    def where(self) -> str:
        codes = list(self.measure.places)
        if any(self.directory.kind_of_place(code) is PlaceKind.WORLD for code in codes):
            return _("worldwide")
        labels = [*map(self._place, codes)]
        if (more := len(labels) - MAX_PLACES) > 0:
            labels = [
                *labels[:MAX_PLACES],
                ngettext("and {count} more place", "and {count} more places", more),
            ]
        return enumerate_words(labels)


def _begins(event: ListRow) -> date | None:
    """Return the first possible day on which an event began."""
    return event.lo.first if event.lo else None


def _link(event: StateRule | ListRow) -> Markup:
    return link(event.payload["form"]["title"], record_address(event.id))


class State(Asked):
    """The rules about some people in some places on a day, in groups, with the answer."""

    def __init__(self, asked: Asked, found: Sequence[Measure]) -> None:
        super().__init__(asked.edition, asked.directory, asked.filters, asked.linked)
        # Whether only the newest events were read.
        self.is_cut = len(found) == measures.MAX_MEASURES
        # Events with a deadline, too, which have no status.
        self.read = found
        self.undated: list[Measure] = []
        # Whatever is about people, goods or firms, with acts that were done once.
        self.reported = sorted(
            self._rules(asked),
            key=lambda rule: (rule.last_day or date.min, rule.is_law),
            reverse=True,
        )
        # With the rules for foreigners of any nationality, of which it is not known whether they
        # cover these people.
        self.every: list[StateRule] = []
        self.rules: list[StateRule] = []
        self.general: list[StateRule] = []
        for rule in (each for each in self.reported if each.group and self._is_of_people(each)):
            self.every.append(rule)
            if rule.is_elsewhere:
                continue
            is_named = not self.people or concerns(rule.measure.form, self.people)
            (self.rules if is_named else self.general).append(rule)

    def _is_of_people(self, rule: StateRule) -> bool:
        form = rule.measure.form
        return (
            form["type"] in self.filters["type"]
            or concerns(form, self.people)
            or is_general(form, self.people)
        )

    def _rules(self, asked: Asked) -> Iterator[StateRule]:
        codes = self.directory.codes
        laws = rule_groups.law_types(codes)
        for each in self.read:
            payload = event_payload(each.row)
            if not (rule_groups.is_measure(each.form["type"], codes) and payload["steps"]):
                continue
            status = reported_status.status_on(payload, self.on, each.form["type"] in laws)
            if status is None:
                if not any(step["earliest"] or step["latest"] for step in payload["steps"]):
                    self.undated.append(each)
                continue
            against = list(filter(self._has_begun, each.objections))
            yield StateRule(asked, each, status, against)

    def _has_begun(self, objection: Objection) -> bool:
        other = self.linked.get(objection.event)
        begins = _begins(other) if other else date.max
        return begins is None or begins <= self.on

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
        return sorted(found, key=lambda rule: bool(rule.larger))

    def in_group(self, group: StatusGroup) -> list[StateRule]:
        return [rule for rule in self.listed if rule.status.group is group]

    # Groups ---------------------------------------------------------------------------------------

    def group(self, *groups: RuleGroup) -> list[StateRule]:
        return [rule for rule in self.rules if rule.group in groups]

    @property
    def in_force(self) -> list[StateRule]:
        return self.group(RuleGroup.IN_FORCE)

    @property
    def older(self) -> list[StateRule]:
        """Old rules, then plans, also those for foreigners of any nationality."""
        groups = RuleGroup.OLDER, RuleGroup.PLANNED
        return [rule for group in groups for rule in self.every if rule.group is group]

    @property
    def ended(self) -> list[StateRule]:
        """Rules that ended, also those for foreigners of any nationality."""
        ended = RuleGroup.ENDED
        return [rule for rule in self.every if rule.group is ended and not rule.is_elsewhere]

    @property
    def elsewhere(self) -> list[StateRule]:
        """Rules to, from or through the places, but old ones."""
        now = {*NOW, RuleGroup.ENDED}
        return [rule for rule in self.every if rule.group in now and rule.is_elsewhere]

    @property
    def general_now(self) -> list[StateRule]:
        """Rules for foreigners of any nationality that are reported in force, or unclear."""
        return [rule for rule in self.general if rule.group in NOW]

    @property
    def laws(self) -> list[StateRule]:
        return [rule for rule in self.in_force if rule.is_law and not rule.is_recent]

    @cached_property
    def recent(self) -> list[StateRule]:
        """The rules last reported in force in the 24 months before the day."""
        return [rule for rule in self.in_force if rule.is_recent]

    @cached_property
    def newest(self) -> StateRule | None:
        """The rule that the answer names, besides laws without a recorded end."""
        known = self.group(RuleGroup.UNCLEAR, RuleGroup.ENDED, RuleGroup.OLDER)
        plans = [] if self.laws else self.group(RuleGroup.PLANNED)
        return next(iter([*self.recent, *known, *plans]), None)

    @property
    def address(self) -> str:
        """The page of what applies there on the day."""
        is_today = self.on == self.edition.at.date()
        asked = {"place": self.places, "on": [] if is_today else [self.on.isoformat()]}
        return status_address(StatusFilters.made_of(asked, {}))

    # Words ----------------------------------------------------------------------------------------

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
        message = _("in or from {place}") if self.is_home else _("in {place}")
        return message.format(place=self.place)

    @cached_property
    def who(self) -> str:
        """The people in words: "North Korean workers"."""
        if not self.people:
            return _("people of any nationality")
        return workers_of(self.people, self.directory)

    @cached_property
    def answer(self) -> Markup:
        """What was last reported, as sentences."""
        return Markup(" ").join([*self._of_laws(), *self._rest, *self._of_workers_from_here()])

    @property
    def short(self) -> Markup:
        """The same without laws, where there is another rule."""
        return Markup(" ").join(self._rest) if self.newest else self.answer

    @cached_property
    def _rest(self) -> list[Markup]:
        rule = [] if self.laws and not self.newest else self._newest_rule()
        return [*rule, *filter(None, [self.background]), *self._of_any()]

    def _of_laws(self) -> Iterator[Markup]:
        if self.laws:
            message = ngettext(
                "{{start}}{{link}}{count} law about {{people}} with no recorded end{{close}}:"
                "{{end}} {{titles}}.",
                "{{start}}{{link}}{count} laws about {{people}} with no recorded end{{close}}:"
                "{{end}} {{titles}}.",
                len(self.laws),
            )
            titles = Markup("; ").join(law.title for law in self.laws)
            yield insert(message, titles=titles, people=self.who, **self._link_to("in-force"))

    def _of_workers_from_here(self) -> Iterator[Markup]:
        """Tell that no event is about workers from a country that was asked for."""
        if not self.people or self.filters["nationality"]:
            return
        recorded = {*self.edition.indexes[RecordKind.EVENT].term_counts.of("nationality")}
        for code in self.places:
            form = self.directory.places[code]
            if form.kind is PlaceKind.COUNTRY and form.country.lower() not in recorded:
                label = in_sentence(self.directory.label("place", code))
                yield insert(_("The record has no rule about workers from {place}."), place=label)

    def _link_to(self, section: str) -> dict[str, Markup]:
        """Return both ends of a link to a section of the page of what applies."""
        start = Markup('<a href="{}#{}" rel="nofollow">')
        return {
            "link": start.format(status_address(self.filters), section),
            "close": Markup("</a>"),
        }

    def _of_any(self) -> Iterator[Markup]:
        """Tell how many rules are for foreigners of any nationality, and whom the newest names."""
        if not self.general_now:
            return
        newest = self.general_now[0]
        message = ngettext(
            "{{link}}{count} rule for foreigners{{close}} names no nationality, for {{whom}}: "
            "{{title}}, {{dated}}.",
            "{{link}}{count} rules for foreigners{{close}} name no nationality; the newest, for "
            "{{whom}}: {{title}}, {{dated}}.",
            len(self.general_now),
        )
        yield insert(
            message,
            **self._link_to("general"),
            title=_link(newest),
            dated=newest.dated,
            whom=inside(newest.groups) or _("no group named"),
        )

    def _newest_rule(self) -> Iterator[Markup]:
        rule, words = self.newest, {"people": self.who, "where": self.where, "day": day(self.on)}
        if rule is None:
            yield insert(
                _(
                    "{start}The record has no rule about {people} {where}.{end} That does not "
                    "mean that there is none."
                ),
                **words,
            )
            return
        title = _link(rule)
        if rule.larger:
            # l10n: a rule, and the larger place that it is for
            label = self.directory.label
            places = enumerate_words(label("place", code) for code in rule.larger)
            title = insert(_("{title} (for {places})"), title=title, places=places)
        words |= {"title": title, "dated": rule.dated, "last": inside(rule.last_reported)}
        words["sure"] = rule.sure
        if self.recent:
            message = ngettext(
                "{{start}}{count} rule was reported in force or ordered in the 24 months before:"
                "{{end}} {{title}}; {{last}}. {{sure}}.",
                "{{start}}{count} rules were reported in force or ordered in the 24 months "
                "before.{{end}} The newest: {{title}}; {{last}}. {{sure}}.",
                len(self.recent),
            )
        elif rule.group is RuleGroup.UNCLEAR:
            message = _(
                "{start}No report in the record says which rules apply to {people} {where} on "
                "{day}.{end} The newest report is of {dated}: {title}. {sure}."
            )
        elif rule.group is RuleGroup.ENDED:
            # The event that ended it is named: the title of the rule says the contrary.
            by = rule.reversed_by
            words["by"] = insert(": {event}", event=_link(by)) if by else ""
            message = _(
                "{start}Last reported of a rule about {people} {where}: {last}{end}{by}. {sure}. "
                "The rule until then: {title}."
            )
        elif rule.group is RuleGroup.PLANNED:
            message = _(
                "{start}The record has only plans of a rule about {people} {where}.{end} That "
                "does not mean that there is none. {title}: {last}."
            )
        else:
            message = _(
                "{start}The newest report of a rule about {people} {where} is of {dated}:{end} "
                "{title}. {sure}."
            )
        yield insert(message, **words)
        if rule.disputed:
            yield escape(f"{rule.disputed}.")

    @property
    def background(self) -> Markup:
        """What the answer leaves out: the place itself, if it is in a country."""
        kinds = {self.directory.kind_of_place(code) for code in self.places}
        rules = [rule for rule in self.rules if rule.group is not RuleGroup.PLANNED]
        if not rules or not kinds.isdisjoint(
            {PlaceKind.COUNTRY, PlaceKind.REGION, PlaceKind.WORLD, None}
        ):
            return Markup()
        here = next((rule for rule in rules if rule.is_own), None)
        if here is None:
            message = _("For {place} itself, the record has no rule about {people}.")
            return insert(message, place=self.place, people=self.who)
        if here.is_recent or here.is_law or here is self.newest:
            return Markup()
        message = _("For {place} itself, the newest report of a rule is of {dated}: {title}.")
        return insert(message, place=self.place, dated=here.dated, title=_link(here))


def workers_of(nationalities: Sequence[str], directory: Directory) -> str:
    labels = (directory.label("nationality", code) for code in nationalities)
    return _("{nationality} workers").format(nationality=alternatives(labels))


def read_states(
    db: Session,
    edition: IndexedEdition,
    directory: Directory,
    asked: Sequence[tuple[StatusFilters, bool]],
) -> list[State]:
    """Return the state for each of these filters, with two SQL statements in all.

    The second value: only by rules that name the place itself.
    """

    def of_people(filters: StatusFilters) -> StatusFilters:
        people = measures.chosen_people(edition, filters)
        return filters.with_(nationality=[*people, NONE] if people else None)

    read = measures.read_each(
        db, edition, [(of_people(filters), is_own) for filters, is_own in asked], directory
    )
    ids = {one.event for found in read for measure in found for one in measure.objections}
    linked = backend.rows_by_id(db, edition, sorted(ids))
    return [
        State(Asked(edition, directory, filters, linked), found)
        for (filters, _is_own), found in zip(asked, read, strict=True)
    ]


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
    return read_states(
        db,
        edition,
        directory,
        [(StatusFilters.made_of({"place": [place], **dated}, {}), own) for place, own in places],
    )
