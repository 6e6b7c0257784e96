"""Forms of every kind that together fill in every field, private ones with a secret."""

from typing import Any

from app.kinds import FORMS, Citation, Form, JoinedSources, RecordForm, Stage, Term, is_private
from app.kinds.base import rows_of

ADDRESS = "https://example.org/"
GIVEN: dict[str, dict[str, Any]] = {
    "CodeForm": {"list": "type", "code": "filled", "group": "host-state", "nature": "measure"}
    | {"is_law": True, "direction": "eases", "successor": "stay-limit"},
    "Name": {"language": "ko", "preferred": True},
    "ActorForm": {"id": "A91", "code": "filled-actor", "kind": "company", "parent": "actor-1"}
    | {"country": "CN", "wikidata": "Q148", "opensanctions": "NK-2aBcD", "reply_on": "2019-06-20"}
    | {"lei": "5493001KJTIIGC8Y1R12", "isni": "0000000121032683", "reply_url": ADDRESS},
    "LawForm": {"id": "N91", "code": "filled-law", "kind": "law", "issuer": "actor-1"}
    | {"parent": "law-1", "adopted": "2019-01", "in_force": "2019-02-01", "text_url": ADDRESS},
    "PlaceForm": {"id": "P91", "code": "filled-place", "kind": "city", "parent": "province-2"}
    | {"regions": ["country-3", "province-2"], "country": "CN", "latitude": 40.1234567}
    | {"longitude": -0.00001, "precision_km": 1.5, "geonames": 2037886, "operator": None},
    "OutletForm": {"id": "O91", "code": "filled-outlet", "kind": "agency", "country": "KR"}
    | {"languages": ["ko", "zh-Hans"], "belongs_to": "outlet-1", "reliability": "b"}
    | {"reliability_on": "2019-06-30"},
    "SourceForm": {"id": "S91", "slug": "source", "outlet": "outlet-1", "title_basis": "own-words"}
    | {"url": f"{ADDRESS}91", "language": "ko", "kind": "blog", "published": "2019-06-20"}
    | {"published_basis": "inferred"},
    "Copy": {"id": "7", "host_kind": "republisher", "url": ADDRESS, "extent": "excerpt"}
    | {"read_on": "2020-01-31", "archive": f"{ADDRESS}archive", "sha256": "0f" * 32},
    "DerivedFrom": {"source": "S1", "outlet": None, "how": "quotes"},
    "Citation": {"source": "S91", "said": "2019-06", "happened": "2019-06-15"}
    | {"locator": "page", "stance": "supports", "kind": "date", "field": "date"}
    | {"reports_event": "no", "names_law": True, "certainty": "hedged", "quote_language": "ko"}
    | {"differs": "rival", "quote": '“말, =1+1\nand "so"'},
    "ChainStep": {"attribution": "other-outlet", "named": "yes", "outlet": "outlet-2"},
    "JoinedSources": {"how": "one-voice"},
    "EventForm": {"id": "E91", "slug": "event", "type": "stay-limit", "happened": "2019-06"}
    | {"happened_basis": "day-inferred", "deadline": "unstated", "no_nationality": "any"}
    | {"exact_happened": "2019-06-17", "exact_place": "place-1", "attested": None}
    | {"direction": "leaves"},
    "Term": {"number": 12, "side": None, "scope": None},
    "Stage": {"step": "planned", "date": "unknown", "first_reported": "2019-06"}
    | {"planned_for": "2019-07", "deadline": "2019-08", "valid_until": "2020"},
    "EventToEvent": {"id": "L91", "type": "follows", "to": "E1", "citation": "C91"},
    "Legal": {"instrument": "law-1", "relation": "based-on", "reading": "ours"},
    "EstimateForm": {"id": "M91", "slug": "estimate", "event": "E1", "counts": "papers"}
    | {"papers_were": "issued", "nature": "planned", "unit": "visas", "per": "month", "low": "0.5"}
    | {"form": "mean", "point": 1_203, "high": "2000.25", "quantifier": "range", "role": "rejected"}
    | {"population": "students", "coverage": "part", "as_of": "2019-06", "inferred": "day"}
    | {"exact_as_of": "2019-06-17", "period": None, "share_of": None},
    "FigureToFigure": {"id": "L92", "type": "compared-with", "to": "M1"},
    "PageForm": {"id": "U91", "code": "filled-page", "kind": "about", "language": "en"}
    | {"places": ["place-1", "province-2"], "body": "Read [one](E1).\n\nPageForm.body|"},
    "PageSection": {"part": "funding", "says": "PageSection.says| [two](E1)"},
    "PictureMark": {"event": "E1"},
}
"""Values that are no mere text, by form."""


def _filled(form: type[Form], /, **given: Any) -> dict[str, Any]:
    """Return values for all fields: what is given, or a text with the names of form and field.

    What is given as None stays empty.
    """
    values = {**GIVEN.get(form.__name__, {}), **given}
    for name, field in form.model_fields.items():
        secret = "SECRET|" if is_private(field) else ""
        if row := rows_of(field):
            values.setdefault(name, [_filled(row)])
        elif field.annotation is str:
            values.setdefault(name, f"{form.__name__}.{name}|{secret}")
    return {name: value for name, value in values.items() if value is not None}


def filled_forms() -> list[RecordForm]:
    """Return forms of all kinds. What excludes another value is in a second form of its kind."""
    no_point = dict.fromkeys(("latitude", "longitude", "precision_km", "geonames"))
    outlet = [{"outlet": "outlet-2", "how": "relay"}]
    ongoing: dict[str, Any] = {
        "happened": None,
        "attested": "2019-06",
        "no_nationality": None,
        "links": [],
    }
    share: dict[str, Any] = {
        "as_of": None,
        "as_of_text": None,
        "period": "2019-06",
        "form": "share",
        "unit": "ratio",
        "links": [],
    }
    bounds = {"low": "0.00000125", "point": None, "high": "0.5", "share_of": "The whole|"}
    values: list[tuple[str, dict[str, Any]]] = [
        *((kind, {}) for kind in FORMS if kind not in "EM"),
        ("P", {"id": "P92", "code": "site", "kind": "site", "operator": "actor-1", **no_point}),
        ("S", {"id": "S92", "slug": None, "url": None, "derived_from": outlet, "copies": []}),
        ("E", {**_cited("C91", "C92", "L91"), "stages": [_filled(Stage, citation="C91")]}),
        ("E", {**_cited("C93", "C94"), "id": "E92", "slug": None, "stages": [], **ongoing}),
        ("M", _cited("C95", "C96", "L92")),
        ("M", {**_cited("C97", "C98"), "id": "M92", "slug": None, **share, **bounds}),
    ]
    return [FORMS[kind](**_filled(FORMS[kind], **given)) for kind, given in values]


def _cited(first: str, second: str, link: str = "") -> dict[str, Any]:
    """Return the rows of a record that refer to its citations, or to its link."""
    terms: list[dict[str, Any]] = [
        {"key": "place", "code": "place-1", "role": "at"},
        {"key": "actor", "code": "actor-1", "role": "orders", "side": "home-state"},
        {"key": "group", "code": None, "role": "target", "scope": "mostly"},
    ]
    return {
        "citations": [
            _filled(Citation, id=first, about=link or second),
            _filled(Citation, id=second, about=None),
        ],
        "terms": [_filled(Term, citation=first, **term) for term in terms],
        "joined_sources": [_filled(JoinedSources, member=first, other=second)],
    }
