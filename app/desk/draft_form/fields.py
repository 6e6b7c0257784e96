"""Build the page of a draft: each field as a box with its value, its meaning and its errors."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import cached_property

from pydantic.fields import FieldInfo

from app.desk.draft_form import gazetteer
from app.desk.draft_form.actions import EarlierSpeakers, chain_in_words
from app.desk.draft_form.advice import proposed_values
from app.desk.draft_form.catalogue import MAX_MATCHES, Catalogue
from app.desk.draft_form.choices import (
    choices_of,
    explain_code,
    mark_chosen,
)
from app.desk.draft_form.date_reading import read_date
from app.desk.draft_form.private_values import ALL_ACCESS, Access
from app.desk.draft_form.things import NAME_HINTS, Thing, make_label
from app.desk.draft_form.views import (
    CARD,
    Box,
    CardView,
    FieldProblem,
    FoldView,
    ListView,
    PartView,
    ProposedValue,
    PublicAndPrivateView,
    RowView,
    SectionView,
    SideBySideView,
    TownOffer,
    boxes_in,
    views_in,
)
from app.documents import (
    ROW,
    Document,
    blank,
    code_list,
    form_at,
    is_number,
    place_of,
    row_at,
    set_text,
    thing_named,
)
from app.i18n.formats import as_sentence, enumerate_words
from app.i18n.translate import _
from app.kinds import (
    ChainStep,
    Citation,
    EventForm,
    Form,
    Term,
)
from app.kinds.base import Holds, holds, notes, rows_of
from app.kinds.layout import Beside, Folded, Part, Rows, without
from app.kinds.terms import TERM_TITLES


@dataclass
class DraftSheet:
    """A draft with its errors, from which its page is built."""

    form: type[Form]
    document: Document
    catalogue: Catalogue
    errors: Mapping[str, str] = field(default_factory=dict)
    published: str = ""
    """Publication date of the article that the draft is written from."""
    is_quiet: bool = False
    """Whether errors are listed but not yet marked, since the editor has not finished."""
    proposed: Mapping[str, Sequence[ProposedValue]] = field(default_factory=dict)
    """Proposed values by path, shown beside their fields."""
    events: Sequence[str] = ()
    """Ids of events written from the same article: the first suggestions."""
    speakers: Sequence[EarlierSpeakers] = ()
    """Speakers of earlier citations of the article."""
    access: Access = ALL_ACCESS
    """Which private fields are shown."""
    card: CardView = field(default_factory=CardView)
    """The compact fields, which are left out of the sections."""

    @cached_property
    def sections(self) -> Sequence[SectionView]:
        views = []
        for section in self.form.SECTIONS:
            parts = self._part_views(section.parts, self.form, self.document, "")
            to_fix = sum(1 for each in views_in(parts) if each.path in self.errors)
            is_empty = not to_fix and not any(box.value.strip() for box in boxes_in(parts))
            views.append(
                SectionView(
                    section.code, _(section.title), _(section.hint), parts, to_fix, is_empty
                )
            )
        return views

    @cached_property
    def problems(self) -> Sequence[FieldProblem]:
        """In page order; errors of no field come first."""
        order = {path: place for place, path in enumerate(self._paths)}
        boxes = {box.path: box for box in self.boxes}
        by_anchor = dict[str, str]()
        for path, error in self.errors.items():
            by_anchor.setdefault(self.card.anchor(path), error)
        found = []
        for path in sorted(by_anchor, key=lambda path: order.get(path, -1)):
            where = self._place_of(path, boxes[path].title if path in boxes else "")
            if path in boxes:
                error = boxes[path].error or self.error_in_words(boxes[path], by_anchor[path])
            else:
                error = as_sentence(by_anchor[path])
            words = _("{field}: {error}").format(field=where, error=error) if where else error
            found.append(FieldProblem(path if path in order else "", words))
        return found

    def with_sole_readings(self, document: Document) -> Document:
        """Return a document whose words for dates are the dates, where only one is meant."""
        document = deepcopy(document)
        for path, edtf in self.sole_readings.items():
            if not path.startswith(CARD):
                set_text(document, path, edtf)
        return document

    @property
    def sole_readings(self) -> dict[str, str]:
        """Return by field the dates that words mean which mean only one."""
        return {
            box.path: offer.edtf
            for box in self.boxes
            if box.reading and (offer := box.reading.sole_offer(box.value))
        }

    @property
    def boxes(self) -> Iterator[Box]:
        yield from boxes_in(self.card.parts)
        for section in self.sections:
            yield from boxes_in(section.parts)

    @cached_property
    def hidden(self) -> Sequence[tuple[str, str]]:
        paths_of_boxes = set(self._paths)
        return [
            (name, text)
            for name, text in self.document.items()
            if isinstance(text, str) and name not in {*paths_of_boxes, *self.card.taken}
        ] + [*self.card.hidden]

    @cached_property
    def titles(self) -> dict[str, str]:
        """The title of each row, by path."""
        views = (each for section in self.sections for each in views_in(section.parts))
        return {each.path: each.title for each in views if isinstance(each, RowView)}

    def _place_of(self, path: str, title: str) -> str:
        """Return the titles of the rows around a path, the outermost first, and its own title."""
        parts = path.split(".")
        above = (".".join(parts[:length]) for length in range(2, len(parts) + 1, 2))
        rows = [self.titles[row] for row in above if row in self.titles]
        return enumerate_words([*rows, title] if title else rows)

    @property
    def _paths(self) -> Iterator[str]:
        parts = [self.card.parts, *(section.parts for section in self.sections)]
        return (each.path for some in parts for each in views_in(some))

    def _part_views(
        self, parts: Iterable[Part], form: type[Form], row: Document, at: str
    ) -> list[PartView]:
        views: list[PartView] = []
        for part in parts:
            match part:
                case str():
                    names = [name for name in part.split() if f"{at}{name}" not in self.card.taken]
                    boxes = [self.box(form, name, row, at) for name in names]
                    views += [SideBySideView(boxes)] if boxes else []
                case Beside(private, inner):
                    views.append(
                        PublicAndPrivateView(
                            self._part_views(inner, form, row, at), self.box(form, private, row, at)
                        )
                    )
                case Folded(title, inner):
                    folded = self._part_views(inner, form, row, at)
                    views.append(FoldView(_(title), folded, self._is_open(folded, form)))
                case Rows():
                    views.append(self._list_view(part, form, row, at))
        return views

    def _is_open(self, parts: Sequence[PartView], form: type[Form]) -> bool:
        empty = blank(form)
        return any(
            box.error
            or box.proposed
            or box.value.strip() not in {"", empty[box.path.rpartition(".")[2]]}
            for box in boxes_in(parts)
        )

    def _list_view(self, listed: Rows, form: type[Form], row: Document, at: str) -> ListView:
        child = rows_of(form.model_fields[listed.name])
        assert child is not None
        path = f"{at}{listed.name}"
        shown = [
            (index, inner)
            for index, inner in enumerate(row[listed.name])
            if listed.only is None or inner[listed.by] in listed.only
        ]
        views = []
        counts = Counter[str]()
        for position, (index, inner) in enumerate(shown):
            row_path = f"{path}.{index}"
            kind_of_row = self._row_title(listed, inner)
            counts[kind_of_row] += 1
            title = _("{what} {number}").format(what=kind_of_row, number=counts[kind_of_row])
            asked = without(child.parts_of(inner), self.form.NOT_ASKED)
            parts = self._part_views(asked, child, inner, f"{row_path}.")
            paths_of_boxes = {box.path for box in boxes_in(parts)}
            views.append(
                RowView(
                    path=row_path,
                    key=inner[ROW],
                    title=title,
                    parts=parts,
                    hidden=[
                        (f"{row_path}.{name}", text)
                        for name, text in inner.items()
                        if isinstance(text, str)
                        and name != ROW
                        and f"{row_path}.{name}" not in paths_of_boxes | self.card.taken
                    ],
                    error=self._visible_error(row_path),
                    previous=f"{path}.{shown[position - 1][0]}" if position else None,
                    following=f"{path}.{shown[position + 1][0]}"
                    if position + 1 < len(shown)
                    else None,
                )
            )
        adding = [replace(each, label=_(each.label)) for each in listed.buttons]
        id = f"{path}-{adding[0].code}" if listed.only else path
        return ListView(
            id,
            path,
            views,
            adding,
            self._visible_error(path),
            at.count("."),
            self._speaker_offers(child, row, at),
        )

    def _speaker_offers(self, child: type[Form], row: Document, at: str) -> list[tuple[str, str]]:
        if child is not ChainStep:
            return []
        now = chain_in_words(row["chain"])
        return [
            (each.label, f"speakers {at[:-1]} {each.citation}")
            for each in self.speakers
            if each.label != now
        ]

    def _visible_error(self, path: str) -> str:
        return "" if self.is_quiet else as_sentence(self.errors.get(path, ""))

    @staticmethod
    def error_in_words(box: Box, error: str) -> str:
        """Return an error of a box, which says what to do with a box of its kind."""
        if box.kind == "choice" and error == _("Fill this in."):
            return _("Choose one.")
        if error and box.reading and box.value.strip():
            if box.reading.offers:
                return _("This can mean more than one date: choose one below.")
            error = box.reading.nothing or error
        return as_sentence(error)

    def _row_title(self, listed: Rows, row: Document) -> str:
        titles = {button.code: button.row for button in listed.buttons}
        return _(titles.get(row.get(listed.by, "")) or listed.row)

    def box_at(self, path: str) -> Box:
        """Return one box. An unknown path raises LookupError."""
        for box in boxes_in(self.card.parts):
            if box.path == path:
                return box
        at, dot, name = path.rpartition(".")
        if not at:
            return self.box(self.form, name, self.document, "")
        rows, index = row_at(self.document, at)
        return self.box(form_at(self.form, at), name, rows[index], at + dot)

    # One field -----------------------------------------------------------------------------------

    def box(self, form: type[Form], name: str, row: Document, at: str) -> Box:
        box = self._box_without_error(form, name, row, at)
        if self.is_quiet or box.is_closed or box.path not in self.errors:
            return box
        box = replace(box, error=self.error_in_words(box, self.errors[box.path]))
        # The error says already why it can't be read.
        reading = replace(box.reading, nothing="") if box.reading else None
        return replace(box, reading=reading)

    def _box_without_error(self, form: type[Form], name: str, row: Document, at: str) -> Box:
        described = form.model_fields[name]
        said = notes(described)
        path, value = f"{at}{name}", row[name]
        box = Box(
            path=path,
            title=self._title(form, name, row),
            hint=self._hint(form, name),
            kind=_input_kind(described),
            value=value,
            language=row.get(said.language, ""),
            is_private=said.private,
            is_needed=described.is_required(),
            proposed=self.proposed.get(path, ()),
            is_closed=said.private and not self.access.can_see(place_of(self.document, at[:-1])),
            again=self._copy_label()
            if (form, name) == (Citation, "paraphrase") and not value.strip()
            else "",
        )
        if box.is_closed:
            return replace(box, kind="closed", value="")
        proposed = proposed_values(self.catalogue, self.document, form, name, row)
        box = replace(box, proposed=[*box.proposed, *proposed])
        if thing := thing_named(form, name, row):
            return self._with_matches(box, thing)
        if holds(described, Holds.DATE):
            published = self._reference_date(row) if value or said.recent else ""
            return replace(box, kind="date", reading=read_date(value, published, name))
        if choices := choices_of(self.catalogue, self.document, form, name, row):
            return replace(
                box,
                kind="choice",
                choices=mark_chosen(choices, value),
                has_codes=bool(code_list(form, name, row)),
                explained=explain_code(self.catalogue, form, name, row),
            )
        return box

    def _copy_label(self) -> str:
        return _("As in the summary") if self.form is EventForm else _("As in the estimate")

    @staticmethod
    def _hint(form: type[Form], name: str) -> str:
        described = form.model_fields[name]
        hint = notes(described).hint
        hint = (described.description or "") if hint is None else hint
        return _(hint).replace(" (EDTF)", "") if hint else ""

    def _title(self, form: type[Form], name: str, row: Document) -> str:
        if form is Term and name == "code":
            return _(TERM_TITLES[row["key"]])
        return _(form.model_fields[name].title or "")

    def _with_matches(self, box: Box, thing: Thing) -> Box:
        code = self.catalogue.meant(thing, box.value.strip()) if box.value.strip() else ""
        box = replace(box, kind="name", thing=thing, hint=_(NAME_HINTS[thing]))
        if code:
            return replace(box, means=self.catalogue.match(thing, code))
        if thing == "event" and not box.value.strip():
            return replace(
                box,
                matches=[
                    self.catalogue.match(thing, record) for record in self.events[:MAX_MATCHES]
                ],
            )
        box = replace(
            box,
            matches=self.catalogue.matches(thing, box.value),
            makes=make_label(thing, box.value.strip()),
        )
        return replace(box, towns=self._town_offers(box.value)) if thing == "place" else box

    def _town_offers(self, text: str) -> list[TownOffer]:
        geonames_ids = {place.geonames for place in self.catalogue.directory.places.values()}
        return [
            TownOffer(
                town.geonames,
                town.name,
                _("{country}, {people} people").format(
                    country=gazetteer.country_name(town.country), people=f"{town.population:,}"
                ),
            )
            for town in gazetteer.find_towns(text)
            if town.geonames not in geonames_ids
        ]

    def _reference_date(self, row: Document) -> str:
        """Return the date that "yesterday" is relative to: the cited source's or the article's."""
        source = row.get("source") and self.catalogue.document(
            self.catalogue.meant("source", row["source"])
        )
        return source["published"] if source else self.published


def _input_kind(described: FieldInfo) -> str:
    if described.annotation is bool:
        return "mark"
    if holds(described, Holds.PARAGRAPHS):
        return "long"
    return "number" if is_number(described) else "text"
