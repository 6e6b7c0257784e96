"""A random publisher, for tests of caches that are updated from edition to edition."""

import random
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from app.record.publishing.publish import Merge, publish
from app.record.publishing.purge import purge
from app.vocabulary.record import Why
from tests.make import (
    a_small_world,
    make_code,
    make_estimate,
    make_event,
    make_outlet,
    make_place,
    make_source,
    publish_all,
    withdraw,
)

DAYS = [
    "2019-06-15",
    "2019",
    "2019-04~",
    "[2019-01-03,2019-01-09,2020-02-01]",
    "2019-03/2019-09",
    "2018/..",
]
DAYS += ["XXXX-05", "", "2018-12-30/2019-01-02", "../2019-02", "2020-24", "2016/2021"]


class Publisher:
    """Publishes random valid acts of an editor; equal seeds give equal acts."""

    def __init__(self, db: Session, seed: int, *, is_purging: bool = True) -> None:
        self.db, self.chance, self.is_purging = db, random.Random(seed), is_purging
        self.live: list[str] = []
        self.withdrawn: list[str] = []
        self.numbers = {"E": 0, "M": 0}
        self.named: set[str] = set()
        """Records that another one has named: they stay."""
        publish_all(
            db, *a_small_world(), make_place(4, parent="province-2"), make_source(3, language="ko")
        )

    def act(self) -> None:
        acts: list[tuple[Callable[[], object], int]] = [
            (self.add, 6),
            (self.rename, 1),
            (self.redate_a_source, 1),
            (self.derive_a_source, 1),
            (self.sell_an_outlet, 1),
        ]
        if len(self.live) > 4:
            acts += [
                (self.correct, 6),
                (self.tidy, 2),
                (self.withdraw, 2),
                (self.merge, 1),
                (self.purge, int(self.is_purging)),
            ]
        if self.withdrawn:
            acts.append((self.bring_back, 2))
        self.chance.choices([act for act, _ in acts], weights=[weight for _, weight in acts])[0]()

    def add(self) -> None:
        kinds = self.chance.choices("EEEM", k=self.chance.randint(1, 4))
        forms = []
        for kind in kinds:
            self.numbers[kind] += 1
            forms.append(self.form(f"{kind}{self.numbers[kind]}"))
        publish_all(self.db, *forms)
        self.live += [form.id for form in forms]

    def form(self, id: str) -> Any:
        number, chance = int(id[1:]), self.chance
        terms = f"place {chance.choice(['place-1', 'place-4'])}"
        source = chance.choice([1, 2, 3])
        if id[0] == "M":
            as_of = chance.choice(["2019-06", "2019-06-30", "2018", "2019-01~"])
            point = chance.choice([900, 1_000, 1_203])
            event = self._named_event(id)
            said = f"S{source} (kind=number)"
            return make_estimate(
                number, point=point, as_of=as_of, event=event, terms=terms, citations=said
            )
        if chance.random() < 0.5:
            terms += f"; paper student (role={chance.choice(['target', 'exempt'])})"
        stance = chance.choice(["supports", "supports", "disputes"])
        citations = f"S{source} (stance={stance})" if chance.random() < 0.8 else ""
        named = self._named_event(id)
        type_ = chance.choice(["stay-limit", "repatriation"])
        is_planned = citations and type_ == "stay-limit" and chance.random() < 0.3
        return make_event(
            number,
            type=type_,
            links=f"L{number} {named} follows" if named else "",
            stages=f"planned 2019-03 C{number}" if is_planned else "",
            summary=chance.choice(["Workers of a plant.", "단둥 노동자", "A restaurant closed."]),
            happened=chance.choice(DAYS),
            terms=terms,
            citations=citations,
        )

    def correct(self) -> None:
        publish_all(self.db, self.form(self.chance.choice(self.live)), why=Why.CORRECTED)

    def tidy(self) -> None:
        """Publish a change of wording, which keeps the `changed` edition."""
        publish_all(self.db, self.form(self.chance.choice(self.live)), why=Why.CLARIFIED)

    def withdraw(self) -> None:
        self.withdrawn.append(self._leaving())
        withdraw(self.db, self.withdrawn[-1])

    def bring_back(self) -> None:
        id = self.withdrawn.pop(self.chance.randrange(len(self.withdrawn)))
        publish_all(self.db, self.form(id))
        self.live.append(id)

    def merge(self) -> None:
        events = [id for id in self.live if id[0] == "E" and id not in self.named]
        if len(events) > 1:
            gone, into = self.chance.sample(events, 2)
            self.live.remove(gone)
            publish(self.db, (), merged=[Merge(gone, into, "The same night.")])

    def purge(self) -> None:
        purge(self.db, self._leaving())

    def rename(self) -> None:
        """Rename a code, and move a place, which recalculates its events."""
        parent = self.chance.choice(["province-2", "country-3"])
        label = self.chance.choice(["Restaurant", "Plant", "Elsewhere"])
        publish_all(
            self.db, make_place(4, parent=parent), make_code("student", "paper", label=label)
        )

    def redate_a_source(self) -> None:
        published = self.chance.choice(["2018-03-01", "2019-06", "2020"])
        publish_all(self.db, make_source(3, language="ko", published=published))

    def derive_a_source(self) -> None:
        parents = self.chance.choice(
            [[], [{"source": "S1", "how": "relay"}], [{"outlet": "outlet-2", "how": "quotes"}]]
        )
        publish_all(self.db, make_source(3, language="ko", derived_from=parents))

    def sell_an_outlet(self) -> None:
        publish_all(self.db, make_outlet(2, belongs_to=self.chance.choice(["", "outlet-1"])))

    def _named_event(self, id: str) -> str:
        """Choose an event for a record to name; mostly none."""
        others = [each for each in self.live if each[0] == "E" and each != id]
        if not others or self.chance.random() > 0.2:
            return ""
        named = [each for each in others if each in self.named] or others[:1]
        self.named |= {*named}
        return self.chance.choice(named)

    def _leaving(self) -> str:
        leaving = self.chance.choice([each for each in self.live if each not in self.named])
        self.live.remove(leaving)
        return leaving
