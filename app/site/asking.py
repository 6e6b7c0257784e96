"""How a request becomes a question, for all public lists and files."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from app.filtering import Dropped, Filters, Pairs
from app.record import editions
from app.record.editions import Reading
from app.record.filters import ChangeFilters, CityFilters, EstimateFilters, EventFilters, SourceFilters, StatusFilters
from app.record.names.directory import Directory
from app.site import applied, changes, described
from app.site.addresses import address, written
from app.site.citing import citebox, of_list
from app.site.feeds import feed_links
from app.site.listing import Listing
from app.site.sharing import shared
from app.web.page import page

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
AskedEstimates = Annotated[tuple[EstimateFilters, Sequence[Dropped]], Depends(asked(EstimateFilters))]
AskedSources = Annotated[tuple[SourceFilters, Sequence[Dropped]], Depends(asked(SourceFilters))]
AskedCities = Annotated[tuple[CityFilters, Sequence[Dropped]], Depends(asked(CityFilters))]


def asked_by_name(request: Request, db: Session, question: tuple[F, Sequence[Dropped]]) -> AskedByName[F]:
    """The question as the edition that it asks of understands it: what was merged goes by another name there."""
    filters, dropped = question
    edition = editions.reading(db, filters.one("edition"))
    directory = names(request, db, edition)
    return edition, directory, (directory.led_on(filters), dropped)


def asked_of_a_day(request: Request, db: Session) -> AskedByName[StatusFilters]:
    """Places may be given by their names, which are those of the edition asked for."""
    return _asked_by_name(request, db, StatusFilters, applied.question)


def asked_of_changes(request: Request, db: Session) -> AskedByName[ChangeFilters]:
    return _asked_by_name(request, db, ChangeFilters, changes.question)


def _asked_by_name(
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


def list_page(
    request: Request, template: str, edition: Reading, listing: Listing, directory: Directory, **rows: Any
) -> Response:
    """A filtered list: `site/browse.html` around its rows."""
    view = of_list(edition, listing.filters, listing.sentence)
    lasting = listing.filters.with_(after=None, limit=None, edition=str(edition.no))
    files = [(media_type, address(lasting, ending)) for ending, media_type in FILES.items()]
    places, extent = listing.filters["place"], listing.counts.extent
    return page(
        request,
        template,
        edition=edition,
        listing=listing,
        q=listing.filters.one("q"),
        lasting=listing.lasting_address,
        json_url=listing.json_address,
        cited=citebox(request, view),
        shared=shared(request, view),
        described=described.dataset(request, view, files, directory, places=places, extent=extent),
        feeds=feed_links(listing.filters, listing.title),
        **rows,
    )


FILES = {".csv": "text/csv", ".json": "application/json"}
"""The files of a list by which programs that gather datasets read it."""
