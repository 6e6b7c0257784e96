"""What a reader asked for, in words: the title, the sentence over a list, chips, and what could not be understood."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from app import dates
from app.filtering import NONE, Choice, Dropped, Filter, Terms, Words, is_arrangement
from app.language import _, day_in_words, ngettext
from app.record import queries
from app.record.directory import Directory
from app.record.filters import EventFilters
from app.record.queries import Counts
from app.site.addresses import address
from app.vocabulary import Corroboration


@dataclass(frozen=True)
class Part:
    """A piece of the sentence; with an address it is a link."""

    text: str
    address: str = ""
    is_strong: bool = False
    is_aside: bool = False


@dataclass(frozen=True)
class Chip:
    label: str
    address: str
    is_excluded: bool = False


def title(filters: EventFilters, directory: Directory) -> str:
    """The page's title: words, places and window, since those tell one view from another."""
    question, first, last = filters.one("q"), filters.one("from"), filters.one("to")
    parts = [f"“{question}”"] if question else []
    if filters["place"]:
        parts.append(_("in {places}").format(places=_one_of("place", filters["place"], directory)))
    if first or last:
        bounds = [dates.words(dates.parse(text)) for text in dict.fromkeys((first, last)) if text]
        parts.append(_(" to ").join(bounds))
    return _("Events {filter}").format(filter=", ".join(parts)).strip()


def sentence(filters: EventFilters, counted: Counts, directory: Directory) -> list[Part]:
    """The filter and what it finds, as one would say it; counts are links to what they count."""
    total = counted.total
    parts = [
        Part(ngettext("{count} event", "{count} events", total) if total else _("No event on record"), is_strong=True)
    ]
    window = queries.window_of(filters)
    if window != dates.Days():
        is_certain = filters.one("match") == "certain"
        parts.append(Part(_(" that must have happened") if is_certain else _(" that could have happened")))
    if filters["place"]:
        parts += [Part(_(" in ")), Part(_one_of("place", filters["place"], directory), is_strong=True)]
    if filters.excluded.get("place"):
        parts += [Part(_(", not in ")), Part(_one_of("place", filters.excluded["place"], directory), is_strong=True)]
    if window.first and window.last:
        first, last = day(window.first, with_year=window.first.year != window.last.year), day(window.last)
        parts += [Part(_(" between ")), Part(first, is_strong=True), Part(_(" and ")), Part(last, is_strong=True)]
    elif window.first:
        parts += [Part(_(" on or after ")), Part(day(window.first), is_strong=True)]
    elif window.last:
        parts += [Part(_(" on or before ")), Part(day(window.last), is_strong=True)]
    if filters.one("q"):
        parts += [Part(_(" with ")), Part(f"“{filters.one('q')}”", is_strong=True)]
    rest = [chip.label for chip in chips(filters, directory, but=("q", "from", "to", "match", "place"))]
    if rest:
        parts.append(Part("; " + "; ".join(rest)))
    parts.append(Part(". "))
    aside = _weak_and_disputed(filters, counted) if total else []
    return parts + [replace(part, is_aside=True) for part in aside]


def in_words(filters: EventFilters, counted: Counts, directory: Directory) -> str:
    """The sentence as plain text, for files."""
    return "".join(part.text for part in sentence(filters, counted, directory)).replace("\u00a0", " ").strip()


def _weak_and_disputed(filters: EventFilters, counted: Counts) -> list[Part]:
    """How many are weak, how many strong, how many disputed: each count leads to those."""
    support = counted.within.get("corroboration", {})
    disputed = counted.total - counted.within.get("disputed", {}).get(NONE, 0)
    without = EventFilters.made_of(filters.included, {**filters.excluded, "disputed": (NONE,)})

    def counts(code: Corroboration) -> Part:
        count = support.get(code, 0)
        return Part(f"{count:,}", address(filters.with_(corroboration=code)) if count else "")

    anonymous = support.get(Corroboration.SINGLE_ANONYMOUS, 0)
    return [
        counts(Corroboration.SINGLE_ANONYMOUS),
        Part(ngettext(" rests on one anonymous source, ", " rest on one anonymous source, ", anonymous)),
        counts(Corroboration.INDEPENDENT),
        Part(_(" on several independent ones, ")),
        counts(Corroboration.DOCUMENTED),
        Part(_(" on a document; ")),
        Part(f"{disputed:,}", address(without) if disputed else ""),
        Part(ngettext(" is disputed.", " are disputed.", disputed)),
    ]


