"""One event as a reader sees it: what happened, when and where, and who says so, for and against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import dates
from app.forms import EventForm, SourceForm
from app.forms.events import UNSTATED
from app.language import N_, _
from app.record import queries
from app.record.derive import words
from app.record.directory import Directory
from app.record.editions import Reading
from app.record.models import Version
from app.site.cards import Mark, PlaceLink, corroboration_marks, place_links
from app.site.citations import CitationGroup, Target, citation_groups
from app.site.spans import Bar, bar
from app.vocabulary import Role, TermKey
from app.web import url


@dataclass(frozen=True)
class StageRow:
    track: str
    step: Mark
    date: str
    date_text: str
    citation: str
    is_hedged: bool
    remark: str


@dataclass(frozen=True)
class LinkRow:
    label: str
    title: str
    address: str
    reason: str


@dataclass(frozen=True)
class TermRow:
    """What the event names under one key and role, such as "Visa or paper, exempt"."""

    label: str
    values: Sequence[str]


@dataclass(frozen=True)
class EventPage:
    """Everything that `site/event.html` prints."""

    id: str
    title: str
    summary: str
    type: str
    type_address: str
    stages_now: Sequence[Mark]
    corroboration: Sequence[Mark]
    disputed: Sequence[str]
    when: str
    when_text: str
    within: str
    within_reason: str
    deadline: str
    deadline_text: str
    bar: Bar | None
    scale: str
    places: Sequence[PlaceLink]
    terms: Sequence[TermRow]
    legal: Sequence[str]
    stages: Sequence[StageRow]
    citations: Sequence[CitationGroup]
    origins: int
    links: Sequence[LinkRow]
    estimates: int
    added: int
    changed: int
    timeline_address: str
    json_address: str


def one_event(db: Session, edition: Reading, row: Version, directory: Directory) -> EventPage:
    form, payload = EventForm.model_validate(row.payload["form"]), row.payload
    linked = [link.to for link in form.links] + [link["from"] for link in payload["links_from"]]
    around = db.scalars(select(Version).where(Version.id.in_([*payload["sources"], *linked]), edition.holds())).all()
    sources = {r.id: SourceForm.model_validate(r.payload["form"]) for r in around if r.kind == "S"}
    titles = {r.id: r.payload["form"]["title"] for r in around if r.kind == "E" and r.state == "live"}
    found = queries.found(row)
    year = found.sort_day.year if found.sort_day else None
    scale = dates.window(str(year), str(year)) if year else dates.Days()
    return EventPage(
        id=form.id,
        title=form.title,
        summary=form.summary,
        type=directory.label("type", form.type),
        type_address=f"{url('timeline')}?type={form.type}",
        stages_now=[Mark(step, directory.label("stage", step)) for step in payload["stage"].values()],
        corroboration=corroboration_marks(payload, directory),
        disputed=[directory.label("disputed", code) for code in payload["disputed"]],
        when=payload["happened_words"] or _("Date not known"),
        when_text=form.happened_text,
        within=words(form.within) if form.within else "",
        within_reason=form.within_reason,
        deadline=_("not stated") if form.deadline == UNSTATED else payload["deadline_words"],
        deadline_text=form.deadline_text,
        bar=bar(found.span, found.lo, found.hi, form.happened, form.deadline, scale, width=172) if year else None,
        scale=str(year or ""),
        places=place_links(payload["form"]["terms"], directory, but=()),
        terms=_terms(form, directory),
        legal=[
            f"{directory.label('instrument', legal.instrument) if legal.instrument else legal.printed} "
            f"({legal.relation.label.lower()}, {legal.reading.label.lower()} reading)"
            for legal in form.legal
        ],
        stages=[
            StageRow(
                track=stage.step.track.label,
                step=Mark(stage.step, stage.step.label),
                date=_("not known") if stage.date in {"", "unknown"} else words(stage.date),
                date_text=stage.date_text,
                citation=stage.citation,
                is_hedged=step["hedged"],
                remark=stage.remark,
            )
            for stage, step in zip(form.stages, payload["steps"], strict=True)
        ],
        citations=citation_groups(form, sources, directory, _cited_links(form, titles)),
        origins=len(payload["origins"]),
        links=_links(form, payload["links_from"], titles),
        estimates=len(payload["estimates"]),
        added=row.added,
        changed=row.changed,
        timeline_address=url("timeline"),
        json_address=f"{url('event', id=form.id)}.json",
    )


def _terms(form: EventForm, directory: Directory) -> list[TermRow]:
    rows: dict[str, list[str]] = {}
    for term in form.terms:
        if term.key is TermKey.PLACE:
            continue
        plain = term.role in {Role.TARGET, Role.AFFECTED}
        label = (
            term.key.label
            if plain and term.key is not TermKey.ACTOR
            else f"{term.key.label}: {term.role.label.lower()}"
        )
        name = directory.label(term.key, term.code) if term.code else term.printed
        if term.code and term.printed and term.printed.casefold() != name.casefold():
            name = f"{name} (“{term.printed}”)"
        if term.number is not None:
            name = f"{name}: {term.number}"
        rows.setdefault(label, []).append(name)
    return [TermRow(label, values) for label, values in rows.items()]


def _links(form: EventForm, into: Sequence[Mapping[str, str]], titles: Mapping[str, str]) -> list[LinkRow]:
    rows = [
        LinkRow(link.type.label, titles[link.to], url("event", id=link.to), link.reason)
        for link in form.links
        if link.to in titles
    ]
    for link in into:
        if link["from"] in titles:
            label = BACKWARDS[link["type"]]
            rows.append(LinkRow(_(label), titles[link["from"]], url("event", id=link["from"]), ""))
    return rows


def _cited_links(form: EventForm, titles: Mapping[str, str]) -> dict[str, Target]:
    """The links of this event that a citation may speak of."""
    return {
        link.id: Target(f"{_(link.type.label)}: {titles.get(link.to, link.to)}", url("event", id=link.to))
        for link in form.links
    }


BACKWARDS = {
    "part-of": N_("Has the part"),
    "follows": N_("Is followed by"),
    "implements": N_("Is carried out by"),
    "effect-of": N_("Led, it is said, to"),
    "evades": N_("Is got round by"),
    "reverses": N_("Is reversed by"),
    "explains": N_("Is explained by"),
    "answers": N_("Is answered by"),
    "same-as": N_("Same as"),
    "contradicts": N_("Contradicted by"),
}
