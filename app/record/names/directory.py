"""The names of an edition: places, outlets and codes, by which rows are labelled and words are understood."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from babel import Locale
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.filtering import NONE, Filters, Terms
from app.forms import CodeForm, Name, OutletForm, PlaceForm
from app.i18n.translate import N_, _
from app.record.coverage import Check, checks, last_of_each_place
from app.record.editions import Reading, count_purges
from app.record.models import Checked, Version
from app.record.names.redirects import last_of
from app.record.search import plain_text
from app.vocabulary import citations as vocabulary_citations
from app.vocabulary import estimates as vocabulary_estimates
from app.vocabulary import events as vocabulary_events
from app.vocabulary import record as vocabulary_record
from app.vocabulary import sources as vocabulary_sources
from app.vocabulary import support as vocabulary_support
from app.vocabulary.code import Code
from app.vocabulary.record import PlaceKind

F = TypeVar("F", bound=Filters)

LANGUAGES = Locale("en").languages
ENUMERATIONS: dict[str, type[Code]] = {
    "stage": vocabulary_events.Step,
    "corroboration": vocabulary_support.Corroboration,
    "disputed": vocabulary_support.Disputed,
    "side": vocabulary_events.Side,
    "attribution": vocabulary_citations.Attribution,
    "basis": vocabulary_sources.PublishedBasis,
    "level": vocabulary_record.PlaceKind,
    "counts": vocabulary_estimates.Counts,
    "nature": vocabulary_estimates.Nature,
    "unit": vocabulary_estimates.Unit,
    "per": vocabulary_estimates.Per,
    "form": vocabulary_estimates.FigureForm,
    "population": vocabulary_estimates.Population,
    "conflict": vocabulary_estimates.Rivalry,
    "kind": vocabulary_sources.SourceKind,
    "what": vocabulary_record.RecordKind,
    "why": vocabulary_record.Why,
}
PRECISION = {
    "day": N_("To the day"),
    "month": N_("To the month"),
    "season": N_("To the season"),
    "year": N_("To the year"),
}
OTHERS = {
    "precision": {**PRECISION, "unknown": N_("Year not known")},
    "date": {"stated": N_("A date is known")},
    "has": {
        "estimate": N_("A figure"),
        "quote": N_("A quote"),
        "archive": N_("An archived copy"),
        "deadline": N_("A deadline"),
        "link": N_("An address that can be followed"),
        "full-text": N_("Read in full"),
        "derived": N_("Rests on another report"),
        "stock": N_("A figure for people present"),
        "figures": N_("Any figure"),
        "events": N_("An event"),
    },
}
NOT_STATED = N_("Not stated")
NOTHING = {
    "stage": N_("No stage reported"),
    "disputed": N_("Not disputed"),
    "side": N_("Nobody ordered, or not said"),
    "date": N_("No date"),
    "has": N_("None of these"),
    "exempt": N_("Nobody named as exempt"),
    "shown": N_("Not pictured"),
    "conflict": N_("Nothing against it"),
    "per": N_("No rate"),
}


@dataclass(frozen=True, eq=False)
class Directory:
    """Places and outlets by code, codes by `list:code`."""

    places: Mapping[str, PlaceForm]
    outlets: Mapping[str, OutletForm]
    codes: Mapping[str, CodeForm]
    checks: Mapping[str, Check] = field(default_factory=dict)
    """By the code of a place, when it was last looked at."""
    merged: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """By vocabulary and code, the code of the last place or outlet that each was merged into."""

    def label(self, vocabulary: str, code: str) -> str:
        """The words for a code; the code itself where the edition has none."""
        if code == NONE and vocabulary != "corroboration":
            return _(NOTHING.get(vocabulary, NOT_STATED))
        if vocabulary in self._preferred:
            return self._preferred[vocabulary].get(code, code)
        if vocabulary == "language":
            return str(LANGUAGES.get(code.split("-", maxsplit=1)[0], code))
        if vocabulary == "exempt":
            key, _colon, rest = code.partition(":")
            return self.label(key, rest)
        if vocabulary in ENUMERATIONS:
            member = ENUMERATIONS[vocabulary].by_code().get(code)
            return _(member.label) if member else code
        if vocabulary in OTHERS:
            return _(OTHERS[vocabulary].get(code, code))
        form = self.codes.get(f"{vocabulary}:{code}")
        return form.label if form else code

    @cached_property
    def _preferred(self) -> Mapping[str, Mapping[str, str]]:
        """A long list is sorted by these."""
        named: dict[str, Mapping[str, PlaceForm | OutletForm]] = {
            "place": self.places,
            "outlet": self.outlets,
        }
        return {
            key: {code: preferred(form.names) for code, form in forms.items()}
            for key, forms in named.items()
        }

    def knows(self, key: Terms, code: str) -> bool:
        """Whether a reader may ask for this code, even if nothing answers to it."""
        if code in key.closed:
            return True
        if code == NONE or key.closed:
            return code == NONE and key.has_none
        match key.vocabulary:
            case "place":
                return code in self.places
            case "outlet":
                return code in self.outlets
            case "language":
                return code.split("-", maxsplit=1)[0] in LANGUAGES
            case "exempt":
                name, _colon, rest = code.partition(":")
                return f"{name}:{rest}" in self.codes
        return f"{key.vocabulary}:{code}" in self.codes

    def successor(self, vocabulary: str, code: str) -> str:
        """The code that stands for a retired one; nothing for one that is in use."""
        form = self.codes.get(f"{vocabulary}:{code}")
        return form.successor if form else ""

    def retired(self, vocabulary: str) -> frozenset[str]:
        """The codes for which others stand."""
        return self._retired.get(vocabulary, frozenset())

    @cached_property
    def _retired(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for form in self.codes.values():
            if form.successor:
                found[form.list].add(form.code)
        return {list_: frozenset(codes) for list_, codes in found.items()}

    def now(self, vocabulary: str, code: str) -> str:
        """The code that a place or outlet goes by, which may have been merged into another."""
        return self.merged.get((vocabulary, code), code)

    def led_on(self, filters: F) -> F:
        """The same question with the codes that places and outlets go by in this edition."""
        return (
            _with_codes(filters, lambda vocabulary, code: [self.now(vocabulary, code)])
            if self.merged
            else filters
        )

    def led_back(self, filters: F) -> F:
        """The same question of past rows too, which name what was merged into another since."""
        if not self.merged:
            return filters
        return _with_codes(
            filters, lambda vocabulary, code: [code, *self._merged_into.get((vocabulary, code), ())]
        )

    @cached_property
    def _merged_into(self) -> Mapping[tuple[str, str], Sequence[str]]:
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for (list_, code), last in self.merged.items():
            found[list_, last].append(code)
        return found

    def names_of_place(self, code: str) -> list[tuple[str, str]]:
        """Its names in other scripts, each with its language: 단둥, 丹东."""
        names = self.places[code].names if code in self.places else []
        chosen: dict[str, str] = {}
        for name in names:
            is_in_other_script = name.language and not name.text.isascii()
            if is_in_other_script and (name.preferred or name.language not in chosen):
                chosen[name.language] = name.text
        return list(chosen.items())

    @cached_property
    def names(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        """Every name of a place or outlet, as plain text, and the terms that it stands for."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for place in self.places.values():
            for name in place.names:
                found[plain_text(name.text)].append(("place", place.code))
        for outlet in self.outlets.values():
            for name in outlet.names:
                found[plain_text(name.text)] += [("outlet", outlet.code), ("origin", outlet.code)]
        for form in self.codes.values():
            if form.list not in {"instrument"}:
                found[plain_text(form.label)].append((form.list, form.code))
        return dict(found)

    def named(self, words: str) -> Sequence[tuple[str, str]]:
        return self.names.get(plain_text(words), ())

    @cached_property
    def children(self) -> Mapping[str, Sequence[str]]:
        """What lies directly in a place, by its code; a region's members follow what is administratively in it."""
        found: dict[str, list[str]] = defaultdict(list)
        for place in self.places.values():
            found[place.parent].append(place.code)
        return {
            parent: sorted(codes, key=lambda code: self.label("place", code))
            for parent, codes in found.items()
        }

    @cached_property
    def regions(self) -> Sequence[str]:
        """Places that lie across others."""
        return [code for code, place in self.places.items() if place.kind is PlaceKind.REGION]

    def kind_of_place(self, code: str) -> PlaceKind | None:
        return self.places[code].kind if code in self.places else None


