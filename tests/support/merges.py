"""Choices and forms of merges."""

from typing import Any

from sqlalchemy import select

from app.database.sessions import DeskSession
from app.desk.approved import models
from app.desk.draft_form.catalogue import Catalogue
from app.desk.identity.models import Person
from app.desk.merges import side_by_side
from app.documents import document_of
from tests.support.html import sent_by


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
    return sent_by(html, "//form[@method='post'][.//input[@name='with']]")
