"""How a request becomes a question, for all public lists and files."""

from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from app.filtering import MOST_VALUES, Dropped, Filters, Pairs
from app.i18n.translate import N_
from app.record import editions
from app.record.editions import Reading
from app.record.filters import CityFilters, EstimateFilters, EventFilters, SourceFilters
from app.record.names.directory import Directory
from app.site.components.urls import written
from app.site.lists.summary import unknown_codes


def places_by_name(
    pairs: Pairs, directory: Directory
) -> tuple[list[tuple[str, str]], list[Dropped]]:
    """The parts of an address with the codes of places in place of their names, and names that no place has."""
    read: list[tuple[str, str]] = []
    unknown: list[Dropped] = []
    for key, value in pairs:
        if key != "place":
            read.append((key, value))
            continue
        for name in _names(value, directory):
            codes = _places_named(name, directory)
            read += [(key, code) for code in codes]
            unknown += (
                [] if codes else [Dropped(key, name, N_("is the name of no place on record"))]
            )
    return read, unknown


def _names(value: str, directory: Directory) -> list[str]:
    """The names in what was typed: all of it, if that is one."""
    if _places_named(value, directory):
        return [value]
    parts = value.replace("、", ",").replace("，", ",").split(",")
    return [name for part in parts[:MOST_VALUES] if (name := part.strip())]


def _places_named(name: str, directory: Directory) -> list[str]:
    if name in directory.places or ("place", name) in directory.merged:
        return [name]
    return [code for key, code in directory.named(name) if key == "place"]


class NotUnderstood(ValueError):
    """An address asks for something that has no meaning; a machine must hear of it rather than get something else."""

    def __init__(self, reasons: Sequence[tuple[str, str]]) -> None:
        self.reasons = list(reasons)
        super().__init__("; ".join(f"{key}: {reason}" for key, reason in reasons))


def refuse_what_has_no_meaning(
    filters: Filters, dropped: Sequence[Dropped], directory: Directory
) -> None:
    reasons = [(item.key, item.reason) for item in dropped]
    reasons += [
        (key.key, f"there is no “{value}” in this edition")
        for key, value in unknown_codes(filters, directory)
    ]
    if reasons:
        raise NotUnderstood(reasons)


F = TypeVar("F", bound=Filters)
AskedByName = tuple[Reading, Directory, tuple[F, Sequence[Dropped]]]


def asked(filters: type[F]) -> Callable[[Request], tuple[F, list[Dropped]]]:
    """Reads the address's question, as far as it can be understood, and the rest."""

    def read(request: Request) -> tuple[F, list[Dropped]]:
        return filters.from_pairs(pairs_of(request))

    return read


def pairs_of(request: Request) -> list[tuple[str, str]]:
    text = request.scope["query_string"].decode("latin-1")
    return parse_qsl(text, keep_blank_values=True, errors="replace")


AskedEvents = Annotated[tuple[EventFilters, Sequence[Dropped]], Depends(asked(EventFilters))]
AskedEstimates = Annotated[
    tuple[EstimateFilters, Sequence[Dropped]], Depends(asked(EstimateFilters))
]
AskedSources = Annotated[tuple[SourceFilters, Sequence[Dropped]], Depends(asked(SourceFilters))]
AskedCities = Annotated[tuple[CityFilters, Sequence[Dropped]], Depends(asked(CityFilters))]


def asked_by_name(
    request: Request, db: Session, question: tuple[F, Sequence[Dropped]]
) -> AskedByName[F]:
    """The question as the edition that it asks of understands it: what was merged goes by another name there."""
    filters, dropped = question
    edition = editions.reading(db, filters.one("edition"))
    directory = names(request, db, edition)
    return edition, directory, (directory.led_on(filters), dropped)


def parse_request(
    request: Request,
    db: Session,
    filters: type[F],
    question: Callable[[Pairs, Directory], tuple[F, Sequence[Dropped]]],
) -> AskedByName[F]:
    pairs = pairs_of(request)
    edition = editions.reading(db, filters.from_pairs(pairs)[0].one("edition"))
    directory = names(request, db, edition)
    return edition, directory, question(pairs, directory)


def canonical(request: Request, question: tuple[Filters, Sequence[Dropped]]) -> Response | None:
    """A redirect to the one address of this question, if this is another one.

    An empty field of a form, another order, a default: the canonical address says the same in fewer words. What could
    not be understood comes after it, so that the page can say so.
    """
    filters, dropped = question
    left_out = [(item.key, item.value) for item in dropped]
    if pairs_of(request) == [*filters.pairs(), *left_out]:
        return None
    return RedirectResponse(written(request.url.path, filters, left_out), 303)


def written_as(request: Request) -> str:
    """The address as it was asked for."""
    query = request.scope["query_string"].decode("latin-1")
    return f"{request.url.path}?{query}" if query else request.url.path


def names(request: Request, db: Session, edition: Reading) -> Directory:
    directory: Directory = request.app.state.directories.of(db, edition)
    return directory
