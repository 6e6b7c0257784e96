"""Reports (sources) as units of work: what was entered from one, prefilled rows, its web page."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.dates import edtf
from app.desk.approved import store
from app.desk.approved.models import Draft, DraftState, Record, RevisionCause
from app.desk.captures import captures, fetched
from app.desk.captures.fetched import HTML_TYPES, FetchError
from app.desk.draft_form import gazetteer
from app.desk.draft_form.catalogue import Catalogue, Match
from app.desk.draft_form.fields import CARD
from app.desk.draft_form.gazetteer import code_of_name
from app.desk.drafts import commands
from app.desk.identity.models import DeskRole, Person
from app.desk.intake import lead_of_source
from app.documents import Document, blank, blank_row, clean, parts_of
from app.i18n.translate import _
from app.kinds import FORMS, Copy, Name, SourceForm
from app.kinds.layout import first_field
from app.kinds.locale_names import guess_language
from app.record.reads.source_urls import normalised_url
from app.settings import Settings
from app.vocabulary.kinds import CITING_KINDS, NAMED_NOUNS, NOUN_OF_KIND, RecordKind
from app.vocabulary.sources import HostKind, OutletKind, SourceKind
from app.web.urls import url

DAY_IN_ADDRESS = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})[-/]?(0[1-9]|1[0-2])[-/]?(0[1-9]|[12][0-9]|3[01])(?![0-9])"
)
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


def entered_ids(catalogue: Catalogue, id: str) -> list[str]:
    """Return approved records that cite the source, and drafts that cite it or come from it."""
    ids = {*catalogue.db.scalars(store.citing(id)), *(d.record for d in catalogue.drafts_on(id))}
    return sorted(ids, key=lambda record: (record[0], int(record[1:])))


def begin_named(
    db: Session, person: Person, field: str, article: str, *, thing: str, text: str, **more: str
) -> Draft:
    """Begin the record that a field names and that does not exist yet.

    The field begins with the id of its draft, or with that of the report whose block it is in. It
    finds the record by its name; with a report, it is submitted with the entries that name it.
    """
    key = f"for-{field}-{text[:MAX_NAME_IN_KEY]}"
    if thing == NOUN_OF_KIND[RecordKind.SOURCE]:
        document = new_source_at(Catalogue(db, person), text)
        return commands.begin(db, person, key, RecordKind.SOURCE, document=document)
    name = blank_row(Name, text=text, language=guess_language(text), preferred="yes")
    kind = NAMED_NOUNS[thing]
    document = blank(FORMS[kind], code=code_of_name(text), names=[name], **more)
    return commands.begin(db, person, key, kind, document=document, article=article)


def asked_at(draft: Draft) -> tuple[int, str] | None:
    """Return the draft, and its field, for which this record was begun."""
    found = re.match(r"[0-9]+ for-([0-9]+)-([a-z0-9_.]+)-", draft.key)
    return (int(found[1]), found[2]) if found else None


def new_source_at(catalogue: Catalogue, address: str) -> Document:
    """Return a new source with this address, and the outlet and the day that it suggests."""
    day = DAY_IN_ADDRESS.search(address)
    published = edtf.parse_or_none("-".join(day.groups())) if day else None
    copy = blank_row(Copy, url=address, host_kind=HostKind.OWN.value)
    return blank(
        SourceForm,
        url=address,
        outlet=outlet_of_host(catalogue, address),
        published=published.text if published else "",
        copies=[copy],
        # The most frequent kind. How sure title and date are is never assumed.
        kind=SourceKind.NEWS.value,
    )


def outlet_of_host(catalogue: Catalogue, address: str) -> str:
    """Return the outlet of most sources of this host, else the one with the host's name."""
    host_name = urlsplit(normalised_url(address) or "").netloc
    if not host_name:
        return ""
    outlets_of_host = select(Record.document["outlet"].astext).where(
        Record.address.startswith(f"//{host_name}/", autoescape=True)
    )
    outlets = Counter(catalogue.db.scalars(outlets_of_host)).most_common(1)
    return outlets[0][0] if outlets else catalogue.meant("outlet", host_name.split(".")[-2:][0])


# Records entered from an article ----------------------------------------------------------------


def entered(catalogue: Catalogue, id: str) -> list[Match]:
    """Return the records of `entered_ids` with their titles and what the source says there."""
    ids = entered_ids(catalogue, id)
    catalogue.read_ahead(ids)
    drafts = {draft.record: draft for draft in catalogue.drafts_on(id)}
    found = []
    for record in ids:
        draft = drafts.get(record) or catalogue.draft_of(record)
        document = draft.document if draft else catalogue.document(record) or {}
        says = [row["paraphrase"] for row in document.get("citations", []) if row["source"] == id]
        title = catalogue.title(record[0], document) if document else record
        found.append(Match(record, title, about=" ".join(says)))
    return found


