"""The directory of an edition: its named records and codes, for labels and for search by name."""

import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self, TypeVar, cast

from babel import Locale
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.caches import Cache
from app.filtering import IN_WORDS, NONE, Filters, Terms
from app.i18n.translate import N_, _
from app.kinds import (
    FORMS,
    KIND,
    ActorForm,
    CodeForm,
    LawForm,
    Name,
    NamedForm,
    OutletForm,
    PageForm,
    PlaceForm,
    RecordForm,
)
from app.kinds.vocabulary import words_of
from app.record.coverage import CoverageCheck, checks_of_edition, last_check_by_place
from app.record.editions import SelectedEdition, count_purges
from app.record.filters import CODES_BY_VOCABULARY
from app.record.models import CoverageCheckRow, RecordState, Version
from app.record.rules.containment import parents_of
from app.record.search import plain_text
from app.record.words.thesaurus import (
    Concept,
    Thesaurus,
    make_thesaurus,
)
from app.vocabulary import events as vocabulary_events
from app.vocabulary.events import TermKey
from app.vocabulary.kinds import KINDS_WITH_CODES, NAMED_KINDS, NAMED_NOUNS, NOUN_OF_KIND
from app.vocabulary.named import PageKind
from app.vocabulary.record import CONCEPT, FORMER_LISTS, PlaceKind

F = TypeVar("F", bound=Filters)

LANGUAGES = Locale("en").languages
PRECISION = {
    "day": N_("Known to the day"),
    "month": N_("Known to the month"),
    "season": N_("Known to the season"),
    "year": N_("Known to the year"),
}
OTHER_LABELS = {
    "precision": {**PRECISION, "unknown": N_("Year not known")},
    "date": {"stated": N_("Date known")},
    "has": {
        "estimate": N_("An estimate"),
        "quote": N_("A quotation"),
        "archive": N_("An archived copy"),
        "deadline": N_("A deadline"),
        "link": N_("A working link"),
        "full-text": N_("Read in full"),
        "read": N_("Read in full or in part"),
        "derived": N_("Based on another report"),
        "stock": N_("An estimate for the whole place"),
        "figures": N_("Any estimate"),
        "events": N_("An event"),
    },
}
LISTS_OF_SUBJECTS = {"type", "paper", "group", "sector", "right"}
"""Lists whose codes a search finds by any word of their label: seafood, Seafood processing."""
NOT_STATED = N_("Not stated")
NAMED_IN_WORDS = N_("Described in words only")
VOCABULARIES_WITH_WORDS = {"paper", "group", "sector", "nationality", "right", "exempt", "actor"}
LABELS_OF_NONE = {
    "stage": N_("No status reported"),
    "claim": N_("No support"),
    "disputed": N_("Not disputed"),
    "direction": N_("No direction"),
    "side": N_("No known order"),
    "date": N_("No date"),
    "has": N_("None of these"),
    "exempt": N_("No exemption stated"),
    "shown": N_("Not pictured"),
    "conflict": N_("No conflict"),
    "per": N_("Not a rate"),
    "coverage": N_("Not applicable"),
    "papers_were": N_("Not stated, or not about visas and permits"),
}


KEYS_OF_NOUN: Mapping[str, Sequence[str]] = {"outlet": ("outlet", "origin"), "page": ()}
"""The filter keys by which a named record is found, where they are others than its noun."""


def final_target(into: Mapping[str, str], name: str) -> str:
    """Follow merges from `name` to the last record; `into` maps merged names to the next one."""
    while name in into:
        name = into[name]
    return name


