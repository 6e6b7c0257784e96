"""The addresses of the public site. Each page opens the reader's session and fixes its edition once."""

import json
from collections.abc import Iterator
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

from app.database.sessions import Reader, StreamingReader
from app.filtering import Dropped
from app.record import editions, queries
from app.record.directory import Directory
from app.record.editions import NoEdition, Reading
from app.record.filters import EventFilters
from app.site import exports, rows
from app.site.addresses import address
from app.site.coverage import about
from app.site.event import event_page, find
from app.site.exports import refuse_what_has_no_meaning
from app.site.home import home
from app.site.sentence import in_words
from app.site.timeline import timeline
from app.web import page, static_files, url

router = APIRouter()


def asked(request: Request) -> tuple[EventFilters, list[Dropped]]:
    """The address's question, as far as it can be understood, and the rest."""
    text = request.scope["query_string"].decode("latin-1")
    return EventFilters.from_pairs(parse_qsl(text, keep_blank_values=True, errors="replace"))


Asked = Annotated[tuple[EventFilters, list[Dropped]], Depends(asked)]


def names(request: Request, db: Reader, edition: Reading) -> Directory:
    directory: Directory = request.app.state.directories.of(db, edition)
    return directory


@router.get("/", name="home")
def home_page(request: Request, db: Reader) -> Response:
    edition = editions.reading(db, request.query_params.get("edition", ""))
    directory = names(request, db, edition)
    return page(request, "site/home.html", edition=edition, home=home(db, edition, directory))


@router.get("/events", name="timeline")
def timeline_page(request: Request, db: Reader, question: Asked) -> Response:
    filters, dropped = question
    # An empty field of a form, another order, a default: the canonical address says the same in fewer words. What could
    # not be understood comes after it, so that the page can say so.
    given = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True, errors="replace")
    left_out = [(item.key, item.value) for item in dropped]
    if given != [*filters.pairs(), *left_out]:
        return RedirectResponse(address(filters, beside=left_out), 303)
    edition = editions.reading(db, filters.one("edition"))
    view = timeline(db, edition, filters, dropped, names(request, db, edition))
    return page(
        request,
        "site/timeline.html",
        edition=edition,
        timeline=view,
        q=filters.one("q"),
        lasting=view.lasting_address,
        json_url=view.json_address,
    )


@router.get("/events.json")
def timeline_json(request: Request, db: Reader, question: Asked) -> Response:
    filters, dropped = question
    edition = editions.reading(db, filters.one("edition"))
    directory = names(request, db, edition)
    refuse_what_has_no_meaning(filters, dropped, directory)
    body = exports.as_json(db, edition, filters, directory)
    return _json(body, edition, request)


@router.get("/events.csv")
def timeline_csv(request: Request, db: StreamingReader, question: Asked) -> Response:
    filters, dropped = question
    edition = editions.reading(db, filters.one("edition"))
    directory = names(request, db, edition)
    refuse_what_has_no_meaning(filters, dropped, directory)
    words = _filter_in_words(db, edition, filters, directory)

    def chunks() -> Iterator[str]:
        yield from exports.as_csv(db, edition, filters, directory)

    metadata = address(filters.with_(edition=str(edition.no)), ".csv-metadata.json")
    headers = {
        **_provenance(edition, request),
        "X-Sojourn-Filter": words.encode("ascii", "replace").decode(),
        "Content-Disposition": f'attachment; filename="{_file_name(edition, filters)}.csv"',
        "Link": f'<{metadata}>; rel="describedby"; type="application/csvm+json"',
    }
    return StreamingResponse(chunks(), media_type="text/csv; charset=utf-8; header=present", headers=headers)


@router.get("/events.csv-metadata.json")
def timeline_csv_metadata(request: Request, db: Reader, question: Asked) -> Response:
    filters, dropped = question
    edition = editions.reading(db, filters.one("edition"))
    directory = names(request, db, edition)
    refuse_what_has_no_meaning(filters, dropped, directory)
    words = _filter_in_words(db, edition, filters, directory)
    licence = request.app.state.settings.licence
    return _json(exports.csv_metadata(edition, filters, words, licence), edition, request)


