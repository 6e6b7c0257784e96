"""Build the page of a draft: each field as a box with its value, its meaning and its errors."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from pydantic.fields import FieldInfo

from app.desk.draft_form import gazetteer
from app.desk.draft_form.catalogue import (
    MAX_MATCHES,
    NAME_HINTS,
    Catalogue,
    Match,
    Thing,
    make_label,
)
from app.desk.draft_form.date_reading import DateReading, read_date
from app.documents import (
    INPUT_NAMES,
    ROW,
    Document,
    blank,
    blank_row,
    code_list,
    codes_of,
    fields_of,
    form_at,
    is_number,
    row_at,
    rows_at,
    set_text,
    thing_named,
    titled_rows,
)
from app.i18n.formats import as_sentence
from app.i18n.translate import N_, _
from app.kinds import (
    Citation,
    EstimateForm,
    EventForm,
    Form,
    JoinedSources,
    Stage,
    Term,
)
from app.kinds.base import Holds, holds, notes, rows_of
from app.kinds.layout import Folded, Rows, first_field, names_in, rows_in, without
from app.kinds.locale_names import code_of_country, country_choices
from app.kinds.terms import TERM_TITLES
from app.vocabulary.estimates import CURRENCIES, USUAL_UNITS, Unit, currencies_in_use
from app.vocabulary.events import ROLES_OF, NoNationality, Step, TermKey, TypeHeading
from app.vocabulary.named import ActorKind
from app.vocabulary.sources import OutletKind

CARD = "card."
"""Prefix of the names of fields that set several fields of a document."""


@dataclass(frozen=True)
class FieldChoice:
    """An option of a field; options with the same heading are grouped."""

    code: str
    label: str
    heading: str = ""
    is_chosen: bool = False


@dataclass(frozen=True)
class Offer:
    """What a name that no record has may mean, and the button's value that chooses it."""

    does: str
    match: Match


@dataclass(frozen=True)
class Box:
    """One field.

    `path` names it in the document, in errors and, with one exception, on the page.
    """

    path: str
    title: str
    hint: str
    kind: str
    value: str
    error: str = ""
    choices: Sequence[FieldChoice] = ()
    language: str = ""
    is_private: bool = False
    is_closed: bool = False
    """Whether the value belongs to somebody else, and can be neither seen nor changed."""
    found: Sequence[Match] = ()
    """The records that its names refer to."""
    offers: Sequence[Offer] = ()
    """What the other names may mean."""
    reading: DateReading | None = None
    most: int = 0
    """Characters that it can have; scripts count them."""

    @property
    def input(self) -> str:
        return INPUT_NAMES.get(self.path, self.path)

    @property
    def has_reading(self) -> bool:
        """Whether what it holds is explained below it, also while the editor types."""
        return self.kind in {"date", "name"}

    @property
    def described_by(self) -> str:
        parts = {"hint": self.hint, "error": self.error, "reads": self.has_reading}
        return " ".join(f"{self.path}-{name}" for name, is_there in parts.items() if is_there)

    @property
    def headings(self) -> Sequence[str]:
        return list(dict.fromkeys(choice.heading for choice in self.choices))


@dataclass(frozen=True)
class CardFields:
    """The compact fields of a draft, which its other fields follow (`draft_form.card`)."""

    texts: Mapping[str, str] = field(default_factory=dict)
    """What they hold, by name; one that can't say what the document says is missing."""
    taken: frozenset[str] = frozenset()
    """Paths of fields that “All fields” leaves out, since the card has them."""
    anchors: Mapping[str, str] = field(default_factory=dict)
    """For the beginnings of errors' paths: the compact field that shows them."""
    rows: Sequence[Sequence[Box]] = ()
    """Fields side by side."""

    @property
    def boxes(self) -> list[Box]:
        return [box for row in self.rows for box in row]

    def anchor(self, path: str) -> str:
        for beginning, name in self.anchors.items():
            if path == beginning or path.startswith(f"{beginning}."):
                return f"{CARD}{name}"
        return path


