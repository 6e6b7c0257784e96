"""Which estimates are drawn, and in which panel."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from app.dates import edtf
from app.i18n.translate import N_
from app.record.names.quantity import printed_unit
from app.record.payloads import PublishedEstimate, PublishedLink
from app.record.rules.whereabouts import Whereabouts
from app.site.components.headcounts import nationalities, possible_days, where_people_are
from app.vocabulary.estimates import (
    NATURES_OF_NOBODY,
    Counts,
    EstimateLink,
    FigureForm,
    FigureRole,
    Nature,
    Population,
)
from app.vocabulary.events import Role

DRAWN_MEASURES = (
    Counts.PRESENT,
    Counts.ARRIVALS,
    Counts.DEPARTURES,
    Counts.CROSSINGS,
    Counts.PAPERS,
    Counts.APPLICATIONS,
)
"""Measures that have a panel, in this order. Time, money, businesses and incidents have none."""

REASONS_LEFT_OUT = {
    "group": N_("one workplace or group"),
    "part": N_("part of another estimate in the chart"),
    "share": N_("a share"),
    "mean": N_("an average"),
    "change": N_("a change"),
    "percent-change": N_("a change in per cent"),
    "rate": N_("a rate per day, week, year or group"),
    "incident": N_("people involved in one event"),
    "thing": N_("not people"),
    "rule": N_("a number in a rule"),
    "through": N_("people on their way through"),
    "rejected": N_("not trusted by the editors"),
    "undated": N_("without a year"),
}


class PanelKey(NamedTuple):
    """What the estimates of a panel have in common. Each combination has its own panel."""

    measure: int
    """Index in `DRAWN_MEASURES`."""
    elsewhere: str
    """`Whereabouts` of the people; empty if they are at the place."""
    papers_were: str
    """What was done with papers: those issued are never drawn beside those revoked."""
    unit: str
    nationalities: tuple[str, ...]


def panel_key(form: PublishedEstimate, places: Collection[str]) -> PanelKey:
    counts = Counts(form["counts"])
    index = DRAWN_MEASURES.index(counts) if counts in DRAWN_MEASURES else len(DRAWN_MEASURES)
    where = where_people_are(form, places)
    return PanelKey(
        index,
        "" if where is Whereabouts.HERE else where,
        form.get("papers_were", ""),
        printed_unit(form),
        nationalities(form),
    )


def reason_left_out(
    form: PublishedEstimate, places: frozenset[str], others: Mapping[str, PublishedEstimate]
) -> str:
    """Return why an estimate is not drawn, as a key of REASONS; empty if it is drawn.

    `others` are all estimates of the place by id, because a part is not drawn beside its whole.
    """
    if form.get("role") == FigureRole.REJECTED:
        return "rejected"
    if form.get("form", FigureForm.NUMBER) != FigureForm.NUMBER:
        return str(form["form"])
    nature = form.get("nature", Nature.OBSERVED)
    if nature in NATURES_OF_NOBODY or (nature == Nature.LIMIT and form["counts"] == Counts.PRESENT):
        return "rule"
    if form["counts"] not in DRAWN_MEASURES:
        return "incident" if form["counts"] == Counts.TAKING_PART else "thing"
    if form.get("per"):
        return "rate"
    if form["counts"] == Counts.PRESENT and form["population"] == Population.ONE_GROUP:
        return "group"
    roles = {t["role"] for t in form["terms"] if t["key"] == "place" and t.get("code") in places}
    if roles <= {Role.VIA, Role.SHOWN_ONLY}:
        return "through"
    if any(_is_part(form, link, others, places) for link in form.get("links", [])):
        return "part"
    return "" if possible_days(form) != edtf.Days() else "undated"


def _is_part(
    form: PublishedEstimate,
    link: PublishedLink,
    others: Mapping[str, PublishedEstimate],
    places: Collection[str],
) -> bool:
    """Return whether it is part of an estimate in the same panel with the same nature."""
    whole = others.get(link["to"])
    return (
        link["type"] == EstimateLink.PART_OF
        and whole is not None
        and panel_key(whole, places) == panel_key(form, places)
        and whole.get("nature") == form.get("nature")
    )
