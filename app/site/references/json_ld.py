"""Descriptions of pages in schema.org (JSON-LD), for search engines.

Lists and places are a Dataset, events an Event, estimates a Claim, other records a WebPage. The
description repeats only what the page shows.
"""

from collections.abc import Iterable
from typing import Any

from fastapi import Request

from app.dates import edtf
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.payloads import Stored, cited_payload, named_place_codes
from app.record.sql.rows import ListRow
from app.site.components.urls import place_page_address, record_address
from app.site.presenters.title import title_parts
from app.site.references.citable import AUTHOR, CitableView, known_parts, licence_address
from app.vocabulary.kinds import CITING_KINDS, RecordKind
from app.web.urls import absolute_url, url

FILES = {".csv": "text/csv", ".json": "application/json"}
"""Endings and media types of the files that the description of a dataset links to."""


Thing = dict[str, Any]


def describe_dataset(
    request: Request,
    view: CitableView,
    files: Iterable[tuple[str, str]],
) -> Thing:
    """Describe a list, a place or a status page; `files` pairs a media type with an address."""
    return {
        **_edition_properties(request, view),
        "@type": "Dataset",
        "name": view.title,
        "description": ". ".join(part for part in (view.title, view.remark) if part)
        + (
            f". As reported by named sources; edition {view.edition.no} of {AUTHOR}, a public "
            "record of restrictions on migrant workers."
        ),
        "isAccessibleForFree": True,
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            "name": AUTHOR,
            "url": absolute_url(request, url("data")),
        },
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": type,
                "contentUrl": absolute_url(request, address),
            }
            for type, address in files
        ],
    }


# Common parts -----------------------------------------------------------------------------------


def _edition_properties(request: Request, view: CitableView) -> Thing:
    permanent = absolute_url(request, view.address)
    return {
        "@context": "https://schema.org",
        "url": absolute_url(request, view.page),
        "identifier": [permanent, *([view.id] if view.id else [])],
        "mainEntityOfPage": permanent,
        "license": licence_address(request),
        "creator": {
            "@type": "Organization",
            "name": AUTHOR,
            "url": absolute_url(request, url("home")),
        },
        "version": str(view.edition.no),
        "dateModified": view.edition.at.date().isoformat(),
        "inLanguage": "en",
    }


# Dates in ISO 8601 ------------------------------------------------------------------------------


def start_of(text: str) -> str:
    """Return the start of a date in EDTF, as precise as it is known; "" if the year is unknown."""
    if not text:
        return ""
    read = edtf.parse(text)
    days = (read.begins if read.shape == "interval" else read.whole) or edtf.Days()
    return "-".join(
        f"{part:04}" if number == 0 else f"{part:02}"
        for number, part in enumerate(known_parts(days))
    )


# Records ----------------------------------------------------------------------------------------


def describe_record(
    request: Request, view: CitableView, row: Version | ListRow, directory: Directory
) -> Thing:
    """Describe what an event or estimate is about, or our page on another record."""
    title, speaker, _remark = title_parts(row, directory)
    found = _edition_properties(request, view) | {"name": title}
    if row.id[0] not in CITING_KINDS:
        return found | {"@type": "WebPage"}
    # Those of our entry are wrong for what it describes.
    for name in ("license", "creator", "version", "dateModified"):
        del found[name]
    payload = cited_payload(row)
    form: Stored = payload["form"]
    places = [
        {
            "@type": "Place",
            "name": directory.label("place", code),
            "url": absolute_url(request, place_page_address(directory, code)),
        }
        for code in named_place_codes(form["terms"])
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
    if row.id[0] == RecordKind.EVENT:
        found |= {
            "@type": "Event",
            "description": form["summary"],
            "startDate": start_of(form.get("happened", "")),
            "location": places,
            "subjectOf": sources,
        }
    else:
        found |= {
            "@type": "Claim",
            "text": title,
            "creditText": speaker,
            "about": places,
            "temporalCoverage": start_of(form.get("as_of") or form.get("period", "")),
            "appearance": sources,
        }
    return {name: value for name, value in found.items() if value not in ("", [], None)}
