"""What a draft names and nobody has entered yet: it is begun from the box in which its name was typed."""

import re

from app.desk.approved.draft_models import Draft
from app.desk.captures.metadata import language_of_letters
from app.desk.draft_form import documents
from app.desk.draft_form.documents import Document
from app.desk.draft_form.fields import Sheet
from app.desk.drafts.articles import begun_at
from app.forms import FORMS, Name

LETTERS = {"outlet": "O", "place": "P"}
LONGEST_IN_KEY = 500
"""An index holds the keys."""


def named_in(sheet: Sheet, path: str) -> tuple[str, Document] | None:
    """The kind of what that box names, and how it begins; nothing where there is such a thing, or none can be meant."""
    try:
        text = documents.text_at(sheet.document, path).strip()
        box = sheet.box_at(path)
    except LookupError:
        return None
    if not box.makes:
        return None
    if box.thing == "source":
        return "S", begun_at(sheet.catalogue, text)
    name = documents.blank_row(Name, text=text, language=language_of_letters(text), preferred="yes")
    # Letters that addresses are made of; a code is for ever, so that other scripts are left to a person.
    code = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") if text.isascii() else ""
    kind = LETTERS[box.thing or ""]
    return kind, documents.blank(FORMS[kind], code=code, names=[name])


def key_of(draft: Draft, document: Document) -> str:
    """By it what was begun knows for which draft that was; a second press finds what the first one began."""
    named = document["url"] if "url" in document else document["names"][0]["text"]
    return f"for-{draft.id}-{named[:LONGEST_IN_KEY]}"


def begun_for(draft: Draft) -> int | None:
    """The number of the draft from whose box this one was begun."""
    found = re.match(r"[0-9]+ for-([0-9]{1,9})-", draft.key)
    return int(found[1]) if found else None
