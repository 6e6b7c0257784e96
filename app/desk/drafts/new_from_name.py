"""Start a draft of a record that another draft names and that does not exist yet."""

import re
import unicodedata
from copy import deepcopy

from sqlalchemy.orm import Session

from app.desk.approved.draft_models import Draft, RevisionCause
from app.desk.draft_form.advice import names_in
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.fields import DraftSheet
from app.desk.draft_form.things import THING_OF_KIND
from app.desk.drafts import commands
from app.desk.drafts.articles import new_source_at
from app.desk.identity.models import Person
from app.documents import Document, blank, blank_row, set_text, text_at
from app.kinds import FORMS, Name
from app.kinds.locale_names import guess_language
from app.vocabulary.kinds import NAMED_NOUNS, RecordKind

KEY = re.compile(r"[0-9]+ for-([0-9]{1,9})-", re.ASCII)
"""Beginning of the key of a draft that another was started from; the name follows."""
MAX_NAME_IN_KEY = 500
"""Limits the key, which is indexed."""


def new_record_named_in(sheet: DraftSheet, path: str) -> tuple[str, Document] | None:
    """Return the kind and initial document of the record that a box names.

    None if the record exists, or if the box can't name a new one.
    """
    try:
        text = text_at(sheet.document, path).strip()
        box = sheet.box_at(path)
    except LookupError:
        return None
    if not (box.makes and box.thing):
        return None
    if box.thing == "source":
        return RecordKind.SOURCE, new_source_at(sheet.catalogue, text)
    return named_document(box.thing, text)


def named_document(noun: str, text: str) -> tuple[str, Document]:
    """Return the kind and initial document of a named record, such as an outlet, with this name."""
    name = blank_row(Name, text=text, language=guess_language(text), preferred="yes")
    kind = NAMED_NOUNS[noun]
    return kind, blank(FORMS[kind], code=code_of_name(text), names=[name])


def key_of(draft: Draft, document: Document) -> str:
    """Return the idempotency key that links a new draft to the draft it was started from."""
    name = document["url"] if "url" in document else document["names"][0]["text"]
    return f"for-{draft.id}-{name[:MAX_NAME_IN_KEY]}"


def name_with_new_record(
    db: Session, catalogue: Catalogue, waiting: Draft, new: Draft, by: Person
) -> None:
    """Enter the new record where the waiting draft has the name that it was started from.

    The name may have been corrected meanwhile, so that the typed one leads nowhere.
    """
    match = KEY.match(new.key)
    typed = new.key[match.end() :] if match else ""
    thing = THING_OF_KIND[new.kind]
    code = str(new.document.get("code") or new.record)
    form, document = FORMS[waiting.kind], deepcopy(waiting.document)
    for path, of, text in names_in(form, waiting.document):
        if of == thing and text[:MAX_NAME_IN_KEY] == typed and not catalogue.meant(of, text):
            set_text(document, path, code)
    if document != waiting.document:
        waiting.document = document
        commands.next_revision(db, waiting, by, RevisionCause.BY_ITSELF, sheet="")


def started_from(draft: Draft) -> int | None:
    """Return the id of the draft that this one was started from."""
    match = KEY.match(draft.key)
    return int(match[1]) if match else None


LETTERS = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ı": "i",
        "ħ": "h",
    }
)
"""Letters that Unicode does not take apart into a letter and an accent."""


def code_of_name(name: str) -> str:
    """Return a name as a code (“Île Zêta”: ile-zeta); "" if it has letters of another script.

    A code is permanent and part of addresses, so an editor chooses it for other scripts.
    """
    parts = unicodedata.normalize("NFKD", name.lower().translate(LETTERS))
    letters = "".join(part for part in parts if not unicodedata.combining(part))
    if any(letter.isalpha() and not letter.isascii() for letter in letters):
        return ""
    return re.sub(r"[^a-z0-9]+", "-", letters.replace("’", "").replace("'", "")).strip("-")