def _one_of(vocabulary: str, codes: Sequence[str], directory: Directory) -> str:
    return _(" or ").join(directory.label(vocabulary, code) for code in codes)


def chips(filters: EventFilters, directory: Directory, but: Sequence[str] = ()) -> list[Chip]:
    """One chip for each part of the filter; following it takes that part away."""
    found = []
    for key in EventFilters.FILTERS:
        if key.key in but or is_arrangement(key):
            continue
        found += [
            Chip(_chip_label(key, value, directory), address(filters.without(key.key, value)))
            for value in filters[key.key]
        ]
        for value in filters.excluded.get(key.key, ()):
            assert isinstance(key, Terms)
            label = _("{key}: not {value}").format(key=_(key.title), value=directory.label(key.vocabulary, value))
            found.append(Chip(label, address(filters.without(key.key, value, excluded=True)), is_excluded=True))
    return found


def _chip_label(key: Filter, value: str, directory: Directory) -> str:
    if isinstance(key, Choice):
        return _(key.choices[value])
    if isinstance(key, Terms):
        label = _("{key}: {value}").format(key=_(key.title), value=directory.label(key.vocabulary, value))
        is_place = key.key == "place" and value in directory.places
        return _("{place} and everything inside it").format(place=label) if is_place else label
    if isinstance(key, Words):
        return _("{key}: {value}").format(key=_(key.title), value=value)
    words = dates.words(dates.parse(value)) if _is_date(value) else _("edition {number}").format(number=value)
    return f"{_(key.title)} {words}"


def _is_date(value: str) -> bool:
    try:
        dates.parse(value)
    except dates.BadDate:
        return False
    return True


def notices(filters: EventFilters, dropped: Sequence[Dropped], directory: Directory) -> list[str]:
    """What the address asks for that this edition does not know, and what could not be understood at all."""
    found = [
        _("“{key}={value}” is left out: {reason}.").format(
            key=_short(item.key), value=_short(item.value), reason=_as_clause(_(item.reason))
        )
        for item in dropped[:MOST_NOTICES]
    ]
    if more := len(dropped) - MOST_NOTICES if len(dropped) > MOST_NOTICES else 0:
        found.append(
            ngettext(
                "{count} more part of the address could not be understood.",
                "{count} more parts of the address could not be understood.",
                more,
            )
        )
    for key, value in unknown_codes(filters, directory):
        told = _("There is no “{value}” under {key} in this edition; nothing answers to it.")
        found.append(told.format(value=value, key=_(key.title).lower()))
    return found


MOST_NOTICES = 5


def unknown_codes(filters: EventFilters, directory: Directory) -> list[tuple[Terms, str]]:
    """Codes that are well formed but that the edition has no name for."""
    return [
        (key, value)
        for key in EventFilters.terms()
        for value in (*filters[key.key], *filters.excluded.get(key.key, ()))
        if not directory.knows(key, value)
    ]


def _as_clause(reason: str) -> str:
    """Reasons are told of a value, as "is not a code", or name it themselves, as "13 is not a month"."""
    return f"it {reason}" if reason.startswith(("is ", "was ")) else reason


def _short(value: str) -> str:
    tidy = " ".join("".join(letter if letter.isprintable() else " " for letter in value).split())
    return tidy if len(tidy) <= 40 else tidy[:39] + "…"


def day(of: date, with_year: bool = True) -> str:
    """A day in words, which does not break across lines."""
    return day_in_words(of, "d MMMM y" if with_year else "d MMMM").replace(" ", "\u00a0")
