"""A figure in words, for every page that shows one: how much, of what, where and when, who said so, and its rivals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.i18n.translate import N_, _
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.sql.rows import Found
from app.site.components.badges import speaker_group
from app.site.components.place_links import PlaceLink, short_names
from app.site.components.quantity import Form, amount, quantity
from app.site.components.urls import place_page_address, record_address
from app.vocabulary.citations import Attribution, Stance
from app.vocabulary.estimates import Counts, FigureForm, FigureRole, Nature, Population
from app.vocabulary.events import Role
from app.web.urls import url

# What a page prints -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PageLink:
    label: str
    address: str


@dataclass(frozen=True)
class FigureView:
    """One figure as lists, tables and charts say it."""

    id: str
    address: str
    amount: str
    """The figure alone: "more than 20,000"."""
    words: str
    """With its unit and what it is counted by: "12,000–15,000 visas a year"."""
    as_printed: str
    """The words around it, as the source has them; empty where the amount says those very words."""
    counts: str
    """What it counts, and whether it was seen: "Arrivals, planned"."""
    population: str
    time: str
    time_as_printed: str
    is_as_of: bool
    """Whether it holds at a moment; else it was counted over a period, or its time is not known."""
    places: Sequence[PlaceLink]
    is_of_several_places: bool
    """Whether it counts its places together."""
    speaker: str
    speaker_kind: str
    speaker_group: str
    via: Sequence[str]
    """Who passed it on, from the speaker towards the report that was read."""
    read_in: Sequence[PageLink]
    """The outlets of the sources that support it; the sources themselves where others are cited against it."""
    sources: int
    conflicts: Sequence[PageLink]
    """The figures that it conflicts with, by id, and those that it merely differs from."""
    differs: Sequence[PageLink]
    disputed: Sequence[str]
    role: str
    """What its editors make of it, empty where it is one of the figures."""
    role_code: str
    role_reason: str
    is_printed: bool
    """No for a sum or remainder that no source wrote."""
    remark: str
    event: str
    """Id of the event it belongs to, or nothing."""

    @property
    def time_label(self) -> str:
        return _("As of") if self.is_as_of else _("Period")


def figure_view(row: Found | Version, directory: Directory) -> FigureView:
    form: Form = row.payload["form"]
    payload = row.payload
    citation = spoken_by(form)
    chain = citation["chain"] if citation else []
    role = FigureRole(form.get("role", FigureRole.ORDINARY))
    places = figure_places(form, directory)
    return FigureView(
        id=row.id,
        address=record_address(row.id),
        amount=amount(form),
        words=quantity(form),
        as_printed=_as_printed(form),
        counts=what_it_counts(form),
        population=form.get("population_text") or _(Population(form["population"]).label),
        time=payload["time_words"] or _("Date not known"),
        time_as_printed=form.get("as_of_text", "") or form.get("period_text", ""),
        is_as_of="as_of" in form,
        places=places,
        is_of_several_places=len(places) > 1
        and len({t["role"] for t in form["terms"] if t["key"] == "place"}) == 1,
        speaker=_step(chain[0], payload["outlets"], directory) if chain else _("Nobody is cited"),
        speaker_kind=_kind(chain[0]) if chain else "",
        speaker_group=speaker_group(chain[0]["attribution"]) if chain else "out",
        via=[_step(step, (), directory) for step in chain[1:]],
        read_in=_read_in(payload, directory),
        sources=len(payload["sources"]),
        conflicts=[PageLink(id, record_address(id)) for id in payload["conflicts"]],
        differs=[PageLink(id, record_address(id)) for id in payload["differs"]],
        disputed=[directory.label("disputed", code) for code in payload["disputed"]],
        role="" if role is FigureRole.ORDINARY else _(role.label),
        role_code=role,
        role_reason=form.get("role_reason", ""),
        is_printed=form.get("printed", True),
        remark=form.get("remark", ""),
        event=form.get("event", ""),
    )


def _as_printed(form: Form) -> str:
    words: str = form.get("printed_words", "")
    return "" if words.casefold() in amount(form).casefold() else words


# Of what, where ---------------------------------------------------------------------------------------------------


def what_it_counts(form: Form) -> str:
    """ "People present", "Arrivals, planned", "People present, share": whatever keeps two figures from being alike."""
    nature, kind = (
        Nature(form.get("nature", Nature.OBSERVED)),
        FigureForm(form.get("form", FigureForm.NUMBER)),
    )
    parts = [_(Counts(form["counts"]).label)]
    if nature is not Nature.OBSERVED:
        parts.append(_(nature.label).lower())
    if kind is not FigureForm.NUMBER:
        parts.append(_(kind.label).lower())
    return _(", ").join(parts)


PLAIN_ROLES = {Counts.ARRIVALS: {Role.AT, Role.TO}, Counts.DEPARTURES: {Role.AT, Role.FROM}}
"""Roles of a place that what is counted says already: arrivals are to a place. Of all else, only where it is."""

PLACE_ROLES = {
    Role.AT: N_("at {place}"),
    Role.FROM: N_("from {place}"),
    Role.TO: N_("to {place}"),
    Role.VIA: N_("through {place}"),
    Role.LIVED: N_("living in {place}"),
    Role.GATHERED: N_("gathered in {place}"),
}


def figure_places(form: Form, directory: Directory) -> list[PlaceLink]:
    """The places it counts, each leading to its page; what is only seen in a picture is none of them."""
    plain = PLAIN_ROLES.get(Counts(form["counts"]), {Role.AT})
    return [
        _place(term, Role(term["role"]) in plain, directory)
        for term in form["terms"]
        if term["key"] == "place" and term["role"] != Role.SHOWN_ONLY
    ]


def _place(term: Form, is_plain: bool, directory: Directory) -> PlaceLink:
    code = term.get("code", "")
    name = directory.label("place", code) if code else term["printed"]
    label = name if is_plain else _(PLACE_ROLES[Role(term["role"])]).format(place=name)
    address = place_page_address(directory, code) if code else ""
    return PlaceLink(label, address, short_names(directory, code) if code else ())


# Who said so ------------------------------------------------------------------------------------------------------


def spoken_by(form: Form) -> Form | None:
    """The citation whose speaker a table names: the first that supports the figure, else the first there is."""
    citations = form.get("citations", [])
    supporting = [c for c in citations if c["stance"] == Stance.SUPPORTS and not c.get("about")]
    return next(iter([*supporting, *citations]), None)


def _read_in(payload: Mapping[str, Any], directory: Directory) -> list[PageLink]:
    """A row names its outlets but not which source is whose: whoever disputes a figure must not seem to say it."""
    citations = payload["form"].get("citations", [])
    supporting = dict.fromkeys(c["source"] for c in citations if c["stance"] == Stance.SUPPORTS)
    if supporting and len(supporting) < len(payload["sources"]):
        return [PageLink(id, record_address(id)) for id in supporting]
    return [
        PageLink(directory.label("outlet", code), url("outlet", code=code))
        for code in payload["outlets"]
    ]


def _step(step: Form, outlets: Sequence[str], directory: Directory) -> str:
    """Who speaks, in words; where an outlet speaks itself and only one was read, that outlet."""
    if step.get("outlet"):
        return directory.label("outlet", step["outlet"])
    if step.get("words"):
        return str(step["words"])
    if step["attribution"] == Attribution.OWN_VOICE and len(outlets) == 1:
        return directory.label("outlet", outlets[0])
    return _(Attribution(step["attribution"]).label)


def _kind(step: Form) -> str:
    """What kind of speaker it is, where the words for it do not say so already."""
    is_named = step.get("words") or step.get("outlet")
    return _(Attribution(step["attribution"]).label) if is_named else ""
