"""Descriptions of pages in schema.org (JSON-LD), for dataset search engines and Zotero.

Lists and places are a Dataset, events an Event, estimates a Claim, news a NewsArticle and so on.
The description repeats only what the page shows.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fastapi import Request

from app.dates import edtf
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.payloads import (
    cited_payload,
    form_of,
    named_place_codes,
    source_payload,
)
from app.record.sql.rows import ListRow
from app.site.components.links import register_links
from app.site.components.urls import place_page_address, record_address
from app.site.presenters.title import title_parts
from app.site.references.citable import AUTHOR, CitableView, known_parts, licence_address
from app.vocabulary.kinds import CITING_KINDS, NOUN_OF_KIND, RecordKind
from app.vocabulary.sources import SourceKind
from app.web.urls import absolute_url, url

FILES = {".csv": "text/csv", ".json": "application/json"}
"""Endings and media types of the files that the description of a dataset links to."""


Thing = dict[str, Any]

CONTEXT = "https://schema.org"


def describe_dataset(
    request: Request,
    view: CitableView,
    files: Iterable[tuple[str, str]],
    directory: Directory,
    *,
    places: Iterable[str] = (),
    extent: edtf.Days | None = None,
) -> Thing:
    """Describe a list, a place or a status page; `files` pairs a media type with an address."""
    return _without_empty(
        {
            **_edition_properties(request, view),
            "@type": "Dataset",
            "name": view.title,
            "description": ". ".join(part for part in (view.title, view.remark) if part)
            + (
                f". As reported by named sources; edition {view.edition.no} of {AUTHOR}, a public "
                "record of restrictions on migrant workers."
            ),
            "isAccessibleForFree": True,
            "includedInDataCatalog": _catalogue(request),
            "distribution": [
                {
                    "@type": "DataDownload",
                    "encodingFormat": type,
                    "contentUrl": absolute_url(request, address),
                }
                for type, address in files
            ],
            "temporalCoverage": f"{extent.first or '..'}/{extent.last or '..'}" if extent else "",
            "spatialCoverage": [
                _place(request, code, directory) for code in places if code in directory.places
            ],
        }
    )


def describe_record(
    request: Request, view: CitableView, row: Version | ListRow, directory: Directory
) -> Thing:
    """Describe an event, estimate, source or outlet."""
    description = {
        **_edition_properties(request, view),
        "name": title_parts(row, directory)[0],
        **_described_thing(request, row, directory),
    }
    return _without_empty(description)


def describe_site(request: Request) -> Thing:
    """Describe the site and its search."""
    search_address = absolute_url(request, f"{url('timeline')}?q={{search_term_string}}")
    return {
        "@context": CONTEXT,
        "@type": "WebSite",
        "name": AUTHOR,
        "url": absolute_url(request, url("home")),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": search_address},
            "query-input": "required name=search_term_string",
        },
    }


def describe_catalogue(request: Request, lists: Iterable[tuple[str, str, Sequence[str]]]) -> Thing:
    """Describe the page `/data`; `lists` has title, address and file addresses of each list."""
    return {
        "@context": CONTEXT,
        **_catalogue(request),
        "license": licence_address(request),
        "dataset": [
            {
                "@type": "Dataset",
                "name": f"{AUTHOR}: {title}",
                "description": (
                    f"{title} in the public record of restrictions on migrant workers, as "
                    "reported by named sources, with every disagreement kept in sight."
                ),
                "url": absolute_url(request, address),
                "license": licence_address(request),
                "creator": _publisher(request),
                "distribution": [
                    {"@type": "DataDownload", "contentUrl": absolute_url(request, file)}
                    for file in files
                ],
            }
            for title, address, files in lists
        ],
    }


# Common parts -----------------------------------------------------------------------------------


def _edition_properties(request: Request, view: CitableView) -> Thing:
    permanent = absolute_url(request, view.address)
    return {
        "@context": CONTEXT,
        "url": absolute_url(request, view.page),
        "identifier": [permanent, *([view.id] if view.id else [])],
        "mainEntityOfPage": permanent,
        "license": licence_address(request),
        "creator": _publisher(request),
        "version": str(view.edition.no),
        "dateModified": view.edition.at.date().isoformat(),
        "inLanguage": "en",
    }


def _publisher(request: Request) -> Thing:
    return {"@type": "Organization", "name": AUTHOR, "url": absolute_url(request, url("home"))}


def _catalogue(request: Request) -> Thing:
    return {"@type": "DataCatalog", "name": AUTHOR, "url": absolute_url(request, url("data"))}


def _place(request: Request, code: str, directory: Directory) -> Thing:
    names = [name for _language, name in directory.names_of_place(code)]
    address = absolute_url(request, place_page_address(directory, code))
    return _without_empty(
        {
            "@type": "Place",
            "name": directory.label("place", code),
            "alternateName": names,
            "url": address,
        }
    )


def _without_empty(thing: Mapping[str, Any]) -> Thing:
    """Remove empty values."""
    return {name: value for name, value in thing.items() if value not in ("", [], None)}


# Dates in ISO 8601 ------------------------------------------------------------------------------


def _certain_date(days: edtf.Days) -> str:
    """Return a day, month or year, as precise as the date is known; "" if the year is unknown."""
    return "-".join(
        f"{part:04}" if number == 0 else f"{part:02}"
        for number, part in enumerate(known_parts(days))
    )


def start_of(text: str) -> str:
    """Return the start of a date in EDTF, as precise as it is known."""
    if not text:
        return ""
    read = edtf.parse(text)
    return _certain_date((read.begins if read.shape == "interval" else read.whole) or edtf.Days())


# Records ----------------------------------------------------------------------------------------


EMPTY_ENTRY_PROPERTIES = dict.fromkeys(("license", "creator", "version", "dateModified"), "")
"""Empty licence, creator, version and date: those of our entry are wrong for what it describes."""


def _described_thing(request: Request, row: Version | ListRow, directory: Directory) -> Thing:
    """Return the properties of what a record is about, which is not our entry on it."""
    form, kind = form_of(row), row.id[0]

    if kind in CITING_KINDS:
        payload = cited_payload(row)
        places = [
            _place(request, code, directory)
            for code in named_place_codes(payload["form"]["terms"])
            if code in directory.places
        ]
        sources = [
            {
                "@type": "CreativeWork",
                "identifier": id,
                "url": absolute_url(request, record_address(id)),
            }
            for id in payload["sources"]
        ]
    if kind == RecordKind.EVENT:
        found = {
            "@type": "Event",
            "description": form["summary"],
            "startDate": start_of(form.get("happened", "")),
            "location": places,
            "subjectOf": sources,
        }
    elif kind == RecordKind.ESTIMATE:
        title, speaker, _remark = title_parts(row, directory)
        found = {
            "@type": "Claim",
            "text": title,
            "creditText": speaker,
            "about": places,
            "temporalCoverage": start_of(form.get("as_of") or form.get("period", "")),
            "appearance": sources,
        }
    elif kind == RecordKind.SOURCE:
        outlet = form["outlet"]
        found = {
            "@type": "NewsArticle" if form["kind"] == SourceKind.NEWS else "CreativeWork",
            "headline": form["title"],
            "alternateName": form.get("title_en", ""),
            "author": form.get("author", ""),
            "publisher": {
                "@type": "Organization",
                "name": directory.label("outlet", outlet),
                "url": absolute_url(request, url("outlet", code=outlet)),
            },
            "datePublished": start_of(form.get("published", "")),
            "inLanguage": form.get("language", ""),
            "sameAs": source_payload(row)["link"],
        }
    elif kind in {RecordKind.OUTLET, RecordKind.ACTOR, RecordKind.LAW}:
        name = directory.label(NOUN_OF_KIND[kind], form["code"])
        found = {
            "@type": "Legislation" if kind == RecordKind.LAW else "Organization",
            "name": name,
            "alternateName": [each["text"] for each in form["names"] if each["text"] != name],
            "inLanguage": "",
            "sameAs": form.get("text_url", "")
            or [address for _label, address in register_links(form)],
        }
    else:
        return {"@type": "WebPage", "inLanguage": form.get("language", "")}
    return found | EMPTY_ENTRY_PROPERTIES
