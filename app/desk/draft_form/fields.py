"""Build the page of a draft: each field as a box with its value, its meaning and its errors."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace

from pydantic.fields import FieldInfo

from app.desk.draft_form import gazetteer
from app.desk.draft_form.catalogue import MAX_MATCHES, Catalogue
from app.desk.draft_form.choices import choices_of, explain_code, mark_chosen
from app.desk.draft_form.date_reading import read_date
from app.desk.draft_form.private_values import ALL_ACCESS, Access
from app.desk.draft_form.things import NAME_HINTS, Match, Thing, make_label
from app.desk.draft_form.views import CARD, Box, CardView, ListView, Offer, RowView
from app.documents import (
    ROW,
    Document,
    blank,
    code_list,
    fields_of,
    form_at,
    is_number,
    place_of,
    row_at,
    set_text,
    thing_named,
)
from app.i18n.formats import as_sentence
from app.i18n.translate import _
from app.kinds import Form, Term
from app.kinds.base import Holds, holds, notes, rows_of
from app.kinds.layout import Folded, Rows, names_in, without
from app.kinds.locale_names import code_of_country, country_choices
from app.kinds.terms import TERM_TITLES

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
    access: Access = ALL_ACCESS
    """Which private fields are shown."""
    card: CardView = field(default_factory=CardView)
    """The compact fields, which are left out of the sections."""

    # Dates ---------------------------------------------------------------------------------------

    def with_sole_readings(self, document: Document) -> Document:
        """Return a document whose words for dates are the dates, where only one is meant."""
        document = deepcopy(document)
        for each in fields_of(self.form, document):
            if holds(each.form.model_fields[each.name], Holds.DATE) and each.text.strip():
                reading = read_date(each.text, self._reference_date(each.row), each.name)
                if offer := reading.sole_offer(each.text):
                    set_text(document, each.path, offer.edtf)
        return document

    @property
    def sole_reading_of_card(self) -> str:
        """The date that the words on the card mean; "" if they mean none or several."""
        for box in self.card.boxes:
            if box.path == f"{CARD}when" and box.reading:
                offer = box.reading.sole_offer(box.value)
                return offer.edtf if offer else ""
        return ""

    def _reference_date(self, row: Document) -> str:
        """Return the date that "yesterday" is relative to: the cited source's or the article's."""
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

    def list_of(self, listed: Rows, form: type[Form], row: Document, at: str) -> ListView:
        child = rows_of(form.model_fields[listed.name])
        assert child is not None
        path, titles = f"{at}{listed.name}", {each.code: each.row for each in listed.buttons}
        rows = [
            (f"{path}.{index}", inner)
            for index, inner in enumerate(row[listed.name])
            if listed.only is None or inner[listed.by] in listed.only
        ]
        paths, views = ["", *(row_path for row_path, _row in rows), ""], []
        counts = Counter[str]()
        for number, (row_path, inner) in enumerate(rows, start=1):
            kind = _(titles.get(inner.get(listed.by, "")) or listed.row)
            counts[kind] += 1
            parts = [*without(child.parts_of(inner), self.form.NOT_ASKED)]
            shown = {ROW, *names_in(parts)}
            taken = {name for name in inner if f"{row_path}.{name}" in self.card.taken}
            views.append(
                RowView(
                    row_path,
                    _("{what} {number}").format(what=kind, number=counts[kind]),
                    child,
                    inner,
                    parts,
                    [
                        name
                        for name, text in inner.items()
                        if isinstance(text, str) and name not in shown | taken
                    ],
                    self._visible_error(row_path),
                    paths[number - 1],
                    paths[number + 1],
                )
            )
        adding = [replace(each, label=_(each.label)) for each in listed.buttons]
        id = f"{path}-{adding[0].code}" if listed.only else path
        return ListView(id, path, views, adding, self._visible_error(path), at.count("."))

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
            is_closed=said.private and not self.access.can_see(place_of(self.document, at[:-1])),
        )
        if box.is_closed:
            return replace(box, kind="closed", value="")
        if thing := thing_named(form, name, row):
            names = [value.strip()] if value.strip() else []
            box = self.with_names(replace(box, hint=_(NAME_HINTS[thing])), thing, names)
        elif holds(described, Holds.DATE):
            published = self._reference_date(row) if value or said.recent else ""
            box = replace(box, kind="date", reading=read_date(value, published, name))
        elif choices := choices_of(self.catalogue, self.document, form, name, row):
            box = replace(
                box,
                kind="choice",
                choices=mark_chosen(choices, value),
                has_codes=bool(code_list(form, name, row)),
                explained=explain_code(self.catalogue, form, name, row),
            )
        return self.with_error(box, self.errors.get(box.path, ""))

    def with_error(self, box: Box, error: str) -> Box:
        """Mark a box, with words that say what to do with a box of its kind."""
        if self.is_quiet or not error:
            return box
        reading = box.reading
        if box.kind == "choice" and error == _("Fill this in."):
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
            for match in catalogue.matches(thing, name):
                others = [*names[:place], match.code, *names[place + 1 :]]
                offers.append(Offer(f"set {box.path} {', '.join(others)}", match))
            if thing == "place":
                offers += self._towns(box.path, name)
            if label := make_label(thing, name):
                offers.append(Offer(f"make {thing} {name}", Match("", label, about=name)))
        return replace(box, kind="name", found=found, offers=offers[:MAX_OFFERS])

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