@dataclass(frozen=True)
class FieldProblem:
    """An error or a doubt: the field that shows it, its title, and why."""

    anchor: str
    title: str
    why: str

    @property
    def words(self) -> str:
        if not self.title:
            return self.why
        return _("{field}: {error}").format(field=self.title, error=self.why)


def choices_of(
    catalogue: Catalogue, document: Document, form: type[Form], name: str, row: Document
) -> list[FieldChoice]:
    """Return the options of a field; none for one that is typed."""
    described = form.model_fields[name]
    codes = codes_of(described)
    found: Iterable[FieldChoice]
    if name == "nationality":
        found = nationality_choices(catalogue)
    elif list_ := code_list(form, name, row):
        found = _codes(catalogue, list_)
    elif name == "citation":
        # A change of status may be reported where a linked event is.
        linked = [row["to"].strip().upper() for row in document["links"] if form is Stage]
        others = filter(None, map(catalogue.document, dict.fromkeys(linked)))
        cited = (_citations(catalogue, each) for each in (document, *others))
        found = chain.from_iterable(cited)
    elif form is JoinedSources and name in {"member", "other"}:
        found = _sources_and_citations(catalogue, document)
    elif form is Citation and name == "about":
        found = [*_citations(catalogue, document, but=row["id"]), *_links(document)]
    elif codes is Unit:
        found = _units()
    elif codes:
        found = (
            FieldChoice(code.value, _label_with_definition(code))
            for code in codes
            if (form is not Term or name != "role" or code in ROLES_OF[TermKey(row["key"])])
            and code is not Step.LAPSED
        )
    else:
        return []
    choices = [*found]
    if any(choice.code == described.get_default() for choice in choices):
        return choices
    empty = N_("Choose one") if described.is_required() else N_("Not stated")
    return [FieldChoice("", _(notes(described).unchosen or empty)), *choices]


def nationality_choices(catalogue: Catalogue, form: type[Form] = EventForm) -> list[FieldChoice]:
    """Return the nationalities; before them, why there is none, which only events say."""
    answers = [FieldChoice(each.value, _(each.label)) for each in NoNationality]
    if form is EstimateForm:
        answers = [FieldChoice("", _(NoNationality.NOT_STATED.label))]
    return [*answers, *_codes(catalogue, TermKey.NATIONALITY)]


def _units() -> Iterator[FieldChoice]:
    """Yield the usual units, then the others, then the currencies that are still in use."""
    for unit in USUAL_UNITS:
        yield FieldChoice(unit.value, _label_with_definition(unit))
    for unit in Unit:
        if unit in USUAL_UNITS:
            continue
        if unit.name not in CURRENCIES:
            yield FieldChoice(unit.value, _label_with_definition(unit), _("Other units"))
        elif unit.name in currencies_in_use():
            yield FieldChoice(unit.value, _(unit.label), _("Other currencies"))


def _codes(catalogue: Catalogue, list_: str) -> Iterator[FieldChoice]:
    """Yield the codes of a list; types with definitions, under the headings of the codebook."""
    codes = catalogue.codes(list_)
    if list_ == "type":
        # Typing finds the first that begins so: “Workers sent” is before “Workers sent home”.
        begins = [f for f in codes if any(c.label.startswith(f"{f.label} ") for c in codes)]
        yield from (FieldChoice(form.code, _label_with_definition(form)) for form in begins)
        for heading in TypeHeading:
            for form in codes:
                if form.group == heading and form not in begins:
                    yield FieldChoice(form.code, _label_with_definition(form), _(heading.label))
    else:
        for form in codes:
            yield FieldChoice(form.code, form.label)


def _citations(catalogue: Catalogue, document: Document, but: str = "") -> Iterator[FieldChoice]:
    for row in document["citations"]:
        if row["id"] != but:
            source = catalogue.meant("source", row["source"].strip())
            about = catalogue.match("source", source).label if source else _("no source yet")
            label = _("{id} · {source} · {words}").format(
                id=row["id"], source=about, words=row["paraphrase"][:60]
            )
            yield FieldChoice(row["id"], label)


