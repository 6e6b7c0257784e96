"""The events that carry out a plan: what a plan's row says of them (rule 2)."""

from datetime import date

from app.kinds import EventForm
from app.kinds.terms import EventToEvent
from app.record.derivation.facts import EventFacts
from app.record.payloads import PublishedCarrier
from app.record.rules import independence
from app.vocabulary.citations import Certainty, Stance
from app.vocabulary.events import EventLink


def carriers(plan: EventFacts) -> list[PublishedCarrier]:
    """Return the events that carry out a plan, the earliest first; none for any other event."""
    if not plan.form.is_only_planned:
        return []
    links = plan.context.links_into.get(plan.form.id, [])
    found = [
        _carrier(EventFacts(other, plan.context), link)
        for id, link in links
        if link.type is EventLink.IMPLEMENTS
        and (other := plan.context.events.get(id))
        and not other.is_only_planned
    ]
    return sorted(found, key=lambda carrier: carrier["begins"] or date.max.isoformat())


def _carrier(other: EventFacts, link: EventToEvent) -> PublishedCarrier:
    begins = other.spans.lo.first if other.spans.lo else None
    return {
        "event": other.form.id,
        "when": other.happened_words,
        "begins": begins.isoformat() if begins else None,
        "is_ours": not link.citation and (bool(link.reason) or not _is_said(other.form, link)),
        "is_alleged": not _is_firm(other),
    }


def _is_said(form: EventForm, link: EventToEvent) -> bool:
    """Whether a citation about the link supports it."""
    return any(
        citation.about == link.id and citation.stance is Stance.SUPPORTS
        for citation in form.citations
    )


def _is_firm(other: EventFacts) -> bool:
    support = independence.event_support(
        other.form.citations, is_plan=False, is_statement=other.is_statement
    )
    return any(citation.certainty is Certainty.FIRM for citation in support)
