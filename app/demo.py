"""A synthetic record of any size, for trying things out: the shapes of real reports, nothing that anybody said.

Skewed as real records are: a few places and outlets have most of the events, nearly half of the dates are uncertain,
names stand in three scripts, and an event has one to six citations of which some pass others on.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import Stop
from app.forms import CodeForm, EstimateForm, EventForm, OutletForm, PlaceForm, RecordForm, SourceForm
from app.record.models import Version
from app.record.publish import Approved, publish
from app.vocabulary import Attribution, CitationKind, OutletKind, Role, Side, Stance, Step, TermKey

CHUNK = 2_000  # records published in one edition
FIRST, LAST = date(2005, 1, 1), date(2026, 6, 30)
SYLLABLES = list(
    zip(
        ["dan", "hun", "chun", "yan", "ji", "tu", "men", "lin", "he", "long"],
        "丹珲春延吉图们林和龙",
        "단훈춘연길도문림화룡",
        strict=True,
    )
)
WORDS = [
    "workers",
    "permit",
    "restaurant",
    "plant",
    "border",
    "office",
    "notice",
    "contract",
    "ministry",
    "train",
    "bus",
    "group",
    "dormitory",
    "visa",
    "renewal",
    "inspection",
    "deadline",
    "crossing",
    "manager",
    "wage",
    "trade",
    "order",
    "closure",
    "return",
    "quota",
    "training",
    "student",
    "seafood",
    "garment",
]
TYPES = [
    ("stay-limit", "measure", "host-state"),
    ("departure-order", "measure", "host-state"),
    ("visa-switch", "act", "seen"),
    ("dispatch", "act", "home-state"),
    ("repatriation", "act", "seen"),
    ("recall", "measure", "home-state"),
    ("statement", "context", "international"),
]
PAPERS = ["work-visa", "student-visa", "trainee-visa", "tourist-visa", "border-pass"]
SECTORS = ["restaurants", "garments", "seafood", "construction"]


def make(db: Session, events: int, seed: int = 1) -> int:
    """Publishes that many events, with sources and figures, into an empty record; gives the number of editions."""
    if db.scalar(select(func.count()).select_from(Version)):
        raise Stop("A demonstration needs an empty record: name a new database, or a new SOJOURN_DATA_DIR.")
    made = _Maker(random.Random(seed), events)  # noqa: S311 - the same seed must give the same record
    editions = 0
    for forms in (made.names(), made.sources(), made.events(), made.figures()):
        while some := list(islice(forms, CHUNK)):
            publish(db, [Approved(form) for form in some], message="Synthetic records")
            editions += 1
    return editions


class _Maker:
    def __init__(self, chance: random.Random, events: int) -> None:
        self.chance = chance
        self.size = events
        self.countries = [f"country-{n}" for n in range(1, 6)]
        self.provinces = [f"province-{n}" for n in range(1, 31)]
        self.cities = [f"city-{n}" for n in range(1, max(10, min(300, events // 20)) + 1)]
        self.outlets = [f"outlet-{n}" for n in range(1, max(5, min(2_000, events // 10)) + 1)]
        self.sources_made = max(5, events * 3 // 2)
        self.citation = 0

    def names(self) -> Iterator[RecordForm]:
        for code, nature, group in TYPES:
            yield CodeForm.model_validate(
                {
                    "list": "type",
                    "code": code,
                    "label": _label(code),
                    "definition": "Synthetic.",
                    "nature": nature,
                    "group": group,
                }
            )
        for list_, codes in (("paper", PAPERS), ("sector", SECTORS), ("nationality", ["xa", "xb"])):
            for code in codes:
                yield CodeForm.model_validate(
                    {"list": list_, "code": code, "label": _label(code), "definition": "Synthetic."}
                )
        places = [("world", "world", ""), *((c, "country", "world") for c in self.countries)]
        places += [(p, "province", self.countries[n % len(self.countries)]) for n, p in enumerate(self.provinces)]
        places += [(c, "city", self.provinces[n % len(self.provinces)]) for n, c in enumerate(self.cities)]
        for n, (code, kind, parent) in enumerate(places, 1):
            yield self._place(n, code, kind, parent)
        for n, code in enumerate(self.outlets, 1):
            name = {
                "text": f"{_label(code)} {self.chance.choice(['Daily', 'Times', 'News'])}",
                "language": "en",
                "preferred": True,
            }
            yield OutletForm.model_validate(
                {"id": f"O{n}", "code": code, "names": [name], "kind": OutletKind.NEWSPAPER}
            )

    def sources(self) -> Iterator[RecordForm]:
        for n in range(1, self.sources_made + 1):
            parent = self.chance.randrange(1, n) if n > 1 and self.chance.random() < 0.2 else None
            yield SourceForm.model_validate(
                {
                    "id": f"S{n}",
                    "outlet": self._few(self.outlets),
                    "title": f"{self._words(6)} {self._script(1)}",
                    "title_basis": "own-words",
                    "url": f"https://example.org/{n}",
                    "language": self.chance.choice(["en", "en", "ko", "zh", "ja"]),
                    "kind": "news",
                    "published": self._day().isoformat(),
                    "published_basis": self.chance.choice(["stated", "url", "inferred"]),
                    "derived_from": [{"source": f"S{parent}", "how": "relay"}] if parent else [],
                }
            )

    def events(self) -> Iterator[RecordForm]:
        for n in range(1, self.size + 1):
            kind, nature, side = self.chance.choices(TYPES, weights=[8, 4, 6, 9, 7, 2, 1])[0]
            citations = [
                self._citation() for _ in range(self.chance.choices(range(1, 7), weights=[40, 25, 15, 10, 6, 4])[0])
            ]
            terms: list[dict[str, object]] = [{"key": TermKey.PLACE, "role": Role.AT, "code": self._few(self.cities)}]
            terms.append({"key": TermKey.NATIONALITY, "role": Role.TARGET, "code": "xa"})
            if self.chance.random() < 0.5:
                role = Role.EXEMPT if self.chance.random() < 0.1 else Role.TARGET
                terms.append({"key": TermKey.PAPER, "role": role, "code": self._few(PAPERS)})
            if self.chance.random() < 0.4:
                terms.append({"key": TermKey.SECTOR, "role": Role.TARGET, "code": self._few(SECTORS)})
            if side in set(Side):
                terms.append({"key": TermKey.ACTOR, "role": Role.ORDERS, "printed": "An authority", "side": side})
            stages = []
            if nature == "measure":
                step = self.chance.choice([Step.PLANNED, Step.ANNOUNCED, Step.IN_FORCE, Step.ENFORCED])
                stages = [{"step": step, "date": citations[0]["said"], "citation": citations[0]["id"]}]
            links = (
                [{"id": f"L{n}", "type": "follows", "to": f"E{n - 1}"}] if n > 1 and self.chance.random() < 0.1 else []
            )
            yield EventForm.model_validate(
                {
                    "id": f"E{n}",
                    "title": f"{_label(kind)}: {self._words(5)}",
                    "summary": f"{self._words(20)} {self._script(3) if self.chance.random() < 0.6 else ''}",
                    "type": kind,
                    "happened": self._happened(),
                    "terms": terms,
                    "stages": stages,
                    "links": links,
                    "citations": citations,
                }
            )

    def figures(self) -> Iterator[RecordForm]:
        for n in range(1, self.size // 2 + 1):
            yield EstimateForm.model_validate(
                {
                    "id": f"M{n}",
                    "event": f"E{self.chance.randrange(1, self.size + 1)}",
                    "counts": "present",
                    "point": self.chance.choice([50, 200, 500, 2_000, 6_000]),
                    "quantifier": self.chance.choice(["about", "exact"]),
                    "population": "workers",
                    "as_of": f"{self._day():%Y-%m}",
                    "terms": [{"key": TermKey.PLACE, "role": Role.AT, "code": self._few(self.cities)}],
                    "citations": [self._citation()],
                }
            )

    def _place(self, n: int, code: str, kind: str, parent: str) -> PlaceForm:
        chosen = [SYLLABLES[n % 10], SYLLABLES[n // 10 % 10]]
        languages = zip(("en", "zh-Hans", "ko"), zip(*chosen, strict=True), strict=True)
        names = [{"text": "".join(parts), "language": language, "preferred": True} for language, parts in languages]
        names[0]["text"] = f"{str(names[0]['text']).title()} {n}"
        spot = {"latitude": 20 + n * 7 % 30, "longitude": 100 + n * 13 % 40} if kind == "city" else {}
        return PlaceForm.model_validate(
            {"id": f"P{n}", "code": code, "kind": kind, "parent": parent, "names": names, **spot}
        )

    def _citation(self) -> dict[str, object]:
        self.citation += 1
        stance = self.chance.choices([Stance.SUPPORTS, Stance.DISPUTES, Stance.MENTIONS], weights=[80, 6, 14])[0]
        speaker = self.chance.choice(
            [Attribution.ANONYMOUS_SOURCE, Attribution.RESIDENT, Attribution.OWN_VOICE, Attribution.DOCUMENT]
        )
        return {
            "id": f"C{self.citation}",
            "source": f"S{self.chance.randrange(1, self.sources_made + 1)}",
            "stance": stance,
            "kind": self.chance.choice([CitationKind.OCCURRENCE, CitationKind.NUMBER, CitationKind.DATE]),
            "said": self._day().isoformat(),
            "paraphrase": self._words(15),
            "chain": [{"attribution": speaker, "words": self._words(2)}],
        }

    def _happened(self) -> str:
        day = self._day()
        forms = [
            f"{day}",
            f"{day:%Y-%m}",
            f"{day:%Y-%m}~",
            f"{day:%Y}",
            f"{day}/{day + timedelta(days=20)}",
            f"{day:%Y-%m}/..",
            "",
        ]
        return self.chance.choices(forms, weights=[55, 20, 10, 6, 5, 3, 1])[0]

    def _day(self) -> date:
        """More days lately than long ago."""
        share = self.chance.random() ** 0.6
        return FIRST + timedelta(days=int(share * (LAST - FIRST).days))

    def _few(self, codes: list[str]) -> str:
        """The first codes of a list come up most, the last ones hardly ever."""
        return codes[int(len(codes) * self.chance.random() ** 2.5)]

    def _words(self, count: int) -> str:
        return " ".join(self.chance.choices(WORDS, k=count))

    def _script(self, count: int) -> str:
        which = self.chance.choice([1, 2])
        return "".join(self.chance.choice(SYLLABLES)[which] for _ in range(2 * count))


def _label(code: str) -> str:
    return code.replace("-", " ").capitalize()
