"""Other estimates beside an estimate: conflicting and differing ones (rule 6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.i18n.translate import _, ngettext
from app.kinds import EstimateForm
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.names.support_labels import independent_sources
from app.record.payloads import estimate_payload, form_of
from app.record.rules import conflicts
from app.site.presenters.estimate import EstimateView
from app.vocabulary.estimates import Counts, EstimateLink


@dataclass(frozen=True)
class ComparedEstimate:
    """One row of a conflict table: an estimate with the values it allows."""

    figure: EstimateView
    bounds: str
    origins: str
    reason: str = ""
    """Why the editors marked it as conflicting."""


@dataclass(frozen=True)
class ConflictTable:
    """This estimate and the estimates that its bounds exclude (rule 6)."""

    title: str
    rule: str
    is_conflict: bool
    figures: Sequence[ComparedEstimate]


def conflict_tables(
    row: Version, others: Mapping[str, Version], directory: Directory
) -> Iterable[ConflictTable]:
    """Yield the conflicting, then the differing estimates, each with the rule applied (rule 6)."""
    payload = estimate_payload(row)
    is_stock = payload["form"]["counts"] == Counts.PRESENT
    reasons = _marked_conflicts(row, others)
    marked = [others[id] for id in payload["conflicts"] if id in reasons]
    rivals = [others[id] for id in payload["conflicts"] if id in others and id not in reasons]
    if marked:
        yield ConflictTable(
            ngettext(
                "Conflicts, in the editors’ judgement, with another estimate",
                "Conflicts, in the editors’ judgement, with {count} other estimates",
                len(marked),
            ),
            _(
                "The editors judge that they conflict, although they measure different things. "
                "Both may be true."
            ),
            True,
            [_compared_estimate(r, directory, reasons.get(r.id, "")) for r in (row, *marked)],
        )
    if rivals:
        title = ngettext(
            "In conflict with another estimate",
            "In conflict with {count} other estimates",
            len(rivals),
        )
        rule = (
            _("They measure the same thing, possibly on the same day, and have no value in common.")
            if is_stock
            else _("They measure the same thing over the same period, and have no value in common.")
        )
        yield ConflictTable(
            title, rule, True, [_compared_estimate(r, directory) for r in (row, *rivals)]
        )
    differing = [others[id] for id in payload["differs"] if id in others]
    if differing:
        title = ngettext(
            "Differs from another estimate", "Differs from {count} other estimates", len(differing)
        )
        rule = _(
            "They measure the same thing up to 92 days apart, and have no value in common. Both "
            "may be true on their day."
        )
        yield ConflictTable(
            title, rule, False, [_compared_estimate(r, directory) for r in (row, *differing)]
        )


def _marked_conflicts(row: Version, others: Mapping[str, Version]) -> dict[str, str]:
    """Return the editors' reasons for a conflict, by the id of the other estimate."""
    own = [(link["to"], link) for link in form_of(row).get("links", []) if link["to"] in others]
    back = [
        (id, link)
        for id, other in others.items()
        for link in form_of(other).get("links", [])
        if link["to"] == row.id
    ]
    return {
        id: link.get("reason", "")
        for id, link in own + back
        if link["type"] == EstimateLink.CONFLICTS_WITH
    }


def _compared_estimate(row: Version, directory: Directory, reason: str = "") -> ComparedEstimate:
    form = EstimateForm.model_validate(form_of(row))
    found = conflicts.allowed_values(form)
    origins = len(estimate_payload(row)["origins"])
    return ComparedEstimate(
        EstimateView(row, directory),
        _bounds(found) if found else "",
        independent_sources(origins),
        reason,
    )


def _bounds(bounds: conflicts.Bounds) -> str:
    """Return the values that an estimate allows: "7,750 to 7,850", "more than 500"."""
    low, high = (format_number(n) if n is not None else "" for n in (bounds.low, bounds.high))
    if low and high:
        return low if low == high else _("{low} to {high}").format(low=low, high=high)
    if low:
        return (_("more than {number}") if bounds.low_open else _("{number} or more")).format(
            number=low
        )
    return (_("fewer than {number}") if bounds.high_open else _("{number} or fewer")).format(
        number=high
    )


def format_number(number: Decimal) -> str:
    return f"{number.normalize():,f}".replace("-", "−")
