"""Sources, events and estimates of a synthetic record.

A group has ten events, ten sources of the same weeks that report them, and two estimates. Its
content depends only on the world, the seed and the group's number, so groups can be made alone.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from app.kinds import EstimateForm, EventForm, RecordForm, SourceForm
from app.vocabulary.citations import Attribution, CitationKind, Derivation, Stance
from app.vocabulary.estimates import Counts, Nature, Population, Quantifier
from app.vocabulary.events import EventLink, Role, Side, Step, TermKey, TypeNature
from app.vocabulary.sources import PublishedBasis, TitleBasis
from bench.made_up.words import Skewed, english_text, text_in_script
from bench.made_up.world import World, label

FIRST, LAST = date(2005, 1, 1), date(2026, 6, 30)
EVENTS_PER_GROUP = 10
"""Number of events, and of sources, in a group."""
ESTIMATES_PER_GROUP = 2
SEASONS = [24, 21, 22, 23]  # EDTF's numbers of winter, spring, summer and autumn
CITATIONS = Skewed([1, 2, 3, 4, 5, 6], 1.3)
STANCES = Skewed([Stance.SUPPORTS, Stance.MENTIONS, Stance.DISPUTES], 2.2)
KINDS = Skewed(
    [
        CitationKind.OCCURRENCE,
        CitationKind.SCOPE,
        CitationKind.DATE,
        CitationKind.NUMBER,
        CitationKind.EFFECT,
    ]
)
SPEAKERS = Skewed(
    [
        Attribution.ANONYMOUS_SOURCE,
        Attribution.OWN_VOICE,
        Attribution.RESIDENT,
        Attribution.GOVERNMENT,
        Attribution.DOCUMENT,
        Attribution.NAMED_OFFICIAL,
        Attribution.NGO,
        Attribution.EXPERT,
    ]
)
STEPS = Skewed([Step.ANNOUNCED, Step.IN_FORCE, Step.ENFORCED, Step.PLANNED, Step.EASED, Step.ENDED])
LINKS = Skewed([EventLink.FOLLOWS, EventLink.PART_OF, EventLink.IMPLEMENTS, EventLink.EVADES])
BASES = Skewed([PublishedBasis.STATED, PublishedBasis.URL, PublishedBasis.INFERRED])
POPULATIONS = Skewed(
    [Population.WORKERS, Population.NATIONALS, Population.PERMIT_HOLDERS, Population.OVERSTAYERS]
)
COUNTS = Skewed([Counts.PRESENT, Counts.DEPARTURES, Counts.ARRIVALS])
QUANTIFIERS = Skewed([Quantifier.ABOUT, Quantifier.EXACT, Quantifier.MORE_THAN])


class Reports:
    """The sources, events and estimates of a record with `events` events."""

    def __init__(self, world: World, events: int, seed: int) -> None:
        self.world, self.size, self.seed = world, events, seed

    def forms(self) -> Iterator[RecordForm]:
        for number in range(-(-self.size // EVENTS_PER_GROUP)):
            yield from self.forms_of_group(number)

    def forms_of_group(self, number: int) -> Iterator[RecordForm]:
        """Yield ten sources, ten events (fewer in the last group) and two estimates."""
        group = _Group(self.world, Random(f"{self.seed}/{number}"), number)
        yield from group.sources()
        events = list(group.events(min(EVENTS_PER_GROUP, self.size - number * EVENTS_PER_GROUP)))
        yield from events
        yield from group.estimates(events)


class _Group:
    def __init__(self, world: World, chance: Random, number: int) -> None:
        self.world, self.chance = world, chance
        self.first = number * EVENTS_PER_GROUP + 1
        self.number = number
        # Recent days are more frequent. All sources of a group are published within 40 days.
        self.day = FIRST + timedelta(days=int(chance.random() ** 0.6 * (LAST - FIRST).days))
        self.published = [self._later(self.day, 40) for _ in range(EVENTS_PER_GROUP)]

    def sources(self) -> Iterator[SourceForm]:
        for index, day in enumerate(self.published):
            outlet = self.world.publishers.one(self.chance)
            language = self.world.language(outlet)
            is_foreign = language in {"zh", "ko", "ja"}
            original = (
                f"S{self.first + self.chance.randrange(index)}"
                if index and self.chance.random() < 0.2
                else ""
            )
            yield SourceForm.model_validate(
                {
                    "id": f"S{self.first + index}",
                    "outlet": outlet,
                    "title": text_in_script(language, self.chance, 5)
                    if is_foreign
                    else english_text(self.chance, 7),
                    "title_basis": TitleBasis.PRINTED,
                    "title_en": english_text(self.chance, 6) if is_foreign else "",
                    "url": f"https://example.org/{self.first + index}",
                    "language": language,
                    "kind": "news",
                    "published": f"{day:%Y-%m}" if self.chance.random() < 0.08 else f"{day}",
                    "published_basis": BASES.one(self.chance),
                    "derived_from": [{"source": original, "how": Derivation.RELAY}]
                    if original
                    else [],
                }
            )

    def events(self, count: int) -> Iterator[EventForm]:
        for index in range(count):
            yield self._event(self.first + index)

    def estimates(self, events: list[EventForm]) -> Iterator[EstimateForm]:
        """Yield two estimates. In half of the groups they share place and time and may conflict."""
        first = self.chance.choice(events)
        second = first if self.chance.random() < 0.5 else self.chance.choice(events)
        number = self.number * ESTIMATES_PER_GROUP + 1
        one = self._estimate(number, first, {})
        yield one
        same = (
            one.model_dump(include={"counts", "population", "as_of", "period", "terms"})
            if second is first
            else {}
        )
        yield self._estimate(number + 1, second, same)

    def _event(self, number: int) -> EventForm:
        chance = self.chance
        kind, nature, side = self.world.types.one(chance)
        day = self.day - timedelta(days=int(chance.expovariate(1 / 20)))
        citations = [self._citation(number * 10 + index) for index in range(CITATIONS.one(chance))]
        stages = []
        if nature is TypeNature.MEASURE and chance.random() < 0.8:
            for step in dict.fromkeys(STEPS.some(chance, chance.choice([1, 1, 2, 3]))):
                at = {
                    "date": str(self._later(day, 300)),
                    "citation": chance.choice(citations)["id"],
                }
                stages.append({"step": step, **at})
        is_linked = number > self.first and chance.random() < 0.15
        to = chance.randrange(self.first, number) if is_linked else 0
        return EventForm.model_validate(
            {
                "id": f"E{number}",
                "title": f"{label(kind)}: {english_text(chance, 5)}",
                "summary": self._summary(),
                "type": kind,
                "happened": self._happened(day),
                "deadline": f"{self._later(day, 120):%Y-%m}" if chance.random() < 0.1 else "",
                "terms": self._terms(side),
                "stages": stages,
                "links": [{"id": f"L{number}", "type": LINKS.one(chance), "to": f"E{to}"}]
                if to
                else [],
                "citations": citations,
            }
        )

    def _summary(self) -> str:
        """Return English text, in most cases with Chinese or Korean words in brackets."""
        words = english_text(self.chance, self.chance.randrange(15, 35))
        if self.chance.random() < 0.6:
            return f"{words} ({text_in_script(self.chance.choice(['zh', 'ko']), self.chance, 3)})"
        return words

    def _terms(self, side: str) -> list[dict[str, Any]]:
        chance, codes = self.chance, self.world.codes
        terms: list[dict[str, Any]] = [
            {"key": TermKey.PLACE, "role": Role.AT, "code": self.world.place(chance)},
            {
                "key": TermKey.NATIONALITY,
                "role": Role.TARGET,
                "code": codes["nationality"].one(chance),
            },
        ]
        if chance.random() < 0.1:
            terms.append({"key": TermKey.PLACE, "role": Role.TO, "code": self.world.place(chance)})
        for key, share in ((TermKey.PAPER, 0.5), (TermKey.SECTOR, 0.4), (TermKey.GROUP, 0.15)):
            if chance.random() < share:
                role = Role.EXEMPT if chance.random() < 0.1 else Role.TARGET
                terms.append({"key": key, "role": role, "code": codes[key].one(chance)})
        if side in set(Side):
            actor = {"printed": "An authority"}
            if chance.random() < 0.7:
                actor["code"] = self.world.actors.one(chance)
            terms.append({"key": TermKey.ACTOR, "role": Role.ORDERS, "side": side, **actor})
        return terms

    def _citation(self, number: int) -> dict[str, Any]:
        chance = self.chance
        index = chance.randrange(EVENTS_PER_GROUP)
        chain: list[dict[str, Any]] = [
            {"attribution": SPEAKERS.one(chance), "words": english_text(chance, 2)}
        ]
        if chance.random() < 0.2:
            outlet = self.world.publishers.one(chance)
            chain.append({"attribution": Attribution.OTHER_OUTLET, "outlet": outlet})
        return {
            "id": f"C{number}",
            "source": f"S{self.first + index}",
            "stance": STANCES.one(chance),
            "kind": KINDS.one(chance),
            "certainty": "hedged" if chance.random() < 0.2 else "firm",
            "said": f"{self.published[index]}",
            "paraphrase": english_text(chance, chance.randrange(8, 20)),
            "chain": chain,
        }

    def _estimate(self, number: int, event: EventForm, same: dict[str, Any]) -> EstimateForm:
        chance = self.chance
        counts = COUNTS.one(chance)
        month = f"{self._later(self.day, 200):%Y-%m}"
        about = {
            "counts": counts,
            "population": POPULATIONS.one(chance),
            "as_of" if counts is Counts.PRESENT else "period": month,
            "terms": [
                term.model_dump()
                for term in event.terms
                if term.key in {TermKey.PLACE, TermKey.NATIONALITY}
            ],
        }
        amount = int(10 ** chance.uniform(1, 4.5))
        quantifier = QUANTIFIERS.one(chance)
        rounded = amount if quantifier is Quantifier.EXACT else round(amount, 1 - len(str(amount)))
        return EstimateForm.model_validate(
            {
                "id": f"M{number}",
                "event": event.id,
                "nature": Nature.OBSERVED,
                "low" if quantifier is Quantifier.MORE_THAN else "point": rounded,
                "quantifier": quantifier,
                "citations": [
                    self._citation(
                        (self.first + number % ESTIMATES_PER_GROUP) * 10
                        + 7
                        + number % ESTIMATES_PER_GROUP
                    )
                ],
                **about,
                **same,
            }
        )

    def _happened(self, day: date) -> str:
        """Return the date of an event; nearly half of the dates are less precise than a day."""
        month = day.replace(day=1)
        previous_month = f"{month - timedelta(days=1):%Y-%m}"
        weights = {
            f"{day}": 55,
            f"{day:%Y-%m}": 18,
            f"{day:%Y-%m}~": 8,
            f"{day:%Y}": 5,
            f"{day}/{day + timedelta(days=20)}": 4,
            f"{day:%Y-%m}/..": 3,
            f"{day:%Y}-{SEASONS[day.month % 12 // 3]}": 2,
            f"{day:%Y-%m}-XX": 2,
            f"[{previous_month},{day:%Y-%m}]": 1,
            "": 2,
        }
        return self.chance.choices(list(weights), weights=list(weights.values()))[0]

    def _later(self, day: date, days: int) -> date:
        return min(LAST, day + timedelta(days=self.chance.randrange(days)))
