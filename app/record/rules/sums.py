"""A whole and the sum of its sectors, and by how much they differ (rule 6)."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.forms import EstimateForm
from app.record.rules.conflicts import DISCARDED, is_same_time, sectors_key
from app.record.rules.coverage import restricts
from app.vocabulary.estimates import EstimateLink, Quantifier
from app.vocabulary.events import TermKey

Broader = Callable[[str], Collection[str]]
"""Returns a sector and the sectors that contain it."""
SHARP = {Quantifier.EXACT, Quantifier.OFFICIAL}


@dataclass(frozen=True)
class Amount:
    """A sum or difference of numbers as reported. None is an end that nobody reported."""

    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True)
class Sum:
    """Parts of a whole that can be added up."""

    parts: Sequence[EstimateForm]
    by_sector: bool
    total: Amount
    difference: Amount
    """The whole, less the sum."""
    is_about: bool
    """Whether one of the numbers is no sharp one."""


def sums(whole: EstimateForm, others: Iterable[EstimateForm], broader: Broader) -> list[Sum]:
    """Return the sums to compare with an estimate: of its sectors, and of what it is the sum of."""
    if not _is_number(whole):
        return []
    others = [other for other in others if other.id != whole.id and _is_number(other)]
    by_id = {other.id: other for other in others}
    named = [link.to for link in whole.links if link.type is EstimateLink.SUM_OF]
    added = [by_id[id] for id in named if id in by_id]
    found = [_sum(whole, parts, True) for parts in _sector_groups(whole, others, broader)]
    return [*found, _sum(whole, added, False)] if named and len(added) == len(named) else found


def _is_number(estimate: EstimateForm) -> bool:
    return estimate.quantifier is not Quantifier.WORDS and estimate.role not in DISCARDED


def _sector_groups(
    whole: EstimateForm, others: Sequence[EstimateForm], broader: Broader
) -> Iterator[list[EstimateForm]]:
    """Yield the sectors that one source gives for the time of the whole, if none overlap."""
    key = sectors_key(whole)
    parts = [
        other
        for other in others
        if _sectors(other) and sectors_key(other) == key and is_same_time(whole, other)
    ]
    if not key or _sectors(whole):
        return
    sources = dict.fromkeys(citation.source for part in parts for citation in part.citations)
    groups = [
        [part for part in parts if any(c.source == source for c in part.citations)]
        for source in sources
    ]
    yielded: list[set[str]] = []
    for group in sorted(groups, key=len, reverse=True):
        ids = {part.id for part in group}
        if _are_disjoint(group, broader) and not any(ids <= earlier for earlier in yielded):
            yielded.append(ids)
            yield group


def _sectors(estimate: EstimateForm) -> set[str]:
    return {
        term.code or term.printed.casefold()
        for term in estimate.terms
        if term.key is TermKey.SECTOR and restricts(term)
    }


def _are_disjoint(parts: Sequence[EstimateForm], broader: Broader) -> bool:
    around = [{wider for code in _sectors(part) for wider in broader(code)} for part in parts]
    return not any(
        _sectors(part) & around[index]
        for part in parts
        for index, other in enumerate(parts)
        if other is not part
    )


def _sum(whole: EstimateForm, parts: Sequence[EstimateForm], by_sector: bool) -> Sum:
    amounts, amount = [_stated(part) for part in parts], _stated(whole)
    highs = [each.high for each in amounts if each.high is not None]
    low = sum((each.low or Decimal(0) for each in amounts), Decimal(0))
    high = sum(highs, Decimal(0)) if len(highs) == len(amounts) else None
    return Sum(
        parts,
        by_sector,
        Amount(low, high),
        Amount(
            None if amount.low is None or high is None else amount.low - high,
            None if amount.high is None else amount.high - low,
        ),
        any(each.quantifier not in SHARP and each.point is not None for each in (whole, *parts)),
    )


def _stated(estimate: EstimateForm) -> Amount:
    """Return the numbers as reported, without the width of a round number."""
    low, point, high = estimate.low, estimate.point, estimate.high
    return Amount(
        low if low is not None else point if high is None else None,
        high if high is not None else point if low is None else None,
    )
