"""Ids of the rules last reported for a day in each of several places, for the JSON file."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from app.record.compare_filters import CompareFilters
from app.record.filters import StatusFilters
from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory
from app.record.reads import measures
from app.site.status.on_day import covers_of, reported_on_day
from app.vocabulary.events import StatusGroup

LARGER = "larger"
GROUPS = [group for group in StatusGroup if group is not StatusGroup.DONE]
"""Acts done once are no rules and have no status later."""


def rules_of_places(
    db: Session,
    edition: IndexedEdition,
    filters: CompareFilters,
    directory: Directory,
    on: date,
) -> list[Mapping[str, Sequence[str]]]:
    """Return the ids by group for each place; those for a larger place under `larger`."""
    asked = StatusFilters.made_of({"place": filters["place"], "on": [on.isoformat()]}, {})
    every, _further = reported_on_day(db, edition, asked, directory)
    rules = sorted(
        (each for each in every if each.status.group in GROUPS),
        key=lambda each: each.status.main.last.day or date.min,
        reverse=True,
    )
    found: list[Mapping[str, Sequence[str]]] = []
    for code in filters["place"]:
        covers = covers_of(StatusFilters.made_of({"place": [code]}, {}), directory)
        named = [each for each in rules if measures.is_in_places(each.measure, [code], directory)]
        ids = {
            str(group): [each.measure.id for each in named if each.status.group is group]
            for group in GROUPS
        }
        larger = [e for e in every if e.status.group in GROUPS and covers(e.measure)]
        found.append({**ids, LARGER: [each.measure.id for each in larger]})
    return found