def _sources_and_citations(catalogue: Catalogue, document: Document) -> Iterator[FieldChoice]:
    """Yield the cited sources of this record, each once, and then its citations."""
    for source in dict.fromkeys(
        catalogue.meant("source", row["source"].strip()) for row in document["citations"]
    ):
        if source:
            title = catalogue.match("source", source).label
            label = _("{id} · {title}").format(id=source, title=title)
            yield FieldChoice(source, label, _("Sources"))
    for choice in _citations(catalogue, document):
        yield replace(choice, heading=_("Citations"))


def _links(document: Document) -> Iterator[FieldChoice]:
    for row in document["links"]:
        yield FieldChoice(
            row["id"],
            _("{id} · the link to {record}").format(id=row["id"], record=row["to"]),
        )


def mark_chosen(choices: Sequence[FieldChoice], value: str) -> list[FieldChoice]:
    """Mark the stored value; add it if it is no option, so that saving keeps it."""
    marked = [replace(choice, is_chosen=choice.code == value) for choice in choices]
    if any(choice.is_chosen for choice in marked):
        return marked
    if not value:
        return [FieldChoice("", _("Choose one"), is_chosen=True), *marked]
    return [*marked, FieldChoice(value, value, is_chosen=True)]


def _label_with_definition(code: Any) -> str:
    return (
        _("{label}: {definition}").format(label=_(code.label), definition=_(code.definition))
        if code.definition
        else _(code.label)
    )


MAX_OFFERS = 8


