"""What a draft may name, by any of its names: what the desk has approved, and what is still being written."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ARRAY, Select, Text, any_, cast, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.dates import wording
from app.dates.edtf import BadDate
from app.desk.approved import models
from app.desk.approved import store as commands
from app.desk.approved.draft_models import OPEN, WRITABLE, Draft, State
from app.desk.approved.merge_models import Merging
from app.desk.draft_form.documents import Document, check, document_of, fitting
from app.desk.draft_form.private_values import access_to, redact
from app.desk.draft_form.things import KINDS, Thing, thing_named
from app.desk.identity.models import Person, Role
from app.forms import (
    FORMS,
    CodeForm,
    Form,
    OutletForm,
    PlaceForm,
    RecordForm,
    public,
)
from app.i18n.translate import _
from app.record.names.directory import Directory
from app.record.names.redirects import last_of
from app.record.reads.source_urls import normalised_url, of_merged_sources
from app.record.search import plain_text
from app.vocabulary.estimates import Counts, Quantifier
from app.vocabulary.events import TermKey

MOST = 6
WORLD = "world"


TITLES: dict[str, list[InstrumentedAttribute[Any]]] = {
    "S": [models.Source.title, models.Source.title_en, models.Source.url],
    "E": [models.Event.title],
    "M": [models.Estimate.population_text, models.Estimate.printed_words],
}
"""Where a record of each kind is looked for."""


@dataclass(frozen=True)
class Match:
    """Something that a text may mean: what stands in the document for it, and how it is shown."""

    code: str
    label: str
    names: Sequence[tuple[str, str]] = ()
    about: str = ""


def _public_document(draft: Draft) -> Document:
    form = FORMS[draft.kind]
    return redact(form, fitting(form, draft.document))


class Catalogue:
    """Everything by its names, for one page: read as it is needed, and once. Others' drafts are for editors only."""

    def __init__(self, db: Session, person: Person) -> None:
        self.db = db
        self.person = person
        self._found: dict[tuple[Thing, str], str] = {}
        self._records: dict[str, Document | None] = {}
        self._drafts: dict[str, Draft | None] = {}

    # Names --------------------------------------------------------------------------------------------------------

    @cached_property
    def drafts(self) -> Mapping[str, Draft]:
        """Open drafts by the id of their record; for contributors their own, and places and outlets handed in.

        An import makes thousands: what needs one of them, or only names, asks for that.
        """
        return {draft.record: draft for draft in self.db.scalars(self._open_drafts())}

    def _open_drafts(self) -> Select[Draft]:
        open_drafts = select(Draft).where(Draft.state.in_(OPEN)).order_by(Draft.id)
        if self.person.may(Role.EDITOR):
            return open_drafts
        is_a_name = Draft.kind.in_(["P", "O"]) & (Draft.state != State.DRAFT)
        return open_drafts.where(or_(Draft.owner == self.person.id, is_a_name))

    def draft_of(self, record: str) -> Draft | None:
        """The open draft of that record."""
        if "drafts" in self.__dict__:
            return self.drafts.get(record)
        if record not in self._drafts:
            self._drafts[record] = self.db.scalars(
                self._open_drafts().where(Draft.record == record)
            ).first()
        return self._drafts[record]

    def drafts_of(self, kind: str) -> Iterator[tuple[str, Document]]:
        """Of all open drafts of a kind the record and what it says so far, one at a time."""
        found = (
            self._open_drafts()
            .where(Draft.kind == kind)
            .with_only_columns(Draft.record, Draft.document)
        )
        yield from self.db.execute(found)

    def drafts_on(self, source: str) -> list[Draft]:
        """Open drafts of events and figures that cite that source or are written from it."""
        rests = or_(
            Draft.article == source, Draft.document.contains({"citations": [{"source": source}]})
        )
        return list(self.db.scalars(self._open_drafts().where(Draft.kind.in_(["E", "M"]), rests)))

    def newest_drafts(self, kind: str, most: int) -> list[str]:
        """The records of the open drafts of that kind that were begun last, the newest first."""
        found = (
            self._open_drafts().where(Draft.kind == kind).order_by(None).order_by(Draft.id.desc())
        )
        return list(self.db.scalars(found.limit(most).with_only_columns(Draft.record)))

    def drafts_from(self, article: str) -> list[Draft]:
        """Open drafts of events and figures that are written from that source, the newest first."""
        found = self._open_drafts().where(Draft.article == article, Draft.kind.in_(["E", "M"]))
        return list(self.db.scalars(found.order_by(None).order_by(Draft.saved_at.desc(), Draft.id)))

    def own_new_drafts(self, kind: str) -> Select[Draft]:
        """One's own drafts of records that nobody approved yet, as far as they can still be written."""
        model = models.MODELS[kind]
        own = (Draft.owner == self.person.id, Draft.kind == kind, Draft.state.in_(WRITABLE))
        is_known = exists().where(model.id == Draft.record).correlate(Draft)
        return self._open_drafts().where(*own, ~is_known)

    def draft_named(self, kind: str, name: str) -> Draft | None:
        """The open draft of that kind that others name so: by its id or, of a place or an outlet, by its code."""
        is_it = or_(Draft.record == name, Draft.document["code"].astext == name)
        return self.db.scalars(self._open_drafts().where(Draft.kind == kind, is_it)).first()

    @cached_property
    def directory(self) -> Directory:
        """Places, outlets and codes as the desk has them, with those that are only drafts beside them."""
        forms: list[RecordForm] = [
            public(commands.form_of(row))
            for kind in "VPO"
            for row in self.db.scalars(select(models.MODELS[kind]))
        ]
        known = {form.id for form in forms}
        for draft in self.db.scalars(self._open_drafts().where(Draft.kind.in_(["P", "O"]))):
            if draft.record not in known:
                drafted = check(FORMS[draft.kind], draft.document).form
                forms += [public(drafted)] if drafted else []
        return Directory(
            {form.code: form for form in forms if isinstance(form, PlaceForm)},
            {form.code: form for form in forms if isinstance(form, OutletForm)},
            {form.id: form for form in forms if isinstance(form, CodeForm)},
        )

    def codes(self, list_: str) -> list[CodeForm]:
        """The codes of a list that are in use, by label."""
        found = [
            form
            for form in self.directory.codes.values()
            if form.list == list_ and not form.successor
        ]
        return sorted(found, key=lambda form: form.label)

    def document(self, record: str) -> Document | None:
        """A source, event or figure as approved, else as it is being written; private fields are blank."""
        if record not in self._records:
            row = (
                self.db.get(models.MODELS[record[0]], record)
                if record[:1] in {"S", "E", "M"}
                else None
            )
            draft = self.draft_of(record)
            if row is not None:
                self._records[record] = document_of(public(commands.form_of(row)))
            else:
                self._records[record] = _public_document(draft) if draft else None
        return self._records[record]

    def visible(self, draft: Draft) -> Document:
        """What a draft says, without the private values that this person may not see."""
        return redact(FORMS[draft.kind], draft.document, access_to(self.db, self.person, draft))

    def read_ahead(self, records: Collection[str]) -> None:
        """Reads these sources, events and figures together: each is otherwise read by itself when it is first named."""
        wanted = [
            record
            for record in records
            if record[:1] in KINDS.values() and record not in self._records
        ]
        ids = cast(wanted, ARRAY(Text))
        drafts = {
            draft.record: draft
            for draft in self.db.scalars(self._open_drafts().where(Draft.record == any_(ids)))
        }
        self._drafts |= {record: drafts.get(record) for record in wanted}
        self._records |= {id: _public_document(draft) for id, draft in drafts.items()}
        for model in (models.MODELS[kind] for kind in KINDS.values()):
            for row in self.db.scalars(select(model).where(model.id == any_(ids))):
                self._records[row.id] = document_of(public(commands.form_of(row)))

    # From a text to what it means ---------------------------------------------------------------------------------

    def understand(self, form: type[Form], name: str, row: Document) -> str:
        """What stands for a text in a form: the code or id of what it names, else the text itself."""
        text: str = row[name].strip()
        thing = thing_named(form, name, row)
        return (self.meant(thing, text) or text) if thing and text else text

    def meant(self, thing: Thing, text: str) -> str:
        """The code or id of the one thing that is named so; nothing where none is, or several are."""
        key = (thing, text)
        if key not in self._found:
            self._found[key] = self._meant(thing, text)
        return self._found[key]

    @cached_property
    def led_on(self) -> Mapping[str, str]:
        """What was merged into another, by the names that stand in documents still, and the name it goes by now."""
        found = dict(
            self.db.execute(
                select(Merging.gone_name, Merging.kept_name).where(Merging.undone_in.is_(None))
            ).all()
        )
        return {name: last_of(found, name) for name in found}

    def _meant(self, thing: Thing, text: str) -> str:
        name = text.lower() if thing in {"place", "outlet"} else text.upper()
        text = self.led_on.get(name, text)
        if thing in {"place", "outlet"}:
            known = self.directory.places if thing == "place" else self.directory.outlets
            if text.lower() in known:
                return text.lower()
            named = {code for kind, code in self.directory.named(text) if kind == thing}
            return named.pop() if len(named) == 1 else ""
        record = text.upper()
        if record[:1] == KINDS[thing] and self.document(record):
            return record
        return (self.source_at(text) or "") if thing == "source" else ""

    def source_at(self, address: str) -> str | None:
        """The source that was found at that address, or a copy of it."""
        if "." not in address or not (normalised := normalised_url(address)):
            return None
        source = select(models.Source.id).where(models.Source.url_normalised == normalised)
        copy = select(models.SourceCopy.source).where(models.SourceCopy.url == address)
        if found := self.db.scalars(source).first() or self.db.scalars(copy).first():
            return found
        # The database finds those of that host; the rest is compared here, where it is known what is tracking.
        url, host = Draft.document["url"].astext, urlsplit(normalised).netloc
        there = self._open_drafts().where(Draft.kind == "S", url.icontains(host, autoescape=True))
        drafts = self.db.execute(there.with_only_columns(Draft.record, url)).all()
        drafted = next(
            (record for record, typed in drafts if normalised_url(typed) == normalised), None
        )
        return drafted or of_merged_sources(self.db).get(normalised)

    # From a text to what it may mean ------------------------------------------------------------------------------

    def matches(self, thing: Thing, text: str) -> list[Match]:
        """What may be meant by these letters: first what begins with them, a few at most."""
        if not (wanted := plain_text(text)):
            return []
        if thing in {"place", "outlet"}:
            by_name = {
                code: (not name.startswith(wanted), len(name))
                for name, terms in sorted(
                    self.directory.names.items(), key=lambda item: -len(item[0])
                )
                for kind, code in terms
                if kind == thing and wanted in name
            }
            return [
                self.match(thing, code) for code in sorted(by_name, key=by_name.__getitem__)[:MOST]
            ]
        return [self.match(thing, record) for record in self._titled(thing, wanted)]

    def _titled(self, thing: Thing, wanted: str) -> list[str]:
        """Ids of records with these words in their titles, the newest first; drafts before all."""
        words = wanted.split()[:MOST]
        kind = KINDS[thing]
        found = [
            draft.record
            for draft in reversed(list(self.drafts.values()))
            if draft.kind == kind
            and all(word in plain_text(self.label(draft.record)) for word in words)
        ]
        model = models.MODELS[kind]
        held = [
            or_(*(text.icontains(word, autoescape=True) for text in TITLES[kind])) for word in words
        ]
        rows = self.db.scalars(
            select(model.id).where(*held).order_by(model.saved_at.desc(), model.id).limit(MOST)
        )
        return list(dict.fromkeys([*found, *rows]))[:MOST]

    def match(self, thing: Thing, code: str) -> Match:
        """That place, outlet or record, as it is shown."""
        match thing:
            case "place":
                return Match(
                    code,
                    self.label(code, thing),
                    self.directory.names_of_place(code),
                    self._where(code),
                )
            case "outlet":
                outlet = self.directory.outlets[code]
                return Match(code, self.label(code, thing), about=_(outlet.kind.label))
        draft = self.draft_of(code)
        is_new = draft is not None and self.db.get(models.MODELS[draft.kind], code) is None
        document = self.document(code)
        title = document["title"] if document and thing == "source" else ""
        # A title in another language stands beside the label, where it can say which one it is in.
        names = (
            [] if title in self.label(code) else [(document["language"] if document else "", title)]
        )
        return Match(code, self.label(code), names, _("a draft") if is_new else "")

    def label(self, code: str, thing: Thing | None = None) -> str:
        """What a record is called."""
        if thing in {"place", "outlet"}:
            return self.directory.label(thing, code)
        document = self.document(code)
        return self.title(code[0], document) if document else code

    def title(self, kind: str, document: Document) -> str:
        """What a draft is called by what it says so far."""
        match kind:
            case "S":
                outlet = self.directory.label(
                    "outlet", self.meant("outlet", document["outlet"]) or document["outlet"]
                )
                is_english = document["language"] in {"", "en"}
                title = document["title_en"] or (document["title"] if is_english else "")
                parts = [outlet, words(document["published"]), title]
                return _(", ").join(part for part in parts if part) or _("Untitled source")
            case "M":
                return self._figure(document)
            case "E":
                return document["title"] or _("Untitled event")
        return (
            next((row["text"] for row in document["names"] if row["text"]), "")
            or document["code"]
            or _("Unnamed")
        )

    def _figure(self, document: Document) -> str:
        quantifier = Quantifier.by_code().get(document["quantifier"])
        counts = Counts.by_code().get(document["counts"])
        number = "–".join(n for n in (document["low"], document["point"], document["high"]) if n)
        places = [
            self.label(code, "place") for row in document["terms"] if (code := self._place(row))
        ]
        parts = [
            " ".join(
                part for part in (_(quantifier.label).lower() if quantifier else "", number) if part
            )
            or document["printed_words"],
            _(counts.label) if counts else "",
            ", ".join(places),
            words(document["as_of"] or document["period"]),
        ]
        return _(" · ").join(part for part in parts if part) or _("Untitled figure")

    def _place(self, row: Document) -> str:
        return self.meant("place", row["code"]) if row["key"] == TermKey.PLACE else ""

    def _where(self, code: str) -> str:
        """What kind of place it is and in what it lies: "city in Liaoning, China"."""
        place = self.directory.places[code]
        above = [self.label(parent, "place") for parent in self._above(code) if parent != WORLD]
        kind = _(place.kind.label).lower()
        return (
            _("{kind} in {places}").format(kind=kind, places=_(", ").join(above)) if above else kind
        )

    def _above(self, code: str) -> Iterator[str]:
        seen = {code}
        while (
            parent := self.directory.places[code].parent
        ) in self.directory.places and parent not in seen:
            yield parent
            seen.add(parent)
            code = parent


def words(edtf: str) -> str:
    """A date in words, as far as it is one."""
    try:
        return wording.in_words(edtf) if edtf else ""
    except BadDate:
        return edtf
