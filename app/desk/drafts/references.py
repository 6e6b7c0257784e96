"""Who names a record, and how what names one comes to name another."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.desk.approved import models
from app.desk.draft_form.documents import ROW, Document
from app.desk.draft_form.things import Thing, thing_named
from app.forms import EventToEvent, FigureToFigure, Form, OutletForm, PlaceForm, SourceForm
from app.forms.base import rows_of

THINGS: dict[str, Thing] = {
    "P": "place",
    "O": "outlet",
    "S": "source",
    "E": "event",
    "M": "estimate",
}


def name_of(row: models.Record) -> str:
    """By what others name a record."""
    return row.code if isinstance(row, models.Place | models.Outlet) else row.id


def naming(db: Session, kind: str, name: str) -> list[str]:
    """Ids of the approved records that name it."""
    return sorted({id for statement in _WHO[kind](name) for id in db.scalars(statement) if id})


def _of_statements(child: Any, condition: Any) -> list[Select[Any]]:
    return [select(child.event).where(condition), select(child.estimate).where(condition)]


def _who_names_a_place(code: str) -> list[Select[Any]]:
    return [
        *_of_statements(models.Term, models.Term.place == code),
        select(models.Event.id).where(models.Event.exact_place == code),
        select(models.Place.id).where(models.Place.parent == code),
        select(models.PlaceRegion.place).where(models.PlaceRegion.region == code),
    ]


def _who_names_an_outlet(code: str) -> list[Select[Any]]:
    speaks = models.Citation.id.in_(
        select(models.ChainStep.citation).where(models.ChainStep.outlet == code)
    )
    return [
        *_of_statements(models.Citation, speaks),
        select(models.Source.id).where(models.Source.outlet == code),
        select(models.SourceParent.child).where(models.SourceParent.outlet == code),
        select(models.Outlet.id).where(models.Outlet.belongs_to == code),
    ]


def _who_names_a_source(id: str) -> list[Select[Any]]:
    return [
        *_of_statements(models.Citation, models.Citation.source == id),
        select(models.SourceParent.child).where(models.SourceParent.source == id),
    ]


_WHO: dict[str, Callable[[str], list[Select[Any]]]] = {
    "P": _who_names_a_place,
    "O": _who_names_an_outlet,
    "S": _who_names_a_source,
    "E": lambda id: [
        select(models.EventLink.event).where(models.EventLink.to == id),
        select(models.Estimate.id).where(models.Estimate.event == id),
    ],
    "M": lambda id: [select(models.EstimateLink.estimate).where(models.EstimateLink.to == id)],
}


# Another name -----------------------------------------------------------------------------------------------------


def led_on(form: type[Form], document: Document, thing: Thing, old: str, new: str) -> Document:
    """The document with one thing named instead of another, and tidied after that."""
    return tidy(form, renamed(form, document, thing, old, new))


def renamed(form: type[Form], document: Document, thing: Thing, old: str, new: str) -> Document:
    changed: Document = {ROW: document[ROW]} if ROW in document else {}
    for name, described in form.model_fields.items():
        value = document[name]
        if child := rows_of(described):
            changed[name] = [renamed(child, row, thing, old, new) for row in value]
        elif form is PlaceForm and name == "regions" and thing == "place":
            codes = [new if code == old else code for code in value.split(", ")]
            changed[name] = ", ".join(dict.fromkeys(codes))
        else:
            changed[name] = (
                new if value == old and thing_named(form, name, document) == thing else value
            )
    return changed


def tidy(form: type[Form], document: Document) -> Document:
    """Without what says a thing twice, and without what would name the record itself."""
    changed = dict(document)
    own = document.get("code") or document.get("id")
    for name in ("parent", "belongs_to"):
        if form in {PlaceForm, OutletForm} and changed.get(name) == own:
            changed[name] = ""
    if form is PlaceForm:
        changed["regions"] = ", ".join(
            code for code in changed["regions"].split(", ") if code != own
        )
    if form is SourceForm:
        changed["derived_from"] = [row for row in changed["derived_from"] if row["source"] != own]
    same: dict[str, str] = {}
    for name, described in form.model_fields.items():
        if child := rows_of(described):
            changed[name] = _once(child, changed[name], own, same)
    if "citations" in changed:
        changed["citations"] = [
            {**row, "about": same.get(row["about"], row["about"])} for row in changed["citations"]
        ]
    if "names" in changed:
        changed["names"] = _one_preferred(changed["names"])
    return changed


def _once(form: type[Form], rows: list[Document], own: Any, same: dict[str, str]) -> list[Document]:
    """Each row once. `same` learns which link stands for another; one to the record itself stands for nothing."""
    found: dict[str, Document] = {}
    is_link = form in {EventToEvent, FigureToFigure}
    for row in rows:
        if is_link and row["to"] == own:
            same[row["id"]] = ""
            continue
        key = f"{row['type']} {row['to']}" if is_link else repr(_plain(row))
        if is_link and key in found:
            same[row["id"]] = found[key]["id"]
        found.setdefault(key, row)
    return list(found.values())


def _plain(value: Any) -> Any:
    """A row without the keys by which a page knows it."""
    match value:
        case list():
            return [_plain(each) for each in value]
        case dict():
            return {name: _plain(each) for name, each in value.items() if name != ROW}
    return value


def _one_preferred(names: list[Document]) -> list[Document]:
    """One name of each language is shown first: the first that says so."""
    found: list[Document] = []
    for row in names:
        before = [other for other in found if other["language"] == row["language"]]
        if any(other["text"] == row["text"] for other in before):
            continue
        is_second = any(other["preferred"] for other in before)
        found.append({**row, "preferred": ""} if is_second else row)
    return found