@dataclass
class DraftSheet:
    """A draft with its errors; its page asks for the boxes of the fields that the layout names."""

    form: type[Form]
    document: Document
    catalogue: Catalogue
    errors: Mapping[str, str] = field(default_factory=dict)
    published: str = ""
    """Publication date of the article that the draft is written from."""
    is_quiet: bool = False
    """Whether errors are listed but not yet marked, since the editor has not finished."""
    events: Sequence[str] = ()
    """Ids of events written from the same article: the first suggestions."""
    sees_private: bool = True
    """Whether private fields are shown."""
    card: CardFields = field(default_factory=CardFields)
    """The compact fields, which are left out of the sections."""

    # Dates ---------------------------------------------------------------------------------------

    def with_sole_readings(self, document: Document) -> Document:
        """Return a document whose words for dates are the dates, where only one is meant."""
        document = deepcopy(document)
        for each in fields_of(self.form, document):
            if holds(each.form.model_fields[each.name], Holds.DATE) and each.text.strip():
                reading = read_date(each.text, self._reference_date(each.row))
                set_text(document, each.path, reading.sole or each.text)
        return document

    @property
    def sole_reading_of_card(self) -> str:
        """The date that the words on the card mean; "" if they mean none or several."""
        readings = (box.reading for box in self.card.boxes if box.path == f"{CARD}when")
        return next((reading.sole for reading in readings if reading), "")

    def _reference_date(self, row: Document) -> str:
        """Return the date that "yesterday" is relative to: the cited source's or the article's.

        A copy was read on some day up to the present one, whenever the article came out.
        """
        if "read_on" in row:
            return datetime.now(UTC).date().isoformat()
        source = row.get("source") and self.catalogue.document(
            self.catalogue.meant("source", row["source"])
        )
        return source["published"] if source else self.published

    # Parts of the layout -------------------------------------------------------------------------

    def boxes(self, names: str, form: type[Form], row: Document, at: str) -> list[Box]:
        """Return the boxes that are side by side, without those on the card."""
        asked = (name for name in names.split() if f"{at}{name}" not in self.card.taken)
        return [self.box(form, name, row, at) for name in asked]

    def is_open(self, folded: Folded, form: type[Form], row: Document, at: str) -> bool:
        """Whether a fold has anything to see."""
        empty = blank(form)
        return any(
            row[name] not in ("", [], empty[name]) or self._visible_error(f"{at}{name}")
            for name in names_in(folded.parts)
        )

    def list_of(self, listed: Rows, form: type[Form], row: Document, at: str) -> dict[str, Any]:
        """Return the rows that a part of the layout shows, with the buttons that add some."""
        child = rows_of(form.model_fields[listed.name])
        assert child is not None
        path, rows = f"{at}{listed.name}", row[listed.name]
        views = []
        for position, title in titled_rows(listed, rows):
            row_path, inner = f"{path}.{position}", rows[position]
            parts = [*without(child.parts_of(inner), self.form.NOT_ASKED)]
            shown = {ROW, *names_in(parts)}
            shown |= {name for name in inner if f"{row_path}.{name}" in self.card.taken}
            views.append(
                {
                    "path": row_path,
                    "title": title,
                    "form": child,
                    "row": inner,
                    "parts": parts,
                    # Names of fields without a box, such as the id.
                    "hidden": [
                        n for n, v in inner.items() if isinstance(v, str) and n not in shown
                    ],
                    "error": self._visible_error(row_path),
                }
            )
        adding = [replace(each, label=_(each.label)) for each in listed.buttons]
        return {
            "id": f"{path}-{adding[0].code}" if listed.only else path,
            "path": path,
            "rows": views,
            "adding": adding,
            "error": self._visible_error(path),
            "depth": at.count("."),
        }

    def _visible_error(self, path: str) -> str:
        return "" if self.is_quiet else as_sentence(self.errors.get(path, ""))

    # One field -----------------------------------------------------------------------------------

    def box_at(self, path: str) -> Box:
        """Return one box. An unknown path raises LookupError."""
        for box in self.card.boxes:
            if box.path == path:
                return box
        at, dot, name = path.rpartition(".")
        if not at:
            return self.box(self.form, name, self.document, "")
        rows, index = row_at(self.document, at)
        return self.box(form_at(self.form, at), name, rows[index], at + dot)

    def box(self, form: type[Form], name: str, row: Document, at: str) -> Box:
        described = form.model_fields[name]
        said, value, hint = notes(described), row[name], notes(described).hint
        hint = (described.description or "") if hint is None else hint
        is_code = form is Term and name == "code"
        box = Box(
            path=f"{at}{name}",
            title=_(TERM_TITLES[row["key"]] if is_code else described.title or ""),
            hint=_(hint).replace(" (EDTF)", "") if hint else "",
            kind=_input_kind(described),
            value=value,
            language=row.get(said.language, ""),
            is_private=said.private,
            is_closed=said.private and not self.sees_private,
        )
        if box.is_closed:
            return replace(box, kind="closed", value="")
        if thing := thing_named(form, name, row):
            names = [value.strip()] if value.strip() else []
            box = self.with_names(
                replace(box, hint=_(said.hint or NAME_HINTS[thing])), thing, names
            )
        elif holds(described, Holds.DATE):
            reading = read_date(value, self._reference_date(row) if value else "")
            box = replace(box, kind="date", reading=reading)
        elif choices := choices_of(self.catalogue, self.document, form, name, row):
            box = replace(box, kind="choice", choices=mark_chosen(choices, value))
        return self.with_error(box, self.errors.get(box.path, ""))

    def with_error(self, box: Box, error: str) -> Box:
        """Mark a box, with words that say what to do with a box of its kind."""
        if self.is_quiet or not error:
            return box
        reading = box.reading
        if box.kind in {"choice", "letters"} and error == _("Fill this in."):
            error = _("Choose one.")
        if reading and box.value.strip():
            # The error says already why it can't be read.
            error = (
                _("This can mean more than one date: choose one below.")
                if reading.offers
                else reading.nothing or error
            )
            reading = replace(reading, nothing="")
        return replace(box, error=as_sentence(error), reading=reading)

    def with_names(self, box: Box, thing: Thing, names: Sequence[str]) -> Box:
        """Return the box of one name, or of several: what they refer to, or may mean."""
        catalogue, found, offers = self.catalogue, list[Match](), list[Offer]()
        if thing == "event" and not names:
            matches = [catalogue.match(thing, record) for record in self.events[:MAX_MATCHES]]
            offers = [Offer(f"set {box.path} {match.code}", match) for match in matches]
        for place, name in enumerate(names):
            if code := catalogue.meant(thing, name):
                found.append(catalogue.match(thing, code))
                continue
            governments = self._governments(name) if thing == "actor" else ()
            for match in (*governments, *catalogue.matches(thing, name)):
                others = [*names[:place], match.code, *names[place + 1 :]]
                offers.append(Offer(f"set {box.path} {', '.join(others)}", match))
            if thing == "place":
                offers += self._towns(box.path, name)
            offers, label = offers[:MAX_OFFERS], make_label(thing, name)
            if thing == "outlet" and gazetteer.code_of_name(name):
                kinds = {kind: _(kind.label) for kind in OutletKind}
                offers += [
                    Offer(f"outlet {box.path} {kind} {name}", Match("", label, about=words))
                    for kind, words in kinds.items()
                ]
            elif label:
                made = Match("", label, about=name)
                offers.append(Offer(f"make {thing} {box.path} {name}", made))
        return replace(box, kind="name", found=found, offers=offers)

    def _governments(self, name: str) -> Iterator[Match]:
        """Yield the government of a city's country: “Warsaw” speaks for that of Poland."""
        countries = {town.country for town in gazetteer.find_towns(name)[:1]}
        for code, actor in self.catalogue.directory.actors.items():
            if (
                actor.kind is ActorKind.PUBLIC_BODY
                and not actor.parent
                and actor.country in countries
            ):
                yield self.catalogue.match("actor", code)

    def _towns(self, path: str, name: str) -> Iterator[Offer]:
        """Yield the country and the cities of the gazetteer that could be added as places."""
        places = self.catalogue.directory.places.values()
        known = {each.geonames for each in places} | {each.country for each in places}
        label = _("Add {town}")
        code = code_of_country(name)
        if code in dict(country_choices()) and code not in known:
            country = gazetteer.country_name(code)
            yield Offer(f"town {path} {code} {name}", Match("", label.format(town=country)))
        for town in gazetteer.find_towns(name):
            if town.geonames not in known:
                about = _("{country}, {people} people").format(
                    country=gazetteer.country_name(town.country), people=f"{town.population:,}"
                )
                match = Match("", label.format(town=town.name), about=about)
                yield Offer(f"town {path} {town.geonames} {name}", match)