@router.get("/events/{name}", name="event")
def one_event(request: Request, db: Reader, name: str) -> Response:
    is_json = name.endswith(".json")
    name = name.removesuffix(".json")
    edition = editions.reading(db, request.query_params.get("edition", ""))
    row = find(db, edition, name)
    if row is None:
        raise HTTPException(404)
    if row.state == "purged":
        raise HTTPException(410)
    to = row.payload.get("into") or (row.id if row.id != name else "")
    if to:
        query = request.scope["query_string"].decode("latin-1")
        return RedirectResponse(
            url("event", id=to) + (".json" if is_json else "") + (f"?{query}" if query else ""), 301
        )
    directory = names(request, db, edition)
    if is_json:
        body = {"edition": edition.no, "state": row.state, "reason": row.reason}
        return _json(
            body | (rows.as_json(queries.found(row)) if row.state == "live" else {"id": row.id}), edition, request
        )
    if row.state == "withdrawn":
        title = row.payload["form"]["title"]
        return page(request, "site/withdrawn.html", edition=edition, id=row.id, title=title, reason=row.reason)
    view = event_page(db, edition, row, directory)
    return page(request, "site/event.html", edition=edition, event=view, json_url=view.json_address)


@router.get("/about", name="about")
def about_page(request: Request, db: Reader) -> Response:
    edition = editions.reading(db, request.query_params.get("edition", ""))
    directory = names(request, db, edition)
    return page(request, "site/about.html", edition=edition, **about(db, edition, directory))


@router.get("/privacy", name="privacy")
def privacy_page(request: Request, db: Reader) -> Response:
    edition = editions.reading(db, request.query_params.get("edition", ""))
    return page(request, "site/privacy.html", edition=edition)


@router.get("/healthz")
def health(db: Reader) -> Response:
    """Healthy before anything has been published, too: that is edition 0."""
    try:
        edition = editions.reading(db).no
    except NoEdition:
        edition = 0
    return JSONResponse({"status": "ok", "edition": edition})


@router.get("/robots.txt")
def robots() -> Response:
    """Every record may be indexed; the endless combinations of filters may not."""
    return Response("User-agent: *\nDisallow: /*?\nDisallow: /desk\n", media_type="text/plain")


@router.get("/favicon.ico")
def favicon() -> Response:
    return _static("favicon.svg")


@router.get("/static/{name}")
def static_file(name: str) -> Response:
    return _static(name)


def _static(name: str) -> Response:
    file = static_files().get(name)
    if file is None:
        raise HTTPException(404)
    # The address holds a hash of the content, so that a browser need never ask again.
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "ETag": f'"{file.digest}"'}
    return Response(file.content, media_type=file.media_type, headers=headers)


def _filter_in_words(db: Reader, edition: Reading, filters: EventFilters, directory: Directory) -> str:
    return in_words(filters, queries.counts(db, edition, filters, directory), directory)


def _json(body: object, edition: Reading, request: Request) -> Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, media_type="application/json", headers=_provenance(edition, request))


def _provenance(edition: Reading, request: Request) -> dict[str, str]:
    """What a file must carry so that it can be cited: of which edition it is, and under which licence."""
    licence = request.app.state.settings.licence
    return {"X-Sojourn-Edition": str(edition.no), "X-Sojourn-Licence": licence}


def _file_name(edition: Reading, filters: EventFilters) -> str:
    """What the file holds, in letters that every system takes: sojourn-events-china-2019-edition-142."""
    parts = [*filters["place"][:3], *filters["type"][:2], *filters["from"], *filters["to"]]
    return "-".join(["sojourn-events", *dict.fromkeys(parts), f"edition-{edition.no}"])
