"""What a page is about in the words of schema.org, as JSON-LD in its head: for search engines of data and for Zotero.

A list, a city or a day is a Dataset; an event is an Event, a figure the Claim of whoever said it, a source the report
that was read. Only what the page itself says stands there.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fastapi import Request

from app.dates import edtf as dates
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.sql.rows import Found
from app.site.components.record_title import named
from app.site.components.urls import place_page_address, record_address
from app.site.references.citable import AUTHOR, View
from app.site.references.formats import known_parts
from app.site.references.licence import licence_address
from app.vocabulary.sources import OutletKind, SourceKind
from app.web.urls import absolute, url

FILES = {".csv": "text/csv", ".json": "application/json"}
"""The files of a list by which programs that gather datasets read it."""


Thing = dict[str, Any]

CONTEXT = "https://schema.org"


def dataset(
    request: Request,
    view: View,
    files: Iterable[tuple[str, str]],
    directory: Directory,
    *,
    places: Iterable[str] = (),
    extent: dates.Days | None = None,
) -> Thing:
    """A list, a place or a day; `files` are content types and addresses of the same rows."""
    return _tidy(
        {
            **_of_an_edition(request, view),
            "@type": "Dataset",
            "name": view.title,
            "description": ". ".join(part for part in (view.title, view.remark) if part)
            + f". As reported by named sources; edition {view.edition.no} of {AUTHOR}, a public record of restrictions "
            "on migrant workers.",
            "isAccessibleForFree": True,
            "includedInDataCatalog": _catalogue(request),
            "distribution": [
                {
                    "@type": "DataDownload",
                    "encodingFormat": type,
                    "contentUrl": absolute(request, address),
                }
                for type, address in files
            ],
            "temporalCoverage": _interval(extent) if extent else "",
            "spatialCoverage": [
                _place(request, code, directory) for code in places if code in directory.places
            ],
        }
    )


def record(request: Request, view: View, row: Version | Found, directory: Directory) -> Thing:
    """An event, figure, source or outlet."""
    said = {
        **_of_an_edition(request, view),
        "name": named(row, directory)[0],
        **DESCRIBED[row.id[0]](request, row, directory),
    }
    return _tidy(said)


def site(request: Request) -> Thing:
    """The whole of it, and how to search it."""
    question = absolute(request, f"{url('timeline')}?q={{search_term_string}}")
    return {
        "@context": CONTEXT,
        "@type": "WebSite",
        "name": AUTHOR,
        "url": absolute(request, url("home")),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": question},
            "query-input": "required name=search_term_string",
        },
    }


def catalogue(request: Request, lists: Iterable[tuple[str, str, Sequence[str]]]) -> Thing:
    """The page on data: each list with its title, its address, and the addresses of its files."""
    return {
        "@context": CONTEXT,
        **_catalogue(request),
        "license": licence_address(request),
        "dataset": [
            {
                "@type": "Dataset",
                "name": f"{AUTHOR}: {title}",
                "description": f"{title} in the public record of restrictions on migrant workers, as reported by named "
                "sources, with every disagreement kept in sight.",
                "url": absolute(request, address),
                "license": licence_address(request),
                "creator": _publisher(request),
                "distribution": [
                    {"@type": "DataDownload", "contentUrl": absolute(request, file)}
                    for file in files
                ],
            }
            for title, address, files in lists
        ],
    }


# What all have in common ------------------------------------------------------------------------------------------


def _of_an_edition(request: Request, view: View) -> Thing:
    lasting = absolute(request, view.address)
    return {
        "@context": CONTEXT,
        "url": absolute(request, view.page),
        "identifier": [lasting, *([view.id] if view.id else [])],
        "mainEntityOfPage": lasting,
        "license": licence_address(request),
        "creator": _publisher(request),
        "version": str(view.edition.no),
        "dateModified": view.edition.at.date().isoformat(),
        "inLanguage": "en",
    }


def _publisher(request: Request) -> Thing:
    return {"@type": "Organization", "name": AUTHOR, "url": absolute(request, url("home"))}


def _catalogue(request: Request) -> Thing:
    return {"@type": "DataCatalog", "name": AUTHOR, "url": absolute(request, url("data"))}


def _place(request: Request, code: str, directory: Directory) -> Thing:
    names = [name for _language, name in directory.names_of_place(code)]
    address = absolute(request, place_page_address(directory, code))
    return _tidy(
        {
            "@type": "Place",
            "name": directory.label("place", code),
            "alternateName": names,
            "url": address,
        }
    )


def _places(request: Request, row: Version | Found, directory: Directory) -> list[Thing]:
    terms = row.payload["form"]["terms"]
    named = (
        t["code"]
        for t in terms
        if t["key"] == "place" and "code" in t and t["role"] != "shown-only"
    )
    return [
        _place(request, code, directory)
        for code in dict.fromkeys(named)
        if code in directory.places
    ]


def _sources(request: Request, row: Version | Found) -> list[Thing]:
    return [
        {"@type": "CreativeWork", "identifier": id, "url": absolute(request, record_address(id))}
        for id in row.payload["sources"]
    ]


def _tidy(thing: Mapping[str, Any]) -> Thing:
    """Without what is not stated."""
    return {name: value for name, value in thing.items() if value not in ("", [], None)}


# Days, as ISO 8601 has them ---------------------------------------------------------------------------------------


def _day(days: dates.Days) -> str:
    """As far as it is known for certain: a day, a month or a year; empty where it may be of several years."""
    return "-".join(
        f"{part:04}" if number == 0 else f"{part:02}"
        for number, part in enumerate(known_parts(days))
    )


def _interval(days: dates.Days) -> str:
    return f"{days.first or '..'}/{days.last or '..'}" if days.first or days.last else ""


def _begun_and_ended(edtf: str) -> tuple[str, str]:
    """The first and the last day of what was written, each as far as it is known."""
    if not edtf:
        return "", ""
    read = dates.parse(edtf)
    if read.shape == "interval":
        first, last = (
            _day(part.days) if part != dates.OPEN else ""
            for part in (read.parts[0], read.parts[-1])
        )
        return first, last
    return _day(read.whole or dates.Days()), ""


# One record -------------------------------------------------------------------------------------------------------


NOT_OURS = dict.fromkeys(("license", "creator", "version", "dateModified"), "")
"""What is said of our entry would be wrong of the event, the claim, the report or the outlet itself."""


def _event(request: Request, row: Version | Found, directory: Directory) -> Thing:
    form = row.payload["form"]
    begun, ended = _begun_and_ended(form.get("happened", ""))
    return {
        "@type": "Event",
        "description": form["summary"],
        "startDate": begun,
        "endDate": ended,
        "location": _places(request, row, directory),
        "subjectOf": _sources(request, row),
        **NOT_OURS,
    }


def _estimate(request: Request, row: Version | Found, directory: Directory) -> Thing:
    form = row.payload["form"]
    title, said, _remark = named(row, directory)
    return {
        **NOT_OURS,
        "@type": "Claim",
        "text": title,
        "creditText": said,
        "about": _places(request, row, directory),
        "temporalCoverage": _begun_and_ended(form.get("as_of") or form.get("period", ""))[0],
        "appearance": _sources(request, row),
    }


KINDS_OF_REPORT = {
    SourceKind.NEWS: "NewsArticle",
    SourceKind.LEGAL: "Article",
    SourceKind.BLOG: "BlogPosting",
    SourceKind.OTHER: "WebPage",
}
"""All others are reports."""


def _source(request: Request, row: Version | Found, directory: Directory) -> Thing:
    """The report itself, as it names itself."""
    form = row.payload["form"]
    published = dates.parse(form["published"]).whole if form.get("published") else None
    return {
        "@type": KINDS_OF_REPORT.get(SourceKind(form["kind"]), "Report"),
        "headline": form["title"],
        "alternateName": form.get("title_en", ""),
        "author": form.get("author", ""),
        "publisher": {
            "@type": "Organization",
            "name": directory.label("outlet", form["outlet"]),
            "url": absolute(request, url("outlet", code=form["outlet"])),
        },
        "datePublished": _day(published or dates.Days()),
        "inLanguage": form.get("language", ""),
        "sameAs": row.payload["link"],
        **NOT_OURS,
    }


KINDS_OF_OUTLET = {
    OutletKind.NEWSPAPER: "NewsMediaOrganization",
    OutletKind.AGENCY: "NewsMediaOrganization",
    OutletKind.BROADCASTER: "NewsMediaOrganization",
    OutletKind.GOVERNMENT: "GovernmentOrganization",
    OutletKind.NGO: "NGO",
    OutletKind.RESEARCH: "ResearchOrganization",
    OutletKind.FIRM: "Corporation",
}


def _outlet(_request: Request, row: Version | Found, directory: Directory) -> Thing:
    form = row.payload["form"]
    name = directory.label("outlet", form["code"])
    return {
        "@type": KINDS_OF_OUTLET.get(OutletKind(form["kind"]), "Organization"),
        "name": name,
        "alternateName": [each["text"] for each in form["names"] if each["text"] != name],
        **NOT_OURS,
        "inLanguage": "",
    }


DESCRIBED = {"E": _event, "M": _estimate, "S": _source, "O": _outlet}
