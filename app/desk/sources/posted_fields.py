"""Presses that write into a posted field, before the form is read into the sheet."""

import re

from sqlalchemy.orm import Session

from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts.new_from_name import begin_named
from app.desk.drafts.own_draft import NUMBER
from app.desk.drafts.towns import begin_country, begin_town
from app.desk.identity.models import Person
from app.desk.sheets.fields import DATE_FIELDS, FieldMaker
from app.desk.sheets.submitting import SOURCE
from app.desk.sheets.typed import SHOWN
from app.desk.sources.source_offers import basis_of_day
from app.documents import Document, clean


def with_pressed(
    db: Session, person: Person, source: str, do: str, posted: dict[str, str]
) -> tuple[str, dict[str, str]]:
    """Return what is left to be done, and the posted form with what the button writes into it."""
    do, posted = _begin_named(db, person, source, do=do, posted=posted)
    found = re.fullmatch(rf"set ({re.escape(SOURCE)}[a-z_]{{1,30}}) (.{{1,500}})", do)
    if found is None:
        return do, posted
    # The fields of the source are in its own draft, and not in the sheet's document.
    path, text = found.groups()
    basis = f"{SOURCE}published_basis"
    if path == f"{SOURCE}published" and not posted.get(basis):
        posted = {**posted, basis: basis_of_day(Catalogue(db, person), source, text)}
    return f"wrote {path}", {**posted, path: text}


def with_sole_readings(
    db: Session, person: Person, source: str, posted: dict[str, str]
) -> dict[str, str]:
    """Return the posted form whose words for dates are the dates, where they mean only one.

    A browser does the same when a box is left; no key and no browser without scripts waits for it.
    """
    catalogue = Catalogue(db, person)
    document = catalogue.document(source)
    make = FieldMaker(catalogue, document["published"] if document else "")
    read = {**posted}
    for path, text in posted.items():
        if path.rpartition(".")[2] not in DATE_FIELDS or path.startswith(SHOWN):
            continue
        typed = clean(text)
        reading = make.date(path, "", typed).reading
        offer = reading.sole_offer(typed) if reading else None
        if offer:
            read[path] = offer.edtf
    return read


def _begin_named(
    db: Session, person: Person, source: str, *, do: str, posted: dict[str, str]
) -> tuple[str, dict[str, str]]:
    """Begin the outlet, actor, law or place that a button makes of a typed name.

    Returns what is to be done then, and the posted form with its code in place of the name.
    """
    found = re.fullmatch(r"make (outlet|actor|law|place) (\S{1,100}) (.{1,500})", do, re.ASCII)
    if found is None:
        return do, posted
    noun, path, name = found.groups()
    draft = begin_named(db, person, noun, name, source)
    code = draft.document["code"] or name
    return f"made {draft.id}", {**posted, path: _with_code(posted.get(path, ""), name, code)}


def with_town(db: Session, person: Person, source: str, document: Document, do: str) -> str:
    """Make a place of the gazetteer's city that a button names, and write it into all rows.

    Returns what is left to be done.
    """
    found = re.fullmatch(rf"town (rows\.[0-9a-f]{{1,8}}\.where|places) ({NUMBER}) (.{{1,500}})", do)
    if found is None:
        return do
    path, geonames, typed = found.groups()
    if code := begin_town(db, person, int(geonames), source):
        for row in document["rows"]:
            row["where"] = _with_code(row["where"], typed, code)
        document["places"] = _with_code(document["places"], typed, code)
    return f"wrote {path}"


def _with_code(text: str, name: str, code: str) -> str:
    """Return names with a code in place of one of them."""
    parts = [part.strip() for part in text.split(",")]
    return ", ".join(code if part == name else part for part in parts) if name in parts else text


def place_of(db: Session, person: Person, source: str, marked: str) -> str:
    """Return the code of a marked place, `town:2035715` or `country:KR`; it is begun if missing."""
    of, _colon, code = marked.partition(":")
    if of == "town":
        return begin_town(db, person, int(code), source)
    return begin_country(db, person, code, source)
