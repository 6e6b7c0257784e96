"""What a simulated editor wants of a sheet: which row states what, and which words will do."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.desk.draft_form.documents import ROW, Document
from app.desk.sheets.form import OWN_VOICE, UNDECIDED, RowRelation, StatementKind
from app.vocabulary.estimates import Population
from bench.report_texts import Wanted
from bench.seed_rows import Row, Seeds

MIN_DEFAULT_SHARE = 0.5
"""The editor makes a term a default if so many of the rows have it."""
CONTENT_WORD = re.compile(r"[\w,.]*\d|[^\W\d_]{5,}")
MAX_WORDS_NOT_SAID = 3
"""A drafted statement is taken if it lacks no number and at most so many longer words."""
ORDER = {"event": 0, "citation": 0, "estimate": 1}
"""An event comes before the estimates of its sentence."""
FIGURE_FIELDS = ("quantifier", "low", "point", "high", "unit", "per", "form", "population")
USUAL = {"unit": "people", "form": "number", "nature": "observed", "certainty": "firm"}
USUAL |= {"stance": "supports"}
"""Values for which the field of a row is empty."""


def match_rows(
    rows: Sequence[Document], wanted: Sequence[Wanted], seeds: Seeds
) -> dict[str, Wanted]:
    """Return the statement of each row that states one, by row key."""
    matched: dict[str, Wanted] = {}
    for each in wanted:
        if each.kind == "citation":
            continue
        record = seeds.by_id[each.record]
        is_estimate = each.kind == "estimate"
        found = [
            row
            for row in rows
            if str(each.sentence) in row["sentences"].split()
            and row["state"] in UNDECIDED
            and (row["kind"] == StatementKind.ESTIMATE) == is_estimate
            and row[ROW] not in matched
        ]
        names = ("low", "point", "high") if is_estimate else ("type",)
        same = [row for row in found if all(row[name] == record[name] for name in names)]
        if same or (found and not is_estimate):
            matched[(same or found)[0][ROW]] = each
    return matched


@dataclass(frozen=True)
class WantedRow:
    """What the row of an estimate is to hold."""

    values: Row
    terms: Sequence[Row]
    places: Sequence[str]
    event: str
    """The key of the row of its event; "" if it has none."""

    def is_held(self, row: Document, document: Document) -> bool:
        """Whether a row holds all of it, and nothing else."""
        shown = {**row, "population": row["population"] or document["population"]}
        usual = [term for term in document["defaults"] if term["ticked"]]
        if nationality := document["nationality"]:
            usual.append({"key": "nationality", "code": nationality, "role": "target"})
        terms = [*row["terms"], *usual]
        links = [each["to"] for each in row["links"] if each["relation"] == RowRelation.OF_EVENT]
        places = codes_of(row["where"]) or codes_of(document["places"])
        return (
            all(shown[name].replace(OWN_VOICE, "") == text for name, text in self.values.items())
            and len(terms) == len(self.terms)
            and all(any(is_same_term(term, each) for each in self.terms) for term in terms)
            and {*places} == {*self.places}
            and links == [key for key in [self.event] if key]
        )


def wanted_terms(seeds: Seeds, record: str) -> list[Row]:
    """Return the terms of a record but for its places and actors."""
    return [
        each
        for each in seeds.terms_of(record)
        if each["key"] not in {"place", "actor"} and each.get("code")
    ]


def days_said(seeds: Seeds, source: str, wanted: Sequence[Wanted]) -> list[str]:
    """Return the days of statements, without the day of publication."""
    days = dict.fromkeys(each.citation["said"] for each in wanted)
    return [day for day in days if day != seeds.by_id[source]["published"]]


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


def codes_of(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def is_same_term(term: Document, wanted: Row) -> bool:
    return all(term[name] == wanted[name] for name in ("key", "code", "role"))


def statement_of(seeds: Seeds, wanted: Wanted) -> str:
    """Return the one sentence that is typed: the title of an event, else what the source says."""
    if wanted.kind == "event":
        return seeds.by_id[wanted.record]["title"]
    return wanted.citation["paraphrase"]


def names_same(offered: str, words: str) -> bool:
    """Whether words of the text name a speaker as the seeds do: at most one longer word differs."""
    said, wanted = (
        {each.casefold() for each in CONTENT_WORD.findall(text)} for text in (offered, words)
    )
    return bool(wanted) and len(wanted - said) <= 1 and len(wanted & said) > 0


def says_as_much(drafted: str, words: str) -> bool:
    """Whether a drafted statement has all numbers and nearly all longer words of a sentence."""
    said = {each.casefold() for each in CONTENT_WORD.findall(drafted)}
    missing = [each for each in CONTENT_WORD.findall(words) if each.casefold() not in said]
    has_all_numbers = not any(each[-1].isdecimal() for each in missing)
    return bool(drafted) and has_all_numbers and len(missing) <= MAX_WORDS_NOT_SAID
