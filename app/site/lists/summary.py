"""The filter of a list in words: title, summary, chips, notices, and what each word finds."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from app.dates import edtf
from app.dates import wording as dates_wording
from app.filtering import (
    NONE,
    Choice,
    DroppedParameter,
    Filter,
    Filters,
    Terms,
    Words,
    is_arrangement,
)
from app.i18n.formats import alternatives, enumerate_words
from app.i18n.translate import _, ngettext
from app.kinds import FORMS
from app.record import search
from app.record.filters import (
    EstimateFilters,
    EventFilters,
    ListFilters,
    SourceFilters,
)
from app.record.index.edition import IndexedEdition
from app.record.index.matching import ListCounts
from app.record.names.directory import Directory
from app.record.reads.lexicon import lexicon_of
from app.record.words.query import MAX_UNITS, PartKind, QueryPart, is_too_common, parse
from app.site.components.text import insert, link, strong
from app.site.components.urls import PageLink, address
from app.vocabulary.estimates import Counts as Counted
from app.vocabulary.estimates import Rivalry
from app.vocabulary.support import Corroboration

F = TypeVar("F", bound=Filters)


@dataclass(frozen=True)
class Chip:
    label: str
    address: str
    is_excluded: bool = False


def chips(
    filters: F,
    directory: Directory,
    address_of: Callable[[F], str],
    but: Sequence[str] = (),
) -> list[Chip]:
    """Return a chip for each part of the filter except the keys in `but`; its link removes it."""
    found = []
    for key in filters.FILTERS:
        if key.key in but or is_arrangement(key):
            continue
        found += [
            Chip(_chip_label(key, value, directory), address_of(filters.without(key.key, value)))
            for value in filters[key.key]
        ]
        for value in filters.excluded.get(key.key, ()):
            assert isinstance(key, Terms)
            # l10n: a filter that excludes a value
            label = _("{key}: not {value}").format(
                key=_(key.title), value=directory.label(key.vocabulary, value)
            )
            found.append(
                Chip(
                    label,
                    address_of(filters.without(key.key, value, excluded=True)),
                    is_excluded=True,
                )
            )
    return found


def _chip_label(key: Filter, value: str, directory: Directory) -> str:
    if isinstance(key, Choice):
        return _(key.choices[value])
    if isinstance(key, Terms):
        # l10n: a filter and its value
        label = _("{key}: {value}").format(
            key=_(key.title), value=directory.label(key.vocabulary, value)
        )
        is_place = key.key == "place" and value in directory.places
        return _("{place} with places within it").format(place=label) if is_place else label
    if isinstance(key, Words):
        return _("{key}: {value}").format(key=_(key.title), value=value)
    words = (
        dates_wording.in_words(value)
        if edtf.parse_or_none(value)
        else _("edition {number}").format(number=value)
    )
    return f"{_(key.title)} {words}"


def title(filters: ListFilters, directory: Directory) -> str:
    """Return the title of a list page: searched words, places and period."""
    heading, words = _(FORMS[filters.KIND].WORDS.title), filters.one("q")
    parts = [f"“{words}”"] if words else []
    if filters["place"]:
        parts.append(_labels_as_alternatives("place", filters["place"], directory))
    if period := period_in_words(*_ends(filters)):
        parts.append(period)
    if not parts:
        return heading
    return _("{list}: {filters}").format(list=heading, filters=enumerate_words(parts))


ISO_DAY_LENGTH = len("2019-04-27")


def _ends(filters: ListFilters) -> list[str]:
    return [filters.one(key) for key in filters.PERIODS[0]]


def period_in_words(first: str, last: str) -> str:
    """Return the words for the period of a filter, whose ends are included and may be empty."""
    first_words, last_words = (dates_wording.in_words(text) for text in (first, last))
    if first == last:
        return first_words
    if first and last:
        # l10n: the two ends of a period, such as "March 2019 to May 2020"
        return _("{first} to {last}").format(first=first_words, last=last_words)
    if first:
        # l10n: a period without an end, such as "since January 2024"
        return _("since {first}").format(first=first_words)
    if len(last) < ISO_DAY_LENGTH:
        # l10n: a period without a beginning that ends with a year or month
        return _("until the end of {last}").format(last=last_words)
    # l10n: a period without a beginning that ends with a day
    return _("until {last}").format(last=last_words)


def sentence(filters: ListFilters, counted: ListCounts, directory: Directory) -> Markup:
    """Return the summary of a list."""
    but = ("q", *filters.PERIODS[0], "match", "place")
    conditions = [
        *_place_in_words(filters, directory),
        *_period_in_words(filters),
        *_words_in_words(filters),
        *(chip.label for chip in chips(filters, directory, address, but=but)),
    ]
    found = strong(count_in_words(filters.KIND, counted.total))
    if not conditions:
        return found + "."
    return Markup("{}: {}.").format(found, Markup("; ").join(conditions))


def aside(filters: ListFilters, counted: ListCounts) -> Markup:
    """Return the end of the summary, whose counts link to the rows that they count."""
    parts = ASIDES[filters.KIND](filters, counted) if counted.total else ()
    return Markup(" ").join(parts)


def _place_in_words(filters: ListFilters, directory: Directory) -> Iterator[Markup]:
    for message, codes in (
        # l10n: conditions of a filter, in a list after the number of results
        (_("in {places}"), filters["place"]),
        (_("not in {places}"), filters.excluded.get("place", ())),
    ):
        if codes:
            labels = _labels_as_alternatives("place", codes, directory)
            yield insert(message, places=strong(labels))


def _period_in_words(filters: ListFilters) -> Iterator[Markup]:
    if not (period := period_in_words(*_ends(filters))):
        return
    # l10n: a condition such as "possibly 2019 to 2021"
    message = _("possibly {period}")
    if filters["match"] == ("certain",):
        # l10n: a condition such as "definitely since January 2024"
        message = _("definitely {period}")
    yield insert(message, period=strong(period))


def _words_in_words(filters: ListFilters) -> Iterator[Markup]:
    if words := filters.one("q"):
        yield insert(_("with “{words}”"), words=strong(words))


def _counted(
    filters: ListFilters, counted: ListCounts, key: str, code: str, message: str
) -> Markup:
    """Return a message with the number of rows with a code, linked to the list of them."""
    return _linked(message, counted.having(key, code), filters.with_(**{key: code}))


def _linked(message: str, count: int, filters: ListFilters) -> Markup:
    words = f"{count:,}"
    return insert(
        message, count=link(words, address(filters), is_followed=False) if count else words
    )


def _support_and_disputes(filters: ListFilters, counted: ListCounts) -> Iterator[Markup]:
    for level, message in (
        # l10n: the number of events in the list with this level of support
        (Corroboration.SINGLE_ANONYMOUS, _("One report, source not named: {count}.")),
        (Corroboration.INDEPENDENT, _("Independent sources: {count}.")),
        (Corroboration.DOCUMENTED, _("Official document: {count}.")),
    ):
        yield _counted(filters, counted, "corroboration", level, message)
    disputed = counted.total - counted.having("disputed", NONE)
    excluded = {**filters.excluded, "disputed": (NONE,)}
    # l10n: the number of events in the list that are disputed
    yield _linked(_("Disputed: {count}."), disputed, filters.made_of(filters.included, excluded))


def _kinds_and_conflicts(filters: ListFilters, counted: ListCounts) -> Iterator[Markup]:
    # l10n: the number of estimates in the list of people present
    yield _counted(filters, counted, "counts", Counted.PRESENT, _("People present: {count}."))
    yield _counted(filters, counted, "conflict", Rivalry.CONFLICTS, _("In conflict: {count}."))
    yield escape(_("Estimates of different kinds are never added up."))


def _how_far_read(filters: ListFilters, counted: ListCounts) -> Iterator[Markup]:
    read, in_full = (
        link(
            f"{counted.having('has', code):,}", address(filters.with_(has=code)), is_followed=False
        )
        for code in ("read", "full-text")
    )
    # l10n: how many of the sources of a list
    message = _("We read {read} of them, {in_full} in full.")
    yield insert(message, read=read, in_full=in_full)


def count_in_words(kind: str, count: int) -> str:
    return ngettext(*FORMS[kind].WORDS.counted, count)


ASIDES: dict[str, Callable[[ListFilters, ListCounts], Iterator[Markup]]] = {
    EventFilters.KIND: _support_and_disputes,
    EstimateFilters.KIND: _kinds_and_conflicts,
    SourceFilters.KIND: _how_far_read,
}


def _labels_as_alternatives(vocabulary: str, codes: Sequence[str], directory: Directory) -> str:
    return alternatives(directory.label(vocabulary, code) for code in codes)


def notices(
    filters: Filters, dropped: Sequence[DroppedParameter], directory: Directory
) -> list[str]:
    """Return messages on invalid, unknown and retired parts of the query."""
    found = [
        _("“{key}={value}” was ignored: {reason}.").format(
            key=_shortened(item.key),
            value=_shortened(item.value),
            reason=_as_clause(_(item.reason)),
        )
        for item in dropped[:MAX_NOTICES]
    ]
    if (more := len(dropped) - MAX_NOTICES) > 0:
        found.append(
            ngettext(
                "{count} more part of the address was ignored.",
                "{count} more parts of the address were ignored.",
                more,
            )
        )
    for _key, typed in _texts(filters):
        query = parse(typed, directory)
        if not search.parse_query(typed):
            message = _("“{words}” has no searchable word and was ignored.")
            found.append(message.format(words=_shortened(typed)))
        if is_too_common(query):
            found.append(too_common(typed))
        if query.is_cut:
            message = _("“{words}” has more than {most} words. Only the first ones were searched.")
            found.append(message.format(words=_shortened(typed), most=MAX_UNITS))
    for key, value in unknown_codes(filters, directory):
        message = _("“{key}: {value}” is not in this edition, so nothing matches.")
        found.append(message.format(key=_(key.title), value=value))
    for key in filters.terms():
        for code in (*filters[key.key], *filters.excluded.get(key.key, ())):
            if successor := directory.successor(key.vocabulary, code):
                message = _("“{old}” was replaced by “{new}”. These are the results for “{new}”.")
                labels = (directory.label(key.vocabulary, each) for each in (code, successor))
                found.append(message.format(**dict(zip(("old", "new"), labels, strict=True))))
    return found


MAX_NOTICES = 5


def _texts(filters: Filters) -> list[tuple[str, str]]:
    """Return the keys that are searched for words, with the words."""
    return [
        (key.key, typed)
        for key in filters.FILTERS
        if isinstance(key, Words) and (typed := filters.one(key.key))
    ]


def too_long(filters: Filters, directory: Directory) -> list[str]:
    """Return the keys of searches that have too many words."""
    return [key for key, typed in _texts(filters) if parse(typed, directory).is_cut]


def too_common(words: str) -> str:
    """Return what to type instead of words that nearly every text has."""
    return _(
        "“{words}” is in nearly every text. Try a name, a topic, a number or an ID, such as "
        "“Dandong”, “unpaid wages”, “2397” or “E57”."
    ).format(words=_shortened(words))


def unknown_codes(filters: Filters, directory: Directory) -> list[tuple[Terms, str]]:
    """Return well-formed codes that do not exist in this edition."""
    return [
        (key, value)
        for key in filters.terms()
        for value in (*filters[key.key], *filters.excluded.get(key.key, ()))
        if not directory.knows(key, value)
    ]


def _as_clause(reason: str) -> str:
    """Add "it" to reasons without a subject, such as "is not a code"."""
    return f"it {reason}" if reason.startswith(("is ", "was ")) else reason


def _shortened(value: str) -> str:
    printable = " ".join(
        "".join(letter if letter.isprintable() else " " for letter in value).split()
    )
    return printable if len(printable) <= 40 else printable[:39] + "…"


MAX_NEAREST = 3
MAX_WORDS = 8
"""Words of a list that are searched one by one: each costs a statement."""


class WordResult(NamedTuple):
    """What one part of a query finds."""

    part: QueryPart
    found: Sequence[PageLink]
    """Numbers of records of each list that have it, linked to the list."""
    nearest: Sequence[PageLink]
    """Words of the record with nearly the same letters, if it finds nothing."""
    in_list: int = 0
    """Of the words of a list: how many of its records have it, under the other filters."""


def nearest_words(
    db: Session, edition: IndexedEdition, directory: Directory, part: QueryPart
) -> Sequence[str]:
    """Return the words to offer instead of a part that finds nothing."""
    if part.kind is not PartKind.WORD:
        return ()
    return lexicon_of(db, edition, directory).nearest(part.words, MAX_NEAREST)
