"""Resolve names to records: approved ones and drafts, by id, code, name, title or address."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Select,
    Text,
    any_,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session

from app.desk.approved import store
from app.desk.approved.models import OPEN_STATES, Draft, DraftState, Merging, Record
from app.desk.draft_form.private_values import can_see_record, redact
from app.desk.identity.models import DeskRole, Person
from app.documents import (
    Document,
    codes_of,
    date_in_words,
    document_of,
    fit_to_form,
    thing_named,
    validate,
    without_grouping,
)
from app.i18n.formats import as_sentence, enumerate_words
from app.i18n.translate import _, inside
from app.kinds import FORMS, CodeForm, EstimateForm, Form, NamedForm, RecordForm, public
from app.kinds.locale_names import code_of_country
from app.kinds.vocabulary import nationalities
from app.record.names.directory import Directory, final_target
from app.record.names.quantity import BOUNDS, measure_in_words, quantity
from app.record.reads.source_urls import normalised_url, urls_of_merged_sources
from app.record.rules.containment import parents_of
from app.record.search import plain_text
from app.vocabulary.estimates import Population, Quantifier
from app.vocabulary.events import TermKey
from app.vocabulary.kinds import (
    CITING_KINDS,
    LISTED_KINDS,
    NAMED_KINDS,
    NAMED_NOUNS,
    NOUN_OF_KIND,
    RecordKind,
    RecordNoun,
)

Thing = str
"""The noun of a kind of record (`RecordNoun`), such as `place`."""
THING_OF_KIND: dict[str, Thing] = {
    kind: NOUN_OF_KIND[kind].value for kind in (*NAMED_KINDS, *LISTED_KINDS)
}
NUMBERED: dict[str, str] = {THING_OF_KIND[kind]: kind for kind in LISTED_KINDS}
"""Kinds that others refer to by id."""

TITLES: dict[str, list[str]] = {
    RecordKind.SOURCE: ["title", "title_en", "url"],
    RecordKind.EVENT: ["title"],
    RecordKind.ESTIMATE: ["population_text", "printed_words"],
}
"""The fields in which titles of each kind are searched."""


@dataclass(frozen=True)
class Match:
    """A record that a text may refer to: its code or id, and how it is shown."""

    code: str
    label: str
    names: Sequence[tuple[str, str]] = ()
    about: str = ""


NAME_HINTS: dict[Thing, str] = {
    thing: FORMS[kind].WORDS.hint for kind, thing in THING_OF_KIND.items()
}
MAKE_LABELS: dict[Thing, str] = {
    thing: make for kind, thing in THING_OF_KIND.items() if (make := FORMS[kind].WORDS.make)
}
WEB_ADDRESS = re.compile(r"https?://[^\s/]+")


def make_label(thing: Thing, text: str) -> str:
    """Return the button's label.

    A new event or estimate, or a source without an address, can't be started from a name.
    """
    return (
        _(MAKE_LABELS[thing])
        if text and thing in MAKE_LABELS and (thing != "source" or WEB_ADDRESS.match(text))
        else ""
    )


# Drafts as records ------------------------------------------------------------------------------


def drafted_forms(known: Directory, drafts: Sequence[Draft]) -> Iterator[RecordForm]:
    """Yield the forms of valid drafts. References to records without a code are left out.

    A draft with the code of a known record is left out: its name would replace the known one.
    """
    codes = {(draft.kind, draft.document["code"].strip()) for draft in drafts}

    def understand(form: type[Form], name: str, row: Document) -> str:
        text, thing = str(row[name]).strip(), thing_named(form, name, row)
        kind = NAMED_NOUNS.get(thing)
        if not kind or (kind, text) in codes or text in known.named_records[thing]:
            return text
        named = {code for noun, code in known.named(text) if noun == thing}
        return named.pop() if len(named) == 1 else ""

    for draft in drafts:
        drafted = validate(FORMS[draft.kind], draft.document, understand).form
        thing = THING_OF_KIND[draft.kind]
        if isinstance(drafted, NamedForm) and drafted.code not in known.named_records[thing]:
            yield public(drafted)


FIGURE_FIELDS = (
    *("counts", "papers_were", "nature", "population", "unit", "per", "form"),
    "quantifier",
)


def figure_in_words(document: Document) -> list[str]:
    """Return number and measure, such as "about 23.5 per cent" and "share"; "" for what is missing.

    While a number can't be read, the fields are returned as typed.
    """
    form: Any = {}
    for name in FIGURE_FIELDS:
        codes = codes_of(EstimateForm.model_fields[name])
        if codes and (code := document.get(name, "")) in codes.by_code():
            form[name] = code
    typed = [text for name in BOUNDS if (text := document[name])]
    words = document["printed_words"]
    number = "–".join(typed) or (_("“{words}”").format(words=words) if words else "")
    if typed and form.get("quantifier", Quantifier.WORDS) != Quantifier.WORDS:
        bounds = {name: without_grouping(document[name]) for name in BOUNDS if document[name]}
        with suppress(InvalidOperation):
            number = quantity(form | {name: Decimal(text) for name, text in bounds.items()})
    return [number, inside(measure_in_words(form)) if "counts" in form else ""]


MAX_MATCHES = 6
WORLD = "world"


def _public_document(draft: Draft) -> Document:
    form = FORMS[draft.kind]
    return redact(form, fit_to_form(form, draft.document))


class Catalogue:
    """The records that one page may refer to, read on demand and once.

    Only editors see the drafts of others.
    """

    def __init__(self, db: Session, person: Person) -> None:
        self.db = db
        self.person = person
        self._resolved: dict[tuple[Thing, str], str] = {}
        self._records: dict[str, Document | None] = {}
        self._drafts: dict[str, Draft | None] = {}

    # Drafts and records --------------------------------------------------------------------------

    def _open_drafts(self) -> Select[Draft]:
        """Select open drafts; for contributors their own, and submitted named records."""
        open_drafts = select(Draft).where(Draft.state.in_(OPEN_STATES)).order_by(Draft.id)
        if self.person.may(DeskRole.EDITOR):
            return open_drafts
        is_a_name = Draft.kind.in_(NAMED_KINDS) & (Draft.state != DraftState.DRAFT)
        return open_drafts.where(or_(Draft.owner == self.person.id, is_a_name))

    def draft_of(self, record: str) -> Draft | None:
        if record not in self._drafts:
            self._drafts[record] = self.db.scalars(
                self._open_drafts().where(Draft.record == record)
            ).first()
        return self._drafts[record]

    def drafts_of(self, kind: str) -> Iterator[tuple[str, str | None, Document]]:
        """Yield record id, article and document of each open draft of a kind."""
        statement = (
            self._open_drafts()
            .where(Draft.kind == kind)
            .with_only_columns(Draft.record, Draft.article, Draft.document)
        )
        yield from self.db.execute(statement)

    def drafts_on(self, source: str) -> list[Draft]:
        """Return open drafts of events and estimates that cite a source or are written from it."""
        cites_source = or_(
            Draft.article == source, Draft.document.contains({"citations": [{"source": source}]})
        )
        return list(
            self.db.scalars(self._open_drafts().where(Draft.kind.in_(CITING_KINDS), cites_source))
        )

    def draft_named(self, kind: str, name: str) -> Draft | None:
        """Return the open draft of a kind with this id or, for named records, this code."""
        has_name = or_(Draft.record == name, Draft.document["code"].astext == name)
        return self.db.scalars(self._open_drafts().where(Draft.kind == kind, has_name)).first()

    @cached_property
    def directory(self) -> Directory:
        """Approved named records and codes, drafted named records, and all nationalities."""
        forms: list[RecordForm] = [
            public(form) for form in store.all_forms(self.db, RecordKind.CODE, *NAMED_KINDS)
        ]
        known = {form.id for form in forms}
        forms += [form for id, form in nationalities().items() if id not in known]
        drafts = [
            draft
            for draft in self.db.scalars(self._open_drafts().where(Draft.kind.in_(NAMED_KINDS)))
            if draft.record not in known
        ]
        directory = Directory.of(forms)
        drafted = list(drafted_forms(directory, drafts))
        return Directory.of([*forms, *drafted]) if drafted else directory

    def codes(self, list_: str) -> list[CodeForm]:
        """Return the codes of a list that have no successor, by label."""
        in_use = [
            form
            for form in self.directory.codes.values()
            if form.list == list_ and not form.successor
        ]
        return sorted(in_use, key=lambda form: form.label)

    def code(self, list_: str, code: str) -> CodeForm | None:
        return self.directory.codes.get(f"{list_}:{code}")

    def document(self, record: str) -> Document | None:
        """Return a source, event or estimate as approved, or else as drafted.

        Private fields are blank.
        """
        if record not in self._records:
            row = self.db.get(Record, record) if record[:1] in LISTED_KINDS else None
            draft = self.draft_of(record)
            if row is not None:
                self._records[record] = document_of(public(row.form))
            else:
                self._records[record] = _public_document(draft) if draft else None
        return self._records[record]

    def parents(self, source: str) -> set[str]:
        """Return the sources that a source derives from, by its newest draft or as approved."""
        draft = self.draft_of(source)
        document = draft.document if draft else self.document(source)
        rows = document["derived_from"] if document else []
        return {row["source"] for row in rows if row["source"]}

    def assume(self, records: Mapping[str, Document]) -> None:
        """Take records for granted that have no draft yet, while what refers to them is checked."""
        self._records |= records
        self._resolved.clear()

    def visible(self, draft: Draft) -> Document:
        """Return a draft's document without private values that this person may not see."""
        sees_private = can_see_record(self.db, self.person, draft.record)
        return draft.document if sees_private else redact(FORMS[draft.kind], draft.document)

    def read_ahead(self, records: Collection[str]) -> None:
        """Read these sources, events and estimates in a few statements instead of one by one."""
        wanted = [
            record
            for record in records
            if record[:1] in LISTED_KINDS and record not in self._records
        ]
        ids = cast(wanted, ARRAY(Text))
        drafts = {
            draft.record: draft
            for draft in reversed(
                self.db.scalars(self._open_drafts().where(Draft.record == any_(ids))).all()
            )
        }
        self._drafts |= {record: drafts.get(record) for record in wanted}
        self._records |= {id: _public_document(draft) for id, draft in drafts.items()}
        for id, row in store.rows_by_id(self.db, wanted).items():
            self._records[id] = document_of(public(row.form))

    # Resolving a name ----------------------------------------------------------------------------

    def understand(self, form: type[Form], name: str, row: Document) -> str:
        """Return the code or id that a field's text refers to, or else the text."""
        text: str = row[name].strip()
        if name == "code" and row.get("key") == TermKey.NATIONALITY:
            return self.nationality(text) or text
        thing = thing_named(form, name, row)
        return (self.meant(thing, text) or text) if thing and text else text

    def nationality(self, text: str) -> str:
        """Return the code of a nationality by its country or its code; else ""."""
        code = code_of_country(text).lower()
        return str(code) if self.code(TermKey.NATIONALITY, code) else ""

    def meant(self, thing: Thing, text: str) -> str:
        """Return the code or id of the only record with this name; "" if none or several."""
        key = (thing, text)
        if key not in self._resolved:
            self._resolved[key] = self._resolve(thing, text)
        return self._resolved[key]

    @cached_property
    def led_on(self) -> Mapping[str, str]:
        """Current names by old names of merged records, which documents may still contain."""
        merged_names = dict(
            self.db.execute(
                select(Merging.gone_name, Merging.kept_name).where(Merging.undone_in.is_(None))
            ).all()
        )
        return {name: final_target(merged_names, name) for name in merged_names}

    def _resolve(self, thing: Thing, text: str) -> str:
        name = text.lower() if thing in NAMED_NOUNS else text.upper()
        text = self.led_on.get(name, text)
        if thing in NAMED_NOUNS:
            by_code = self.directory.named_records[thing]
            if text.lower() in by_code:
                return text.lower()
            codes = {code for kind, code in self.directory.named(text) if kind == thing}
            id = text.strip().upper()
            codes |= {code for code, form in by_code.items() if form.id == id}
            if not codes and thing == RecordNoun.LAW and text.isdigit():
                # A law is called by its number alone.
                named = ((c, [*form.names]) for c, form in by_code.items())
                codes = {c for c, names in named if any(text in n.text.split() for n in names)}
            return codes.pop() if len(codes) == 1 else ""
        record = text.upper()
        if record[:1] == NUMBERED[thing] and self.document(record):
            return record
        if thing == "source":
            return self.source_at(text) or ""
        # One that the words name alone is meant: its title is shown below the field.
        found = self._ids_by_title(thing, plain_text(text))
        return found[0] if len(found) == 1 else ""

    def source_at(self, address: str) -> str | None:
        """Return the id of the source with that address, or with a copy there."""
        if "." not in address or not (normalised := normalised_url(address)):
            return None
        source = select(Record.id).where(Record.address == normalised)
        copy = select(Record.id).where(store.has_copy_at(address))
        if found := self.db.scalars(source).first() or self.db.scalars(copy).first():
            return found
        drafted = next(iter(self._drafts_at(normalised)), None)
        return drafted or urls_of_merged_sources(self.db).get(normalised)

    def _drafts_at(self, normalised: str) -> list[str]:
        """Return the ids of the sources with open drafts that have the address."""
        # The database filters by host; tracking parameters can only be stripped here.
        url, host = Draft.document["url"].astext, urlsplit(normalised).netloc
        at_host = self._open_drafts().where(
            Draft.kind == RecordKind.SOURCE, url.icontains(host, autoescape=True)
        )
        drafts = self.db.execute(at_host.with_only_columns(Draft.record, url)).all()
        return [record for record, typed in drafts if normalised_url(typed) == normalised]

    # Suggesting records --------------------------------------------------------------------------

    def matches(self, thing: Thing, text: str) -> list[Match]:
        """Return records with the text in their names, else with the most of its words there."""
        if not (wanted := plain_text(text)):
            return []
        if thing in NAMED_NOUNS:
            words, ranks = wanted.split(), list[tuple[bool, int, bool, int, str]]()
            for name, terms in self.directory.names.items():
                missing = sum(word not in name for word in words)
                if missing * 2 < len(words):
                    rank = (wanted not in name, missing, not name.startswith(wanted), len(name))
                    ranks += ((*rank, code) for kind, code in terms if kind == thing)
            best = dict.fromkeys(code for *_rank, code in sorted(ranks))
            return [self.match(thing, code) for code in [*best][:MAX_MATCHES]]
        found = self._ids_by_title(thing, wanted) or self._ids_by_title(thing, wanted, least=0.5)
        return [self.match(thing, record) for record in found]

    def _ids_by_title(self, thing: Thing, wanted: str, least: float = 1) -> list[str]:
        """Return ids of records with this share of the words in their titles.

        Those with most of the words come first, then drafts, then the newest.
        """
        kind, words = NUMBERED[thing], wanted.split()[:MAX_MATCHES]

        def has_words(document: Any) -> ColumnElement[int]:
            title = func.concat_ws(" ", *(document[name].astext for name in TITLES[kind]))
            return sum(
                (cast(title.icontains(w, autoescape=True), Integer) for w in words), literal(0)
            )

        of_draft, of_record = has_words(Draft.document), has_words(Record.document)
        drafted = (
            self._open_drafts()
            .where(Draft.kind == kind, of_draft >= least * len(words))
            .with_only_columns(Draft.record, of_draft)
            .order_by(None)
            .order_by(of_draft.desc(), Draft.id.desc())
        )
        approved = (
            select(Record.id, of_record)
            .where(Record.kind == kind, of_record >= least * len(words))
            .order_by(of_record.desc(), Record.saved_at.desc(), Record.id)
        )
        queries = (drafted, approved)
        rows = [row for query in queries for row in self.db.execute(query.limit(MAX_MATCHES))]
        ids = [id for id, _has in sorted(rows, key=lambda row: -row[1])]
        return list(dict.fromkeys(ids))[:MAX_MATCHES]

    def match(self, thing: Thing, code: str) -> Match:
        match thing:
            case "place":
                return Match(
                    code,
                    self.label(code, thing),
                    self.directory.names_of_place(code),
                    self._kind_and_parents(code),
                )
            case noun if noun in NAMED_NOUNS:
                form = self.directory.named_records[noun][code]
                return Match(code, self.label(code, thing), about=_(form.kind.label))
        draft = self.draft_of(code)
        is_new = draft is not None and self.db.get(Record, code) is None
        document = self.document(code)
        title = document["title"] if document and thing == "source" else ""
        # A foreign title is shown beside the label, where its language can be marked.
        names = (
            [] if title in self.label(code) else [(document["language"] if document else "", title)]
        )
        return Match(code, self.label(code), names, _("a draft") if is_new else "")

    def label(self, code: str, thing: Thing | None = None) -> str:
        if thing in NAMED_NOUNS:
            return self.directory.label(thing, code)
        document = self.document(code)
        return self.title(code[0], document) if document else code

    def title(self, kind: str, document: Document) -> str:
        """Return the title of a document, as far as it is filled in."""
        match kind:
            case RecordKind.SOURCE:
                outlet = self.directory.label(
                    "outlet", self.meant("outlet", document["outlet"]) or document["outlet"]
                )
                is_english = document["language"] in {"", "en"}
                title = document["title_en"] or (document["title"] if is_english else "")
                parts = [outlet, date_in_words(document["published"]), title]
                return enumerate_words(filter(None, parts)) or _("Untitled source")
            case RecordKind.ESTIMATE:
                return self._estimate_title(document)
            case RecordKind.EVENT:
                return document["title"] or _("Untitled event")
        return (
            next((row["text"] for row in document["names"] if row["text"]), "")
            or document["code"]
            or _("Unnamed")
        )

    def sentence(self, document: Document) -> str:
        """Return what a number of people says by its fields; "" where they say too little."""
        counted = Population.by_code().get(document["population"])
        if not document["counts"] or counted in {None, Population.NOBODY, Population.THINGS}:
            return ""
        rows = [row for row in document["terms"] if row["key"] == TermKey.NATIONALITY]
        codes = filter(None, (self.nationality(row["code"]) for row in rows))
        whom = [document["population_text"] or _(counted.label)]
        whom += [self.directory.label("nationality", code) for code in codes]
        number = self._estimate_title(document)
        words = _("{whom}: {number}").format(whom=enumerate_words(whom), number=number)
        return as_sentence(words)

    def _estimate_title(self, document: Document) -> str:
        places = [
            self.label(code, "place")
            for row in document["terms"]
            if (code := self._place_code(row))
        ]
        parts = [
            *figure_in_words(document),
            enumerate_words(places),
            date_in_words(document["as_of"] or document["period"]),
        ]
        return enumerate_words(filter(None, parts)) or _("Untitled estimate")

    def _place_code(self, row: Document) -> str:
        return self.meant("place", row["code"]) if row["key"] == TermKey.PLACE else ""

    def _kind_and_parents(self, code: str) -> str:
        """Return kind and parents of a place: "city in Liaoning, China"."""
        place = self.directory.places[code]
        parents = [
            self.label(parent, "place")
            for parent in parents_of(code, self.directory.places)
            if parent != WORLD
        ]
        kind = _(place.kind.label).lower()
        return (
            _("{kind} in {places}").format(kind=kind, places=enumerate_words(parents))
            if parents
            else kind
        )
