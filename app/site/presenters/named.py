"""Places, outlets, actors and laws as lists show them: by their names, and where they belong."""

from collections.abc import Sequence
from typing import Any

from babel import Locale

from app.dates.wording import in_words
from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.record.names.directory import Directory
from app.record.rules.containment import parents_of, place_and_ancestors
from app.site.components.links import short_names
from app.site.components.urls import place_page_address
from app.vocabulary.kinds import RecordNoun
from app.vocabulary.record import PlaceKind
from app.web.urls import url

COUNTRIES = Locale("en").territories


def kind_label(form: Any) -> str:
    """Return the label of a record's kind; empty if its noun has no kinds."""
    return _(form.kind.label) if hasattr(form, "kind") else ""


class NamedView:
    """A record with names. The keys of `app/record/filters.py` read its codes."""

    noun: RecordNoun
    names_shown = 2

    def __init__(self, form: Any, directory: Directory) -> None:
        self.form, self.directory = form, directory
        self.code: str = form.code

    @property
    def label(self) -> str:
        return self.directory.label(self.noun, self.code)

    @property
    def kind(self) -> str:
        return kind_label(self.form)

    @property
    def address(self) -> str:
        return url(self.noun, code=self.code)

    @property
    def names(self) -> Sequence[tuple[str, str]]:
        """A few names in other scripts, each after its language."""
        names = [(name.language, name.text) for name in self.form.names if self.is_shown(name)]
        return names[: self.names_shown]

    def is_shown(self, name: Any) -> bool:
        return not name.text.isascii() and bool(name.text != self.label)

    @property
    def all_names(self) -> list[str]:
        """Every name, in which the letters typed may be."""
        return [getattr(self.form, "symbol", ""), *(name.text for name in self.form.names)]

    @property
    def detail(self) -> str:
        """What tells it from others of its name: where it is, or to whom it belongs."""
        return ""

    # Codes by which lists are filtered ------------------------------------------------------------

    @property
    def lies_in(self) -> set[str]:
        return place_and_ancestors(self.code, self.directory.places)

    @property
    def within(self) -> list[str]:
        return self.directory.with_ancestors(self.noun, self.code)

    @property
    def issuers(self) -> list[str]:
        return self.directory.with_ancestors("actor", self.form.issuer)

    @property
    def languages(self) -> list[str]:
        return [language.lower() for language in self.form.languages]

    def matches(self, filters: Any) -> bool:
        """Whether it has a requested code of each filter, and no excluded code."""
        return all(
            (not (wanted := filters[key.key]) or not codes.isdisjoint(wanted))
            and codes.isdisjoint(filters.excluded.get(key.key, ()))
            for key, codes in ((key, key.codes(self)) for key in filters.terms())
        )


class PlaceEntry(NamedView):
    noun = RecordNoun.PLACE

    @property
    def address(self) -> str:
        return place_page_address(self.directory, self.code)

    @property
    def names(self) -> Sequence[tuple[str, str]]:
        return short_names(self.directory, self.code)

    @property
    def detail(self) -> str:
        above = parents_of(self.code, self.directory.places, PlaceKind.COUNTRY)
        return enumerate_words(self.directory.label("place", other) for other in above)


class OutletEntry(NamedView):
    noun = RecordNoun.OUTLET

    @property
    def detail(self) -> str:
        owner, country = self.form.belongs_to, self.form.country
        return self.directory.label("outlet", owner) if owner else COUNTRIES.get(country, country)


class ActorEntry(NamedView):
    noun = RecordNoun.ACTOR

    @property
    def detail(self) -> str:
        parent, country = self.form.parent, self.form.country
        return self.directory.label("actor", parent) if parent else COUNTRIES.get(country, country)


class LawEntry(NamedView):
    noun = RecordNoun.LAW
    names_shown = 1

    def is_shown(self, name: Any) -> bool:
        return bool(name.preferred and name.text != self.label)

    @property
    def detail(self) -> str:
        return in_words(self.form.adopted, lasts=False) if self.form.adopted else ""


def named_view(noun: RecordNoun) -> type[NamedView]:
    """Return the class for records of this noun, wherever it is defined."""
    own = (each for each in NamedView.__subclasses__() if each.noun is noun)
    return next(own, None) or type(f"{noun.label}Entry", (NamedView,), {"noun": noun})