@dataclass(frozen=True, eq=False)
class Directory:
    """Named records by noun and code, vocabulary by `list:code`."""

    named_records: Mapping[str, Mapping[str, NamedForm]]
    codes: Mapping[str, CodeForm]
    checks: Mapping[str, CoverageCheck] = field(default_factory=dict)
    """The last coverage check by code of the place."""
    merged: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """The current code of merged named records, by noun and old code."""

    @classmethod
    def of(
        cls,
        forms: Iterable[RecordForm],
        checks: Mapping[str, CoverageCheck] | None = None,
        merged: Mapping[tuple[str, str], str] | None = None,
    ) -> Self:
        """Return the directory of these forms; those without a code are left out."""
        named: dict[str, dict[str, NamedForm]] = {noun: {} for noun in NAMED_NOUNS}
        codes = {}
        for form in forms:
            if isinstance(form, CodeForm):
                codes[form.id] = form
            elif isinstance(form, NamedForm):
                named[NOUN_OF_KIND[KIND[type(form)]]][form.code] = form
        return cls(named, codes, checks or {}, merged or {})

    def forms(self) -> Iterator[RecordForm]:
        """Yield the forms of all named records and codes."""
        for forms in self.named_records.values():
            yield from forms.values()
        yield from self.codes.values()

    @cached_property
    def places(self) -> Mapping[str, PlaceForm]:
        return cast(Mapping[str, PlaceForm], self.named_records["place"])

    @cached_property
    def actors(self) -> Mapping[str, ActorForm]:
        return cast(Mapping[str, ActorForm], self.named_records["actor"])

    @cached_property
    def laws(self) -> Mapping[str, LawForm]:
        return cast(Mapping[str, LawForm], self.named_records["law"])

    @cached_property
    def pages(self) -> Mapping[str, PageForm]:
        return cast(Mapping[str, PageForm], self.named_records["page"])

    def page_of_kind(self, kind: PageKind) -> PageForm | None:
        """Return the page that the site shows for a kind: the one with the lowest id."""
        found = [page for page in self.pages.values() if page.kind is kind]
        return min(found, key=lambda page: int(page.id[1:]), default=None)

    @cached_property
    def outlets(self) -> Mapping[str, OutletForm]:
        return cast(Mapping[str, OutletForm], self.named_records["outlet"])

    def label(self, vocabulary: str, code: str) -> str:
        """Return the label of a code, or the code itself if it is unknown in the edition."""
        if code == NONE and vocabulary != "corroboration":
            return _(LABELS_OF_NONE.get(vocabulary, NOT_STATED))
        if code == IN_WORDS and f"{vocabulary}:{code}" not in self.codes:
            return _(NAMED_IN_WORDS)
        if vocabulary in self._preferred:
            return self._preferred[vocabulary].get(code, code)
        if vocabulary == "language":
            # "Traditional Chinese", so that two Chinese names of a place are told apart.
            primary = LANGUAGES.get(code.split("-", maxsplit=1)[0], code)
            return str(LANGUAGES.get(code.replace("-", "_"), primary))
        if vocabulary == "exempt":
            key, colon, rest = code.partition(":")
            return self.label(key, rest) if colon else code
        if vocabulary == "actor_role":
            role, _colon, rest = code.partition(":")
            known = vocabulary_events.Role.by_code().get(role)
            # l10n: a filter for an actor in one role, such as "Ordered: UN"
            return _("{role}: {actor}").format(
                role=_(known.label) if known else role, actor=self.label("actor", rest)
            )
        if vocabulary in CODES_BY_VOCABULARY:
            member = CODES_BY_VOCABULARY[vocabulary].by_code().get(code)
            return _(member.label) if member else code
        if vocabulary in OTHER_LABELS:
            return _(OTHER_LABELS[vocabulary].get(code, code))
        form = self.codes.get(f"{vocabulary}:{code}")
        return form.label if form else code

    @cached_property
    def _preferred(self) -> Mapping[str, Mapping[str, str]]:
        # Cached, because long lists are sorted by these labels.
        labels = {
            noun: {code: preferred_name(form.names) for code, form in forms.items()}
            for noun, forms in self.named_records.items()
        }
        # Past editions have codes in place of these records.
        for form in self.codes.values():
            if form.list in FORMER_LISTS:
                labels[NOUN_OF_KIND[FORMER_LISTS[form.list]]].setdefault(form.code, form.label)
        return labels

    def knows(self, key: Terms, code: str) -> bool:
        """Whether a code is valid in this filter, even if no row matches."""
        if code in key.closed:
            return True
        if code == NONE or key.closed:
            return code == NONE and key.has_none
        if code == IN_WORDS:
            return key.vocabulary in VOCABULARIES_WITH_WORDS
        match key.vocabulary:
            case noun if noun in self.named_records:
                return code in self.named_records[noun] or code in self._preferred[noun]
            case "language":
                return code.split("-", maxsplit=1)[0] in LANGUAGES
            case "actor_role":
                role, _colon, rest = code.partition(":")
                return role in vocabulary_events.Role.by_code() and rest in self.actors
            case "exempt":
                name, _colon, rest = code.partition(":")
                return f"{name}:{rest}" in self.codes
        return f"{key.vocabulary}:{code}" in self.codes

    def successor(self, vocabulary: str, code: str) -> str:
        """Return the code that replaces a retired one; "" for a code in use."""
        form = self.codes.get(f"{vocabulary}:{code}")
        return form.successor if form else ""

    def retired(self, vocabulary: str) -> frozenset[str]:
        """Return the retired codes of a list."""
        return self._retired.get(vocabulary, frozenset())

    @cached_property
    def _retired(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for form in self.codes.values():
            if form.successor:
                found[form.list].add(form.code)
        return {list_: frozenset(codes) for list_, codes in found.items()}

    def now(self, vocabulary: str, code: str) -> str:
        """Return the current code of a named record, which may have been merged.

        An exempt code without its key gets it, if only one list has that code.
        """
        if vocabulary == "exempt" and ":" not in code and code not in {NONE, IN_WORDS}:
            lists = [key for key in TermKey if f"{key}:{code}" in self.codes]
            return f"{lists[0]}:{code}" if len(lists) == 1 else code
        if vocabulary == "actor_role" and ":" in code:
            role, _colon, actor = code.partition(":")
            return f"{role}:{self.merged.get(('actor', actor), actor)}"
        return self.merged.get((vocabulary, code), code)

    def led_on(self, filters: F) -> F:
        """Replace merged named records by their current codes, and complete exempt codes."""
        exempt = (*filters["exempt"], *filters.excluded.get("exempt", ()))
        has_bare = any(":" not in code for code in exempt)
        return (
            _with_codes(filters, lambda vocabulary, code: [self.now(vocabulary, code)])
            if self.merged or has_bare
            else filters
        )

    def led_back(self, filters: F) -> F:
        """Add codes of merged named records to filters, to match rows from before a merge."""
        if not self.merged:
            return filters
        return _with_codes(
            filters, lambda vocabulary, code: [code, *self._former_codes(vocabulary, code)]
        )

    def _former_codes(self, vocabulary: str, code: str) -> Sequence[str]:
        """Return the codes of the records that were merged into this one."""
        if vocabulary == "actor_role" and ":" in code:
            role, _colon, actor = code.partition(":")
            return [f"{role}:{former}" for former in self._former_codes("actor", actor)]
        return self._merged_into.get((vocabulary, code), ())

    @cached_property
    def _merged_into(self) -> Mapping[tuple[str, str], Sequence[str]]:
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for (list_, code), last in self.merged.items():
            found[list_, last].append(code)
        return found

    def names_of_place(self, code: str) -> list[tuple[str, str]]:
        """Return language and name of a place in other scripts (단둥, 丹东), one a language.

        Accents count as another script, unless the name is the English or the preferred one.
        """
        names = self.places[code].names if code in self.places else []
        heading = preferred_name(names).casefold() if names else ""
        chosen: dict[str, str] = {}
        for name in names:
            is_other = name.language not in {"", "en"} and name.text.casefold() != heading
            is_in_other_script = is_other and not name.text.isascii()
            if is_in_other_script and (name.preferred or name.language not in chosen):
                chosen[name.language] = name.text
        return list(chosen.items())

    @cached_property
    def names(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        """Map every name of a named record or code, as plain text, to its terms."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for noun, forms in self.named_records.items():
            keys = KEYS_OF_NOUN.get(noun, (noun,))
            for form in forms.values():
                symbols = getattr(form, "symbol", "").split(";")
                spelled = [*(name.text for name in form.names), *filter(None, symbols)]
                for name in dict.fromkeys(plain_text(each) for each in spelled):
                    found[name] += [(key, form.code) for key in keys]
        for code in self.codes.values():
            if code.list not in {*FORMER_LISTS, CONCEPT}:
                found[plain_text(code.label)].append((code.list, code.code))
            if code.list == TermKey.NATIONALITY:
                found[plain_text(code.label)].append(("exempt", code.id))
        return dict(found)

    @cached_property
    def thesaurus(self) -> Thesaurus:
        """The concepts of the edition, and the names of its records."""
        concepts = (
            Concept(form.code, form.label, words_of(form.definition), form.example)
            for form in self.codes.values()
            if form.list == CONCEPT and not form.successor
        )
        named = (
            ((key, form.code), [name.text for name in form.names])
            for noun, forms in self.named_records.items()
            for form in forms.values()
            for key in KEYS_OF_NOUN.get(noun, (noun,))
        )
        people = (
            (term, [form.label])
            for form in self.codes.values()
            if form.list == TermKey.NATIONALITY
            for term in ((form.list, form.code), ("exempt", form.id))
        )
        labels = (
            ((form.list, form.code), form.label)
            for form in self.codes.values()
            if form.list in LISTS_OF_SUBJECTS and not form.successor
        )
        return make_thesaurus(concepts, [*named, *people], labels)

    def named(self, words: str) -> Sequence[tuple[str, str]]:
        return self.names.get(plain_text(words), ())

    @cached_property
    def children(self) -> Mapping[str, Sequence[str]]:
        """Codes of places by their parent, sorted by label."""
        found: dict[str, list[str]] = defaultdict(list)
        for place in self.places.values():
            found[place.parent].append(place.code)
        return {
            parent: sorted(codes, key=lambda code: self.label("place", code))
            for parent, codes in found.items()
        }

    @cached_property
    def regions(self) -> Sequence[str]:
        """Codes of regions, which cross the borders of other places."""
        return [code for code, place in self.places.items() if place.kind is PlaceKind.REGION]

    def with_ancestors(self, noun: str, code: str) -> list[str]:
        """Return the code of a named record and of those above it, nearest first."""
        forms, found = self.named_records[noun], []
        while code in forms and code not in found:
            found.append(code)
            code = getattr(forms[code], "parent", "")
        return found

    def directly_under(self, noun: str, code: str) -> list[str]:
        """Return the codes of the named records whose parent it is, sorted by label."""
        forms = self.named_records[noun]
        under = [each for each in forms if getattr(forms[each], "parent", "") == code]
        return sorted(under, key=lambda each: self.label(noun, each))

    def is_home_of(self, place: str, nationalities: Sequence[str]) -> bool:
        """Whether a place is the country of people of these nationalities, or within it."""
        codes = (place, *parents_of(place, self.places))
        return any(self.places[code].country.lower() in nationalities for code in codes)

    def kind_of_place(self, code: str) -> PlaceKind | None:
        return self.places[code].kind if code in self.places else None


def _with_codes(filters: F, codes_for: Callable[[str, str], Iterable[str]]) -> F:
    """Return filters with each code replaced by the codes of `instead(vocabulary, code)`."""
    vocabularies = {key.key: key.vocabulary for key in filters.terms()}

    def written(side: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        return {
            key: [
                meant
                for code in codes
                for meant in (codes_for(vocabularies[key], code) if key in vocabularies else [code])
            ]
            for key, codes in side.items()
        }

    return filters.made_of(written(filters.included), written(filters.excluded))


def preferred_name(names: Sequence[Name]) -> str:
    """Return the preferred English name, or any English name, or the preferred or first name.

    A preferred name in another language comes before an English name that is not preferred.
    """
    english = [name for name in names if name.language == "en"]
    for some in (english, list(names)):
        for name in some:
            if name.preferred:
                return name.text
    return (english or list(names))[0].text


WITH_ARTICLE = re.compile(
    r"(United|European Union|Middle East|Gulf|Russian Far East|Philippines|Netherlands)\b"
)
"""Beginnings of English names of places that have an article in a sentence."""


def in_sentence(place: str) -> str:
    """Return the label of a place for use within a sentence: "the United States"."""
    return f"the {place}" if WITH_ARTICLE.match(place) else place


def read_directory(db: Session, edition: SelectedEdition) -> Directory:
    """Read the directory of an edition; two statements."""
    rows = db.execute(
        select(Version.id, Version.kind, Version.state, Version.payload).where(
            Version.kind.in_(KINDS_WITH_CODES),
            edition.holds(),
            Version.state.in_((RecordState.LIVE, RecordState.MERGED)),
        )
    ).all()
    live = [(row.kind, row.payload["form"]) for row in rows if row.state == RecordState.LIVE]
    return Directory.of(
        (FORMS[kind].model_validate(form) for kind, form in live),
        last_check_by_place(checks_of_edition(db, edition)),
        _current_codes(rows),
    )


def _current_codes(rows: Sequence[Any]) -> dict[tuple[str, str], str]:
    codes = {row.id: row.payload["form"]["code"] for row in rows if row.kind in NAMED_KINDS}
    into = {row.id: row.payload["into"] for row in rows if row.state == RecordState.MERGED}
    current = {}
    for row in rows:
        last = final_target(into, row.id)
        # The last one may have been withdrawn or purged since.
        if last != row.id and row.kind in NAMED_KINDS and last in codes:
            current[NOUN_OF_KIND[row.kind].value, codes[row.id]] = codes[last]
    return current


class Directories:
    """Cache of the directories of a few editions, one a worker.

    Editions with equal names share one directory, so that cached HTML stays valid in the next
    edition. Only a purge changes the directory of a past edition.
    """

    def __init__(self) -> None:
        self.kept: Cache[Directory] = Cache("directories")
        self.purges = 0
        """Number of purges at the time when the cache was filled."""
        self.reading = threading.RLock()

    def of(self, db: Session, edition: SelectedEdition) -> Directory:
        if (directory := self.kept.kept(edition.no)) is not None:
            return directory
        # One thread reads; the others wait for its result instead of reading in parallel.
        with self.reading:
            return self.kept.kept(edition.no) or self._of(db, edition)

    def _of(self, db: Session, edition: SelectedEdition) -> Directory:
        purges = count_purges(db)
        self.forget(purges)
        cached = min(self.kept.items(), key=lambda each: abs(each[0] - edition.no), default=None)
        if cached is not None and not names_changed(db, *sorted((cached[0], edition.no))):
            directory_of_edition = cached[1]
        else:
            directory_of_edition = read_directory(db, edition)
        # A directory that was read before a purge may contain the removed name: do not cache it.
        if purges == self.purges:
            self.kept.store(edition.no, directory_of_edition)
        return directory_of_edition

    def forget(self, purges: int) -> None:
        """Clear the cache if it is older than the latest purge, which may have removed a name."""
        with self.reading:
            if purges > self.purges:
                self.kept.clear()
                self.purges = purges


def names_changed(db: Session, first: int, last: int) -> bool:
    """Whether named records, codes or coverage checks may differ between two editions."""
    rows = select(Version.seq).where(
        Version.opened.between(first + 1, last), Version.kind.in_(KINDS_WITH_CODES)
    )
    editions = CoverageCheckRow.opened, CoverageCheckRow.closed
    checks = select(CoverageCheckRow.no).where(
        or_(*(each.between(first + 1, last) for each in editions))
    )
    return bool(db.scalar(select(or_(rows.exists(), checks.exists()))))
