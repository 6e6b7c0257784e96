"""Forms of every kind that together fill in every field, private ones with a secret."""

from typing import Any

from app.kinds import FORMS, Citation, Form, JoinedSources, RecordForm, Stage, Term, is_private
from app.kinds.base import rows_of
from tests.make import fields

ADDRESS = "https://example.org/"
GIVEN: dict[str, dict[str, Any]] = {
    "CodeForm": fields("list=type, code=filled, group=host-state, nature=measure, is_law=yes")
    | fields("direction=eases, successor=stay-limit"),
    "Name": fields("language=ko, preferred=yes"),
    "ActorForm": fields("id=A91, code=filled-actor, kind=company, parent=actor-1, country=CN")
    | fields("wikidata=Q148, opensanctions=NK-2aBcD, lei=5493001KJTIIGC8Y1R12")
    | fields(f"isni=0000000121032683, reply_on=2019-06-20, reply_url={ADDRESS}"),
    "LawForm": fields("id=N91, code=filled-law, kind=law, issuer=actor-1, parent=law-1")
    | fields(f"adopted=2019-01, in_force=2019-02-01, text_url={ADDRESS}"),
    "PlaceForm": fields("id=P91, code=filled-place, kind=city, parent=province-2, country=CN")
    | fields("latitude=40.1234567, longitude=-0.00001, precision_km=1.5, geonames=2037886")
    | {"operator": None, "regions": ["country-3", "province-2"]},
    "OutletForm": fields("id=O91, code=filled-outlet, kind=agency, country=KR, reliability=b")
    | fields("belongs_to=outlet-1, reliability_on=2019-06-30")
    | {"languages": ["ko", "zh-Hans"]},
    "SourceForm": fields("id=S91, slug=source, outlet=outlet-1, title_basis=own-words, kind=blog")
    | fields(f"url={ADDRESS}91, language=ko, published=2019-06-20, published_basis=inferred"),
    "Copy": fields(f"id=7, host_kind=republisher, url={ADDRESS}, extent=excerpt")
    | fields(f"read_on=2020-01-31, archive={ADDRESS}archive, sha256={'0f' * 32}"),
    "DerivedFrom": fields("source=S1, outlet=-, how=quotes"),
    "Citation": fields("source=S91, said=2019-06, happened=2019-06-15, locator=page, kind=date")
    | fields("stance=supports, field=date, reports_event=no, names_law=yes, certainty=hedged")
    | fields("differs=rival, quote_language=ko")
    | {"quote": '“말, =1+1\nand "so"'},
    "ChainStep": fields("attribution=other-outlet, named=yes, outlet=outlet-2"),
    "JoinedSources": fields("how=one-voice"),
    "EventForm": fields("id=E91, slug=event, type=stay-limit, happened=2019-06, direction=leaves")
    | fields("happened_basis=day-inferred, deadline=unstated, no_nationality=any, attested=-")
    | fields("exact_happened=2019-06-17, exact_place=place-1"),
    "Term": fields("number=12, side=-, scope=-"),
    "Stage": fields("step=planned, date=unknown, first_reported=2019-06, planned_for=2019-07")
    | fields("deadline=2019-08, valid_until=2020"),
    "EventToEvent": fields("id=L91, type=follows, to=E1, citation=C91"),
    "Legal": fields("instrument=law-1, relation=based-on, reading=ours"),
    "EstimateForm": fields("id=M91, slug=estimate, event=E1, counts=papers, papers_were=issued")
    | fields("nature=planned, unit=visas, per=month, form=mean, quantifier=range, role=rejected")
    | fields("low=0.5, point=1203, high=2000.25, population=students, coverage=part")
    | fields("as_of=2019-06, inferred=day, exact_as_of=2019-06-17, period=-, share_of=-"),
    "FigureToFigure": fields("id=L92, type=compared-with, to=M1"),
    "PageForm": fields("id=U91, code=filled-page, kind=about, language=en")
    | {"places": ["place-1", "province-2"], "body": "Read [one](E1).\n\nPageForm.body|"},
    "PageSection": fields("part=funding, says=PageSection.says| [two](E1)"),
    "PictureMark": fields("event=E1"),
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
    no_point = fields("latitude=-, longitude=-, precision_km=-, geonames=-")
    outlet = [fields("outlet=outlet-2, how=relay")]
    ongoing = {**fields("happened=-, attested=2019-06, no_nationality=-"), "links": []}
    share = fields("as_of=-, as_of_text=-, period=2019-06, form=share, unit=ratio")
    bounds = fields("low=0.00000125, point=-, high=0.5, share_of=The whole|")
    values: list[tuple[str, dict[str, Any]]] = [
        *((kind, {}) for kind in FORMS if kind not in "EM"),
        ("P", {"id": "P92", "code": "site", "kind": "site", "operator": "actor-1", **no_point}),
        ("S", {"id": "S92", "slug": None, "url": None, "derived_from": outlet, "copies": []}),
        ("E", {**_cited("C91", "C92", "L91"), "stages": [_filled(Stage, citation="C91")]}),
        ("E", {**_cited("C93", "C94"), "id": "E92", "slug": None, "stages": [], **ongoing}),
        ("M", _cited("C95", "C96", "L92")),
        ("M", {**_cited("C97", "C98"), "id": "M92", "slug": None, "links": [], **share, **bounds}),
    ]
    return [FORMS[kind](**_filled(FORMS[kind], **given)) for kind, given in values]


def _cited(first: str, second: str, link: str = "") -> dict[str, Any]:
    """Return the rows of a record that refer to its citations, or to its link."""
    terms = [
        fields("key=place, code=place-1, role=at"),
        fields("key=actor, code=actor-1, role=orders, side=home-state"),
        fields("key=group, code=-, role=target, scope=mostly"),
    ]
    return {
        "citations": [
            _filled(Citation, id=first, about=link or second),
            _filled(Citation, id=second, about=None),
        ],
        "terms": [_filled(Term, citation=first, **term) for term in terms],
        "joined_sources": [_filled(JoinedSources, member=first, other=second)],
    }
