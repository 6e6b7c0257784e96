"""Places, outlets, codes of the codebook and help sections, found by their names and texts."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from markupsafe import Markup

from app.caches import Cache
from app.i18n.translate import N_, _
from app.kinds.named import Article
from app.record.names.directory import Directory
from app.record.search import SearchUnit, plain_text, split_scripts, whole_words
from app.record.terms import TermPair
from app.record.words.query import PartKind, Query, parse
from app.record.words.stems import stems
from app.site.codebook import EVERY_LIST, rules
from app.site.presenters.page import NamedView, named_view
from app.vocabulary.kinds import NAMED_LISTS, RecordNoun
from app.web.urls import url

# Sections of the help ---------------------------------------------------------------------------


PAGES = {
    "codebook": N_("Codebook"),
    "about": N_("About and coverage"),
    "privacy": N_("Privacy"),
    "accessibility": N_("Accessibility"),
    "data": N_("Data"),
    "api": N_("API"),
    "tell": N_("Message to the editors"),
}
"""Name of the URL, and title."""


def _lines(text: Markup) -> str:
    """Return the words of a text, a line for each point, paragraph and cell."""
    parts = [Markup(part) for part in re.split(r"</(?:li|p|t[dh])>", text)]  # noqa: S704 - escaped
    return "\n".join(filter(None, (part.striptags() for part in parts)))


# Entries ----------------------------------------------------------------------------------------


EXACT, WHOLE_NAME, IN_NAME, IN_TEXT = 6.0, 1.5, 0.5, 0.02
"""Scores: the query is a name; a part of the query is; its words are in a name; in the text."""
PARTLY = 0.4
"""Share of the score of an entry with a part of the query: records with more of it come first."""
EQUIVALENT = 0.7
"""Share of the score for an equivalent of the word typed."""
MAX_TEXT_CHARACTERS = 4_000


@dataclass(frozen=True)
class SearchEntry:
    """Something with a name that is no row of a list."""

    kind: str
    """Key of the group of results: `places`, `outlets`, `codebook`, `help`."""
    code: str
    label: str
    kick: str
    """What it is: a kind of place, a list of codes, a page."""
    address: str
    names: Sequence[str]
    text: str = ""
    """An article or a point of a rule in each line."""

    @property
    def term(self) -> TermPair | None:
        """The term of records that name it."""
        noun = NAMED_LISTS.get(self.kind)
        return (noun.value, self.code) if noun else None


class FoundEntry(NamedTuple):
    entry: SearchEntry
    score: float
    parts: Sequence[int]
    """The parts of the query that are in its name."""
    has_all: bool
    """Whether it has all parts of the query, in its name or text."""


@dataclass(frozen=True)
class UnitForms:
    """What a unit of a query is compared by."""

    plain: str
    runs: Sequence[str]
    """Chinese, Japanese and Korean parts."""
    stems: tuple[str, ...]
    literal: str = ""
    """Regular expression of words that are found as written; empty for others."""


def _forms_of(unit: SearchUnit) -> UnitForms:
    return UnitForms(
        plain_text(unit.words),
        split_scripts(unit.words)[0],
        stems(unit.words),
        whole_words(unit.words) if unit.is_literal else "",
    )


@dataclass(frozen=True)
class Entries:
    """All entries of an edition, with the stems of their names and texts."""

    all: Sequence[SearchEntry]
    stems: dict[str, tuple[str, ...]]
    plain_of: dict[str, str]
    """Each name and text, normalized once: a query compares it with every equivalent."""
    by_stem: dict[str, set[int]] = field(default_factory=dict)

    def find(self, query: Query) -> list[FoundEntry]:
        """Return the entries that have the words of a query, best first.

        A name may have one part of the query; a text has all of them.
        """
        parts = [(at, part) for at, part in enumerate(query.parts) if not part.is_excluded]
        whole = plain_text(" ".join(part.words for _at, part in parts))
        scores: dict[int, dict[int, float]] = defaultdict(lambda: dict.fromkeys(dict(parts), 0.0))
        for at, part in parts:
            for position, unit in enumerate(part.units):
                form = _forms_of(unit)
                share = EQUIVALENT if position else 1.0
                for number in self._holders(form):
                    score = share * self._score(self.all[number], form)
                    scores[number][at] = max(scores[number][at], score)
        found = []
        for number, each in scores.items():
            entry, has_all = self.all[number], all(each.values())
            in_name = [at for at, score in each.items() if score >= IN_NAME * EQUIVALENT]
            # "The state" alone is not the United States.
            is_named = any(
                each[at] >= WHOLE_NAME * EQUIVALENT
                or (query.parts[at].kind is PartKind.NAME and entry.kind not in EXPLANATIONS)
                for at in in_name
            )
            if not (has_all or is_named):
                continue
            names = {self.plain_of[name] for name in entry.names}
            share = sum(1 for score in each.values() if score) / len(each)
            score = EXACT if whole in names else share**2 * (1 + max(each.values()))
            score *= 1.0 if has_all else PARTLY
            found.append(FoundEntry(entry, score, in_name, has_all))
        # The directory's order depends on how it was read: two equal hits need one of their own.
        return sorted(found, key=lambda e: (-e.score, len(e.entry.label), e.entry.code))

    def _holders(self, form: UnitForms) -> set[int]:
        """Return the entries that may have a unit."""
        sets = [self.by_stem.get(word, set()) for word in form.stems]
        sets += [{no for no, plain in enumerate(self.plain) if run in plain} for run in form.runs]
        return set.intersection(*sets) if sets else self.by_name.get(form.plain, set())

    @cached_property
    def by_name(self) -> Mapping[str, set[int]]:
        found: dict[str, set[int]] = defaultdict(set)
        for number, entry in enumerate(self.all):
            for name in entry.names:
                found[self.plain_of[name]].add(number)
        return found

    @cached_property
    def plain(self) -> Sequence[str]:
        """The normalized names of each entry, for Chinese, Japanese and Korean words."""
        return [plain_text(" \n ".join((*entry.names, entry.text))) for entry in self.all]

    def _score(self, entry: SearchEntry, form: UnitForms) -> float:
        if any(self._is_name(name, form) for name in entry.names):
            return WHOLE_NAME
        if any(self._has(name, form) for name in entry.names):
            return IN_NAME
        return IN_TEXT if entry.text and self._has(entry.text, form) else 0.0

    def _is_name(self, name: str, form: UnitForms) -> bool:
        return self.plain_of[name] == form.plain or (
            bool(form.stems) and not form.literal and self.stems[name] == form.stems
        )

    def _has(self, text: str, form: UnitForms) -> bool:
        if not form.runs and not form.stems:
            return False
        there, size = self.stems[text], len(form.stems)
        is_there = not size or any(
            there[at : at + size] == form.stems for at in range(len(there) - size + 1)
        )
        plain = self.plain_of[text]
        if form.literal and not re.search(form.literal, plain):
            return False
        return is_there and all(run in plain for run in form.runs)


ENTRIES: Cache[Entries] = Cache("directories")


def entries_of(directory: Directory) -> Entries:
    """Return the entries of an edition; read once for each directory."""
    return ENTRIES.of(directory, lambda: _read_entries(directory))


def prepare_search(directory: Directory) -> None:
    """Make what all searches of an edition share, so that the first reader does not wait for it."""
    entries_of(directory)
    assert directory.thesaurus is not None


def _read_entries(directory: Directory) -> Entries:
    all_ = list(_all_entries(directory))
    texts = {text for entry in all_ for text in (*entry.names, entry.text) if text}
    forms = {text: stems(text) for text in texts}
    by_stem: dict[str, set[int]] = defaultdict(set)
    for number, entry in enumerate(all_):
        for text in (*entry.names, *([entry.text] if entry.text else [])):
            for each in forms[text]:
                by_stem[each].add(number)
    return Entries(all_, forms, {text: plain_text(text) for text in texts}, dict(by_stem))


def _all_entries(directory: Directory) -> Iterator[SearchEntry]:
    for noun, forms in directory.named_records.items():
        entry = named_view(RecordNoun(noun))
        for code in forms:
            yield _named_entry(entry(code, directory))
    yield from _codes(directory)
    for rule in rules():
        title, at = rule.title[:1].upper() + rule.title[1:], f"{url('rules')}#{rule.anchor}"
        text = _lines(rule.text)[:MAX_TEXT_CHARACTERS]
        yield SearchEntry("help", at, title, _("Rules"), at, [title], text)
    for name, title in PAGES.items():
        at, label = url(name), _(title)
        yield SearchEntry("help", at, label, label, at, [label])


def of_kind(found: Sequence[FoundEntry], kind: str) -> list[FoundEntry]:
    """Return the entries of a kind with all parts of the query; if none has, those with some."""
    those = [each for each in found if each.entry.kind == kind]
    return [each for each in those if each.has_all] or those


def codes_named(words: str, kind: str, directory: Directory) -> frozenset[str]:
    """Return the codes of what a search for these words finds of a kind of named records."""
    query = parse(words, directory)
    return (
        frozenset(each.entry.code for each in of_kind(entries_of(directory).find(query), kind))
        if query.parts
        else frozenset()
    )


EXPLANATIONS = {"codebook", "help"}
GROUP_OF_NOUN = {noun.value: name for name, noun in NAMED_LISTS.items()}
"""The group of results of each noun of records with names."""


def _named_entry(view: NamedView) -> SearchEntry:
    return SearchEntry(
        GROUP_OF_NOUN[view.noun],
        view.code,
        view.label,
        view.where,
        view.address,
        list(filter(None, view.all_names)),
        "\n".join((*_articles(view.form), getattr(view.form, "remark", ""))).strip(),
    )


def _articles(form: Any) -> Iterator[str]:
    """Yield the longest English title of a law, or its symbol, and what its articles say."""
    if hasattr(form, "articles"):
        english = [name.text for name in form.names[1:] if name.language in {"", "en"}]
        if title := max(english, key=len, default=form.symbol):
            yield f"{title}."
        yield from map(article_in_words, form.articles)


def article_in_words(article: Article) -> str:
    number = article.number[:1].upper() + article.number[1:]
    return _("{article}: {says}").format(article=number, says=article.says)


OF_SUBJECTS = {"type", "paper", "group", "sector", "right", "nationality", "instrument"}
"""Lists of what the record is about. Others describe sources, dates and our own work."""


def _codes(directory: Directory) -> Iterator[SearchEntry]:
    titles = {listed.key: listed.title for listed in EVERY_LIST}
    for form in directory.codes.values():
        if form.list in OF_SUBJECTS and not form.successor:
            yield SearchEntry(
                "codebook",
                form.id,
                form.label,
                _(titles[form.list]),
                f"{url('codebook-list', list=form.list)}#{form.list}-{form.code}",
                [form.label],
                # An example is no finding: "SIM cards are blocked" is in no report.
                form.definition,
            )
