"""Choices and forms of merges."""

import re
from html import unescape
from typing import Any

from sqlalchemy import select

from app.database.sessions import DeskSession
from app.desk.approved import models
from app.desk.draft_form.catalogue import Catalogue
from app.desk.identity.models import Person
from app.desk.merges import side_by_side
from app.documents import document_of
from tests.support.draft_pages import FIELD


def approved(db: DeskSession, id: str) -> Any:
    row = db.get(models.Record, id)
    return row.form if row else None


def everything_of(db: DeskSession, gone: str, kept: str) -> frozenset[str]:
    """Choose the values of the kept record and all rows of both."""
    forms = [approved(db, id) for id in (kept, gone)]
    amal = db.scalars(select(Person).where(Person.name == "Amal")).one()
    differing = side_by_side(Catalogue(db, amal), type(forms[0]), *map(document_of, forms))
    return frozenset(each.place for each in differing if each.kind in {"added", "removed"})


def sent(html: str) -> dict[str, str]:
    """Return the fields that a browser sends from the merge form."""
    form = html[html.index('name="with"') - 30 :].split("</form>", maxsplit=1)[0]
    values: dict[str, str] = {}
    for tag, name, inside in FIELD.findall(form):
        if tag.startswith("<textarea"):
            values[name] = unescape(inside.split("</textarea>")[0])
        elif not re.search('type="(checkbox|radio)"', tag) or " checked" in tag:
            found = re.search(r'value="([^"]*)"', tag)
            values[name] = unescape(found[1]) if found else ""
    return values
