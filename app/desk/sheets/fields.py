"""The fields of a sheet's page: what each holds, how it is read, and what the text offers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from app.desk.draft_form import gazetteer, views
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.choices import choices_of, mark_chosen
from app.desk.draft_form.date_reading import DateReading, read_date
from app.desk.draft_form.things import Match, Thing
from app.desk.draft_form.views import FieldChoice
from app.documents import Document
from app.i18n.formats import as_sentence, enumerate_words
from app.i18n.translate import _
from app.kinds import Form

MAX_FOUND = 6
DATE_FIELDS = frozenset({"when", "deadline", "said", "published", "read_on"})
"""Names of fields that hold a date, of rows, of days of statements and of the source."""


@dataclass(frozen=True)
class MarkOffer:
    """A mark of the text, beside the field that a press puts it into."""

    action: str
    words: str
    where: str
    language: str
    label: str


@dataclass(frozen=True)
class MatchOffer:
    action: str
    match: Match


@dataclass(frozen=True)
class FieldView:
    """A field. `path` names it in the document, by the keys of its rows, and on the page."""

    path: str
    title: str
    kind: str = "text"
    value: str = ""
    was: str | None = None
    """What it held when the page was opened, of fields that other pages write too."""
    hint: str = ""
    error: str = ""
    digit: str = ""
    """The key that takes the first value that the text offers."""
    language: str = ""
    choices: Sequence[FieldChoice] = ()
    reading: DateReading | None = None
    found: Sequence[Match] = ()
    offers: Sequence[MatchOffer] = ()
    unknown: str = ""
    makes: Sequence[tuple[str, str]] = ()
    """Label and action of buttons that make a record of the name."""
    offered: Sequence[MarkOffer] = ()

    @property
    def input(self) -> str:
        return self.path

    @property
    def list_id(self) -> str:
        """The id of the list of codes that is offered; "" if there is none."""
        return views.list_id(self.path) if self.kind == "text" else ""

    @property
    def shown(self) -> str:
        """The value in words, where nothing can be typed."""
        chosen = [choice.label for choice in self.choices if choice.is_chosen]
        return enumerate_words([*chosen, *(match.label for match in self.found)]) or self.value

    @property
    def has_reading(self) -> bool:
        return self.kind in {"date", "name", "names"}

    @property
    def reads_on_change(self) -> bool:
        return False

    @property
    def headings(self) -> Sequence[str]:
        return list(dict.fromkeys(choice.heading for choice in self.choices))

    @property
    def described_by(self) -> str:
        parts = [(self.hint, "hint"), (self.error, "error"), (self.has_reading, "reads")]
        return " ".join(f"{self.path}-{part}" for is_there, part in parts if is_there)


@dataclass(frozen=True)
class FieldGroup:
    """Fields side by side. With a legend, they are one value, such as a number with its unit."""

    fields: Sequence[FieldView]
    legend: str = ""
    digit: str = ""
    after: Sequence["Button"] = ()
    fold: str = ""
    """The title of a part that is closed while nothing in it is filled in."""
    is_open: bool = False
    number: FieldView | None = None
    """The number as a whole, with what the text offers for it."""


@dataclass(frozen=True)
class Button:
    do: str
    label: str


@dataclass
class FieldMaker:
    """Makes the fields of a row, or of the shared block."""

    catalogue: Catalogue
    published: str
    """Day of publication, from which “yesterday” counts."""
    errors: Mapping[str, str] = field(default_factory=dict)
    """By path."""
    offered: Mapping[str, Sequence[MarkOffer]] = field(default_factory=dict)
    """Marks of the text by path."""

    def _with_all(self, made: FieldView) -> FieldView:
        return replace(
            made,
            error=as_sentence(self.errors.get(made.path, "")),
            offered=self.offered.get(made.path, ()),
        )

    def text(self, path: str, title: str, value: str, **more: Any) -> FieldView:
        return self._with_all(FieldView(path, title, value=value, **more))

    def date(self, path: str, title: str, value: str, **more: Any) -> FieldView:
        name = path.rpartition(".")[2]
        # For the dates of a row only those of its sentences are offered.
        published = self.published if value or name not in {"when", "deadline"} else ""
        if name == "read_on":
            # “Today” is the day on which somebody reads, not that of the report.
            published = datetime.now(UTC).date().isoformat()
        reading = read_date(value, published, name)
        if name == "read_on" and not value:
            reading = replace(reading, offers=reading.offers[:1])  # the month is no day
        made = self._with_all(FieldView(path, title, "date", value, reading=reading, **more))
        if made.error and value and reading.offers:
            made = replace(made, error=_("This can mean more than one date: choose one below."))
        return made

    def choice(
        self,
        path: str,
        title: str,
        value: str,
        choices: Iterable[FieldChoice],
        **more: Any,
    ) -> FieldView:
        marked = mark_chosen([*choices], value)
        return self._with_all(FieldView(path, title, "choice", value, choices=marked, **more))

    def code(
        self,
        path: str,
        title: str,
        value: str,
        form: type[Form],
        name: str,
        *,
        row: Document | None = None,
        empty: str = "",
        **more: Any,
    ) -> FieldView:
        """Return a field of codes with the choices of a field of the long form."""
        made = choices_of(self.catalogue, {"citations": [], "links": []}, form, name, row or {})
        if empty:
            made = [FieldChoice("", empty), *(choice for choice in made if choice.code)]
        return self.choice(path, title, value, made, **more)

    def name(self, path: str, title: str, value: str, thing: Thing, **more: Any) -> FieldView:
        """Return a field that takes one record by any of its names."""
        made = FieldView(path, title, "name", value, **more)
        text = value.strip()
        if text and (code := self.catalogue.meant(thing, text)):
            made = replace(made, found=[self.catalogue.match(thing, code)])
        elif text:
            matches = self.catalogue.matches(thing, text)
            made = replace(
                made,
                offers=[MatchOffer(f"set {path} {match.code}", match) for match in matches],
                unknown="" if matches else _("No record has this name yet."),
                makes=_makes(path, thing, text),
            )
        return self._with_all(made)

    def row_number(self, path: str, title: str, value: str, **more: Any) -> FieldView:
        """Return a field that takes one record, and holds the number of a row."""
        row = _("Row {number} of this report.").format(number=value)
        return self._with_all(FieldView(path, title, "name", value, unknown=row, **more))

    def names(
        self, path: str, title: str, value: str, thing: Thing = "place", **more: Any
    ) -> FieldView:
        """Return a field of places or laws, separated by commas, each by any of its names."""
        parts = [part.strip() for part in value.split(",") if part.strip()]
        found: list[Match] = []
        offers: list[MatchOffer] = []
        makes: list[tuple[str, str]] = []
        unknown = ""
        for place, part in enumerate(parts):
            if code := self.catalogue.meant(thing, part):
                found.append(self.catalogue.match(thing, code))
                continue
            matches = self.catalogue.matches(thing, part)
            for match in matches:
                others = ", ".join([*parts[:place], match.code, *parts[place + 1 :]])
                offers.append(MatchOffer(f"set {path} {others}", match))
            towns = self._towns(part) if thing == "place" else []
            makes += [
                (
                    _("Add {town}").format(
                        town=f"{town.name}, {gazetteer.country_name(town.country)}"
                    ),
                    f"town {path} {town.geonames} {part}",
                )
                for town in towns
            ]
            makes += [] if towns else _makes(path, thing, part)
            if not matches and not towns:
                unknown = _("No record has this name yet.")
        return self._with_all(
            FieldView(
                path,
                title,
                "names",
                value,
                found=found,
                offers=offers[:MAX_FOUND],
                makes=makes[:MAX_FOUND],
                unknown=unknown,
                **more,
            )
        )

    def _towns(self, text: str) -> list[Any]:
        known = {place.geonames for place in self.catalogue.directory.places.values()}
        return [town for town in gazetteer.find_towns(text) if town.geonames not in known]


def _makes(path: str, thing: Thing, name: str) -> list[tuple[str, str]]:
    """Return the button that begins a record of this name."""
    label = {
        "outlet": _("New outlet “{name}”"),
        "actor": _("New actor “{name}”"),
        "law": _("New law “{name}”"),
        "place": _("New place “{name}”"),
    }.get(thing)
    return [(label.format(name=name), f"make {thing} {path} {name}")] if label else []
