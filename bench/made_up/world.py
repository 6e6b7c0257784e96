"""Codes, nested places with names in three scripts, and outlets of a synthetic record."""

from collections.abc import Iterator
from random import Random

from app.kinds import (
    ActorForm,
    CodeForm,
    Name,
    OutletForm,
    PlaceForm,
    RecordForm,
)
from app.vocabulary.events import Side, TypeNature
from app.vocabulary.named import ActorKind
from app.vocabulary.record import PlaceKind
from app.vocabulary.sources import OutletKind
from bench.made_up.words import HAN, HANGUL, SYLLABLES, Skewed

TYPES = [
    ("stay-limit", TypeNature.MEASURE, Side.HOST_STATE),
    ("dispatch", TypeNature.ACT, Side.HOME_STATE),
    ("repatriation", TypeNature.ACT, "seen"),
    ("departure-order", TypeNature.MEASURE, Side.HOST_STATE),
    ("visa-switch", TypeNature.ACT, "seen"),
    ("inspection", TypeNature.ACT, Side.HOST_STATE),
    ("recall", TypeNature.MEASURE, Side.HOME_STATE),
    ("hiring-ban", TypeNature.MEASURE, Side.HOST_STATE),
    ("closure", TypeNature.ACT, Side.EMPLOYER),
    ("fee", TypeNature.MEASURE, Side.HOME_STATE),
    ("statement", TypeNature.CONTEXT, Side.INTERNATIONAL),
    ("resolution", TypeNature.MEASURE, Side.INTERNATIONAL),
]
LISTS = {
    "paper": [
        "work-visa",
        "student-visa",
        "trainee-visa",
        "tourist-visa",
        "border-pass",
        "residence-permit",
    ],
    "sector": [
        "restaurants",
        "garments",
        "seafood",
        "construction",
        "logging",
        "farms",
        "care",
        "software",
    ],
    "nationality": ["xa", "xb", "xc", "xd", "xe", "xf"],
    "group": ["restaurant-staff", "trainees", "managers", "seasonal-workers"],
    "right": ["driving", "banking", "schooling"],
}
ACTORS = {
    "authority-1": ActorKind.PUBLIC_BODY,
    "authority-2": ActorKind.PUBLIC_BODY,
    "authority-3": ActorKind.PUBLIC_BODY,
    "trading-company": ActorKind.COMPANY,
    "council": ActorKind.INTERNATIONAL_BODY,
}
COUNTRIES, PROVINCES = 12, 40
MAX_CITIES, MAX_OUTLETS = 300, 2_000
LANGUAGES = ["en", "zh", "ko", "en", "ja", "en", "zh", "ko", "ru"]


class World:
    """Places, outlets and codes for a number of events. The first of a list are used most often."""

    def __init__(self, events: int) -> None:
        cities = max(10, min(MAX_CITIES, events // 20))
        self.cities = _numbered_codes("city", cities)
        self.provinces = _numbered_codes("province", PROVINCES)
        self.countries = _numbered_codes("country", COUNTRIES)
        self.outlets = _numbered_codes("outlet", max(10, min(MAX_OUTLETS, events // 10)))
        self.types = Skewed(TYPES)
        self.codes = {name: Skewed(codes) for name, codes in LISTS.items()}
        self.actors = Skewed(list(ACTORS))
        # Most events are in cities; some are in provinces and countries.
        self.places = [Skewed(self.cities, 0.9), Skewed(self.provinces), Skewed(self.countries)]
        self.publishers = Skewed(self.outlets)

    def place(self, chance: Random) -> str:
        return chance.choices(self.places, weights=[85, 9, 6])[0].one(chance)

    def language(self, outlet: str) -> str:
        return LANGUAGES[int(outlet.rpartition("-")[2]) % len(LANGUAGES)]

    def forms(self) -> Iterator[RecordForm]:
        yield from self._code_forms()
        for number, (code, kind_of_actor) in enumerate(ACTORS.items(), 1):
            yield ActorForm(id=f"A{number}", code=code, names=_title(code), kind=kind_of_actor)
        places = self._places()
        for number, (code, kind, parent) in enumerate(places, 1):
            yield _place(number, code, kind, parent)
        for number, code in enumerate(self.outlets, 1):
            yield self._outlet(number, code)

    def _code_forms(self) -> Iterator[CodeForm]:
        for code, nature, group in TYPES:
            yield CodeForm(
                list="type",
                code=code,
                label=label(code),
                definition="Made up.",
                nature=nature,
                group=group,
            )
        for name, codes in LISTS.items():
            for code in codes:
                yield CodeForm(list=name, code=code, label=label(code), definition="Made up.")

    def _places(self) -> list[tuple[str, PlaceKind, str]]:
        """Return code, kind and parent of each place."""
        return [
            ("world", PlaceKind.WORLD, ""),
            *((code, PlaceKind.COUNTRY, "world") for code in self.countries),
            *_distribute(self.provinces, PlaceKind.PROVINCE, self.countries),
            *_distribute(self.cities, PlaceKind.CITY, self.provinces),
        ]

    def _outlet(self, number: int, code: str) -> OutletForm:
        language = self.language(code)
        kind = [
            OutletKind.NEWSPAPER,
            OutletKind.NEWSPAPER,
            OutletKind.AGENCY,
            OutletKind.GOVERNMENT,
        ][number % 4]
        return OutletForm.model_validate(
            {
                "id": f"O{number}",
                "code": code,
                "names": [
                    {
                        "text": f"{_name(number, 0)} {kind.label} {number}",
                        "language": "en",
                        "preferred": True,
                    }
                ],
                "kind": kind,
                "languages": [language],
                # An outlet and its owner count as one source.
                "belongs_to": self.outlets[number // 2] if number % 12 == 11 else "",
            }
        )


def label(code: str) -> str:
    return code.replace("-", " ").capitalize()


def _title(code: str) -> list[Name]:
    return [Name(text=label(code), language="en", preferred=True)]


def _place(number: int, code: str, kind: PlaceKind, parent: str) -> PlaceForm:
    names = [
        {"text": f"{_name(number, 0)} {number}", "language": "en", "preferred": True},
        {"text": _name(number, 1), "language": "zh-Hans", "preferred": True},
        {"text": _name(number, 2), "language": "ko", "preferred": True},
    ]
    coordinates = {"latitude": 20 + number * 7 % 30, "longitude": 100 + number * 13 % 40}
    return PlaceForm.model_validate(
        {
            "id": f"P{number}",
            "code": code,
            "kind": kind,
            "parent": parent,
            "names": names,
            **(coordinates if kind == PlaceKind.CITY else {}),
        }
    )


def _name(number: int, script: int) -> str:
    """Return a name of three syllables in script 0 (Latin), 1 (Chinese) or 2 (Korean)."""
    indexes = number * 7 % 83, number * 13 % 89, number % 79
    if script:
        return "".join((HAN, HANGUL)[script - 1][index] for index in indexes)
    return "".join(SYLLABLES[index] for index in indexes).capitalize()


def _numbered_codes(kind: str, count: int) -> list[str]:
    return [f"{kind}-{number}" for number in range(1, count + 1)]


def _distribute(
    codes: list[str], kind: PlaceKind, parents: list[str]
) -> Iterator[tuple[str, PlaceKind, str]]:
    for number, code in enumerate(codes):
        yield code, kind, parents[number % len(parents)]