def recent_sources(catalogue: Catalogue, most: int = 20) -> Sequence[Match]:
    """Return the sources that this person last worked on; all that are, for editors."""
    person, newest = catalogue.person, func.max(Draft.saved_at).desc()
    worked_on = select(Draft.record).where(
        Draft.kind == RecordKind.SOURCE, Draft.state != DraftState.DELETED
    )
    if not person.may(DeskRole.EDITOR):
        worked_on = worked_on.where(Draft.owner == person.id)
    grouped = worked_on.group_by(Draft.record).order_by(newest, Draft.record).limit(most)
    ids = catalogue.db.scalars(grouped).all()
    catalogue.read_ahead(ids)
    return [catalogue.match("source", id) for id in ids if catalogue.document(id)]


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
    for document in documents:
        key = f"town-{number}-{document['kind']}"
        place = commands.begin(
            db, person, key, RecordKind.PLACE, document=document, article=article
        )
        if not article and place.state == DraftState.DRAFT:
            commands.move(db, place, person, commands.SUBMIT)
    return str(documents[-1]["code"])


def make_in_place(db: Session, person: Person, article: str, posted: Mapping[str, str]) -> str:
    """Make the place of the gazetteer, or the outlet, that a button names, with the typed name.

    Returns the button value that enters its code, or that of another button as it is.
    """
    do = posted.get("do", "save")
    match do.split(" ", 3):
        case ["town", path, number, name] if re.fullmatch(r"[0-9]{1,18}|[A-Z]{2}", number):
            code = begin_town(db, person, number, article, name=name)
        case ["outlet", path, kind, name] if kind in OutletKind.by_code():
            made = begin_named(db, person, path, article, thing="outlet", text=name, kind=kind)
            code = str(made.document["code"])
            if not article and made.state == DraftState.DRAFT:
                # No report takes it along.
                commands.move(db, made, person, commands.SUBMIT)
        case _:
            return do
    typed = clean(posted.get(path, ""))
    names = [code if part == name else part for part in parts_of(typed)]
    return f"set {path} {', '.join(names)}" if code else do


# The web page of a source ----------------------------------------------------------------------


def read_page(db: Session, settings: Settings, draft: Draft, by: Person) -> str:
    """Ask the site for the page and fill in the empty fields that it tells; return the outcome.

    A field for which the page has several values is left to the editor, except the title: the
    first is without the site's name.
    """
    address = draft.document["url"].strip()
    try:
        page = captures.fetch(db, settings, address, by, HTML_TYPES)
        found = fetched.read_details(page)
    except FetchError as error:
        return _("This did not work. {why}").format(why=error)
    catalogue, document = Catalogue(db, by), dict(draft.document)
    for name, values in found.items():
        if not document[name] and (len(values) == 1 or name == "title"):
            meant = catalogue.meant("outlet", values[0]) if name == "outlet" else ""
            document[name] = meant or values[0]
    if document == draft.document:
        return _("The page was read, but nothing in it could be used. Enter its details by hand.")
    draft.document = document
    commands.next_revision(db, draft, by, RevisionCause.BY_ITSELF, sheet="")
    return _("The page was read, and empty fields were filled in from it. Check each of them.")


def capture_page(db: Session, settings: Settings, draft: Draft, by: Person) -> str:
    """Save a private copy of the page, and return the outcome. The caller has saved the draft."""
    try:
        kept = captures.capture(db, settings, draft.record, draft.document["url"].strip(), by)
    except FetchError as error:
        return _("This did not work. {why}").format(why=error)
    return _("A private copy was saved: {size}.").format(size=size(kept.size_bytes))


def page_of_source(
    db: Session, id: str, address: str, person: Person, *, takes_hash: bool
) -> dict[str, Any]:
    """Return a source's web page, as its draft and its report show it."""
    lead = lead_of_source(db, id)
    return {
        "address": address.strip(),
        # Each with its size and with who made it.
        "captures": [
            (each, size(each.size_bytes), db.get_one(Person, each.by).called)
            for each in captures.captures_of_source(db, id)
        ],
        "may_download": person.may(DeskRole.EDITOR),
        "lead": lead.id if lead else None,
        "note": lead.note if lead else "",
        "takes_hash": takes_hash,
    }


def size(number_of_bytes: int) -> str:
    return (
        f"{number_of_bytes / 1_000_000:.1f} MB"
        if number_of_bytes >= 1_000_000
        else f"{max(1, round(number_of_bytes / 1_000))} kB"
    )