def _with_codes(filters: F, instead: Callable[[str, str], Iterable[str]]) -> F:
    """The same question with each code of a list replaced by those that are asked for instead."""
    vocabularies = {key.key: key.vocabulary for key in filters.terms()}

    def written(side: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        return {
            key: [
                meant
                for code in codes
                for meant in (instead(vocabularies[key], code) if key in vocabularies else [code])
            ]
            for key, codes in side.items()
        }

    return filters.made_of(written(filters.included), written(filters.excluded))


def preferred(names: Sequence[Name]) -> str:
    """The English name if there is one, else the first that an editor prefers."""
    english = [name for name in names if name.language == "en"]
    for some in (english, list(names)):
        for name in some:
            if name.preferred:
                return name.text
    return (english or list(names))[0].text


def directory(db: Session, edition: Reading) -> Directory:
    """Reads all names as they were in that edition, and when places were last looked at; two statements."""
    rows = db.execute(
        select(Version.id, Version.kind, Version.state, Version.payload).where(
            Version.kind.in_(("P", "O", "V")),
            edition.holds(),
            Version.state.in_(("live", "merged")),
        )
    ).all()
    live = [(row.kind, row.payload["form"]) for row in rows if row.state == "live"]
    places = [PlaceForm.model_validate(form) for kind, form in live if kind == "P"]
    outlets = [OutletForm.model_validate(form) for kind, form in live if kind == "O"]
    codes = [CodeForm.model_validate(form) for kind, form in live if kind == "V"]
    return Directory(
        {place.code: place for place in places},
        {outlet.code: outlet for outlet in outlets},
        {code.id: code for code in codes},
        last_of_each_place(checks(db, edition)),
        _merged(rows),
    )


def _merged(rows: Sequence[Any]) -> dict[tuple[str, str], str]:
    codes = {row.id: row.payload["form"]["code"] for row in rows if row.kind in NAMED_BY_CODE}
    into = {row.id: row.payload["into"] for row in rows if row.state == "merged"}
    found = {}
    for row in rows:
        last = last_of(into, row.id)
        # The last one may have been withdrawn since, or removed for good.
        if last != row.id and last in codes:
            found[NAMED_BY_CODE[row.kind], codes[row.id]] = codes[last]
    return found


NAMED_BY_CODE = {"P": "place", "O": "outlet"}
"""Those that a question names by a code, and the vocabulary of that."""


class Directories:
    """The directories of a few editions, kept by whoever answers requests; editions with the same names share one.

    So what was drawn with the names of one edition is as good in the next. Only a purge changes those of a past one.
    """

    MOST = 8

    def __init__(self) -> None:
        self.kept: Mapping[int, Directory] = {}
        self.purges = 0
        """How many purges what is kept has seen."""
        self.reading = threading.Lock()

    def of(
        self,
        db: Session,
        edition: Reading,
        read: Callable[[Session, Reading], Directory] = directory,
    ) -> Directory:
        if edition.no in (kept := self.kept):
            return kept[edition.no]
        # One reads for all who come meanwhile, instead of each slowing down the others.
        with self.reading:
            return self.kept.get(edition.no) or self._of(db, edition, read)

    def _of(
        self, db: Session, edition: Reading, read: Callable[[Session, Reading], Directory]
    ) -> Directory:
        purges = count_purges(db)
        self._forget(purges)
        nearest = min(self.kept, key=lambda no: abs(no - edition.no), default=None)
        is_same = nearest is not None and not names_changed(db, *sorted((nearest, edition.no)))
        found = self.kept[nearest] if nearest is not None and is_same else read(db, edition)
        # What began before a purge must not leave behind what that removed.
        if purges == self.purges:
            self.kept = {**dict(list(self.kept.items())[-self.MOST + 1 :]), edition.no: found}
        return found

    def forget(self, purges: int) -> None:
        """Nothing of before that many purges: a name may have been removed, and from past editions too."""
        with self.reading:
            self._forget(purges)

    def _forget(self, purges: int) -> None:
        if purges > self.purges:
            self.kept, self.purges = {}, purges


def names_changed(db: Session, first: int, last: int) -> bool:
    """Whether places, outlets and codes, or when they were looked at, may differ between two editions."""
    named = select(Version.seq).where(
        Version.opened > first, Version.opened <= last, Version.kind.in_([*NAMED_BY_CODE, "V"])
    )
    looked = select(Checked.no).where(
        or_(
            *((edition > first) & (edition <= last) for edition in (Checked.opened, Checked.closed))
        )
    )
    return bool(db.scalar(select(or_(named.exists(), looked.exists()))))