def _input_kind(described: FieldInfo) -> str:
    if described.annotation is bool:
        return "mark"
    if holds(described, Holds.PARAGRAPHS):
        return "long"
    return "number" if is_number(described) else "text"


# Buttons ----------------------------------------------------------------------------------------
# Each is a short line such as `add citations`, submitted with the form, so none needs scripts. An
# unknown line, as from an outdated page, leaves the document unchanged.

NewRow = Callable[[type[Form]], Document]


def run_action(
    form: type[Form], document: Document, line: str, new_row: NewRow = blank_row
) -> tuple[Document, str]:
    """Return the changed document and the path of the box to focus; "" for none."""
    try:
        return _act(form, deepcopy(document), line, new_row)
    except LookupError:
        return document, ""


def _act(form: type[Form], document: Document, line: str, new_row: NewRow) -> tuple[Document, str]:
    match line.split(" ", 2):
        case ["set", path, text]:
            set_text(document, path, text)
            return document, path
        case ["add", path, *code]:
            rows = rows_at(document, path)
            child = form_at(form, path)
            rows.append({**new_row(child), **_texts_of_button(form, path, "".join(code))})
            return document, _first_box(child, rows[-1], f"{path}.{len(rows) - 1}")
        case ["remove", path]:
            rows, index = row_at(document, path)
            del rows[index]
            at = path.rpartition(".")[0]
            index = min(index, len(rows) - 1)
            return document, _first_box(
                form_at(form, at), rows[index], f"{at}.{index}"
            ) if rows else ""
    return document, ""


def _texts_of_button(form: type[Form], path: str, code: str) -> dict[str, str]:
    """Return the values of a row that a button adds.

    Only lists of the record itself have several buttons.
    """
    return {
        name: text
        for section in form.SECTIONS
        for part in rows_in(section.parts)
        if part.name == path
        for adding in part.buttons
        if adding.code == code
        for name, text in adding.texts.items()
    }


def _first_box(form: type[Form], row: Document, path: str) -> str:
    return f"{path}.{first_field(form.parts_of(row))}"
