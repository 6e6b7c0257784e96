"""Reports (sources) as units of work: records entered from one, rows prefilled from it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.desk.approved import store
from app.desk.approved.draft_models import KIND_LABELS, Draft, DraftState
from app.desk.approved.models import Record
from app.desk.draft_form import gazetteer
from app.desk.draft_form.catalogue import Catalogue, Match
from app.desk.draft_form.fields import CARD
from app.desk.draft_form.gazetteer import code_of_name
from app.desk.drafts import commands
from app.desk.identity.models import Person
from app.documents import Document, blank, blank_row
from app.i18n.translate import _
from app.kinds import FORMS, Copy, Name, SourceForm
from app.kinds.layout import first_field
from app.kinds.locale_names import guess_language
from app.record.reads.source_urls import normalised_url
from app.vocabulary.kinds import CITING_KINDS, NAMED_NOUNS, NOUN_OF_KIND, RecordKind
from app.vocabulary.sources import HostKind, SourceKind
from app.web.urls import PAGE_OF_KIND, url

MAX_NAME_IN_KEY = 500
"""Limits the key of a draft, which is indexed."""


def new_draft_url(draft: Draft) -> str:
    """Return the URL of a new draft's page, with its first field focused."""
    is_entry = draft.kind in CITING_KINDS
    first = f"{CARD}statement" if is_entry else first_field(FORMS[draft.kind].SECTIONS[0].parts)
    if draft.kind == RecordKind.SOURCE and draft.document["url"]:
        first = "title" if draft.document["outlet"] else "outlet"
    return f"{url('draft', id=draft.id)}?focus={first}"


# Prefilled rows ---------------------------------------------------------------------------------


def events_of(catalogue: Catalogue, article: str | None) -> list[str]:
    """Return ids of events that cite the article: drafts, then approved ones, newest first."""
    if not article:
        return []
    drafted = [
        draft.record for draft in catalogue.drafts_from(article) if draft.kind == RecordKind.EVENT
    ]
    cited = store.citing(article)
    approved = [id for id in catalogue.db.scalars(cited) if id[0] == RecordKind.EVENT]
    return list(dict.fromkeys([*drafted, *sorted(approved, key=lambda event: -int(event[1:]))]))


def begin_named(db: Session, person: Person, draft: Draft, thing: str, text: str) -> Draft:
    """Begin the record that a draft names and that does not exist yet.

    The draft finds it by its name; with a report, it is submitted with the entries that name it.
    """
    key = f"for-{draft.id}-{text[:MAX_NAME_IN_KEY]}"
    if thing == NOUN_OF_KIND[RecordKind.SOURCE]:
        document = new_source_at(Catalogue(db, person), text)
        return commands.begin(db, person, key, RecordKind.SOURCE, document=document)
    name = blank_row(Name, text=text, language=guess_language(text), preferred="yes")
    kind = NAMED_NOUNS[thing]
    document = blank(FORMS[kind], code=code_of_name(text), names=[name])
    return commands.begin(db, person, key, kind, document=document, article=draft.article or "")


def new_source_at(catalogue: Catalogue, address: str) -> Document:
    """Return a new source with this address and the outlet that its host suggests."""
    outlet = outlet_of_host(catalogue.db, address)
    copy = blank_row(Copy, url=address, host_kind=HostKind.OWN.value)
    return blank(
        SourceForm,
        url=address,
        outlet=outlet,
        copies=[copy],
        # The most frequent kind. How sure title and date are is never assumed.
        kind=SourceKind.NEWS.value,
    )


def outlet_of_host(db: Session, address: str) -> str:
    """Return the outlet that most sources of this host have."""
    host_name = urlsplit(normalised_url(address) or "").netloc
    if not host_name:
        return ""
    outlets_of_host = select(Record.document["outlet"].astext).where(
        Record.address.startswith(f"//{host_name}/", autoescape=True)
    )
    outlets = Counter(db.scalars(outlets_of_host)).most_common(1)
    return outlets[0][0] if outlets else ""


# Records entered from an article ----------------------------------------------------------------


@dataclass(frozen=True)
class EnteredRow:
    """An event or estimate, or a draft of one, that cites the article."""

    record: str
    kind: str
    title: str
    state: str
    draft_address: str
    public_address: str


def entered(catalogue: Catalogue, id: str) -> Iterator[EnteredRow]:
    """Yield approved records that cite the source, and drafts that cite it or come from it."""
    approved = set(catalogue.db.scalars(store.citing(id)))
    catalogue.read_ahead(approved)
    drafts_on = sorted(catalogue.drafts_on(id), key=lambda draft: draft.article == id)
    open_drafts = {draft.record: draft for draft in drafts_on}
    for record in sorted(
        approved | set(open_drafts), key=lambda record: (record[0], int(record[1:]))
    ):
        draft = open_drafts.get(record) or catalogue.draft_of(record)
        yield EnteredRow(
            record=record,
            kind=_(KIND_LABELS[record[0]]),
            title=catalogue.title(record[0], draft.document) if draft else catalogue.label(record),
            state=_(DraftState(draft.state).label) if draft else _("Approved"),
            draft_address=url("draft", id=draft.id) if draft else "",
            public_address=url(PAGE_OF_KIND[record[0]], id=record) if record in approved else "",
        )


def recent_sources(db: Session, catalogue: Catalogue, most: int = 20) -> Sequence[Match]:
    """Return the sources that were last worked on."""
    drafts = catalogue.newest_drafts(RecordKind.SOURCE, most)
    id = Record.id
    newest = (
        select(id)
        .where(Record.kind == RecordKind.SOURCE)
        .order_by(Record.saved_at.desc(), func.length(id).desc(), id.desc())
        .limit(most)
    )
    ids = list(dict.fromkeys([*drafts, *db.scalars(newest)]))[:most]
    catalogue.read_ahead(ids)
    return [catalogue.match("source", id) for id in ids]


def begin_town(db: Session, person: Person, number: str, article: str, *, name: str = "") -> str:
    """Make a place of a city, with those around it, or of a country, and return its code.

    It also keeps the `name` that a report uses. For a report it is submitted with the entries that
    name it; without one at once.

    Returns "" if the gazetteer has no such city.
    """
    directory = Catalogue(db, person).directory
    town = gazetteer.towns()[0].get(int(number)) if number.isdigit() else None
    for each in directory.places.values():
        if number in {str(each.geonames), each.country}:
            return each.code
    if town is None and number.isdigit():
        return ""
    documents = (
        gazetteer.places_for(town, directory)
        if town
        else [gazetteer.country_for(number, directory)]
    )
    if name and all(row["text"] != name for row in documents[-1]["names"]):
        row = blank_row(Name, text=name, language=guess_language(name))
        documents[-1]["names"] = [*documents[-1]["names"], row]
    return _begin(db, person, documents, f"town-{number}", article)


def _begin(
    db: Session, person: Person, documents: Sequence[Document], key: str, article: str
) -> str:
    for document in documents:
        place = commands.begin(
            db,
            person,
            f"{key}-{document['kind']}",
            RecordKind.PLACE,
            document=document,
            article=article,
        )
        if not article and place.state == DraftState.DRAFT:
            commands.move(db, place, person, commands.SUBMIT)
    return str(documents[-1]["code"])
