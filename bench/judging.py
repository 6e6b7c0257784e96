"""What a simulated editor wants of a report: the values and terms of each statement."""

from collections.abc import Sequence

from app.vocabulary.estimates import Population
from bench.report_texts import Wanted
from bench.seed_rows import Row, Seeds

MIN_DEFAULT_SHARE = 0.5
"""The editor makes a term a default if so many of the rows have it."""
ORDER = {"event": 0, "citation": 0, "estimate": 1}
"""An event comes before the estimates of its sentence."""


def wanted_terms(seeds: Seeds, record: str) -> list[Row]:
    """Return the terms of a record but for its places and actors."""
    return [
        each
        for each in seeds.terms_of(record)
        if each["key"] not in {"place", "actor"} and each.get("code")
    ]


def places_of(seeds: Seeds, record: str) -> list[str]:
    """Return the places of a record, without those that a picture only shows."""
    codes = [
        each["code"]
        for each in seeds.terms_of(record)
        if each["key"] == "place" and each.get("code") and each["role"] != "shown-only"
    ]
    return [*dict.fromkeys(codes)]


def usual_values(seeds: Seeds, wanted: Sequence[Wanted]) -> list[tuple[str, str]]:
    """Return what most records have: terms, with the role that a default gives them, and places."""
    records = [each.record for each in wanted if each.is_first]
    terms = [
        (each["key"], each["code"])
        for record in records
        for each in seeds.terms_of(record)
        if each["key"] not in {"place", "actor"} and each.get("code") and each["role"] == "target"
    ]
    terms += [("place", each[0]) for r in records if len(each := places_of(seeds, r)) == 1]
    counts = [seeds.by_id[record]["population"] for record in records if record[0] == "M"]
    counts = [each for each in counts if each != Population.THINGS]  # Each such row has it.
    usual = [("population", max(counts, key=counts.count))] if len(counts) > 1 else []
    least = len(records) * MIN_DEFAULT_SHARE
    return [*usual, *(term for term in dict.fromkeys(terms) if terms.count(term) > least)]


def who_says(speaker: Row) -> tuple[str, str, str]:
    return speaker["attribution"], speaker.get("words", ""), speaker.get("outlet", "")


def statement_of(seeds: Seeds, wanted: Wanted) -> str:
    """Return the one sentence that is typed: the title of an event, else what the source says."""
    if wanted.kind == "event":
        return seeds.by_id[wanted.record]["title"]
    return wanted.citation["paraphrase"]
