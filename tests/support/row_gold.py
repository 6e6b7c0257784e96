"""Passages with the relations between rows that they should get: stages, denials, corrections.

Sentences are numbered from 1. A stage is `2 start 2026-04-01`: its sentence, what its day is, and
the beginning of the day; `part_of` is the sentence of the rule. A denial is `2 disputes 1`: its
sentence, its stance and the sentence of what is denied. A correction is `50000 5000`: the earlier
number and, where the text has it, the one in its place.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.desk.reading.article import read_article
from app.desk.reading.marks import Proposer, Reason
from app.desk.reading.related_rows import relate_rows
from app.desk.reading.rows import ProposedRow, propose_rows
from tests.support.reading_gold import FOLDER, Score

RELATIONS = ("stage", "rule", "denial", "denied", "correction", "corrects")


@dataclass
class RelationComparison:
    """Scores by relation, and the differences in words."""

    scores: dict[str, Score] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)

    def total(self) -> Score:
        total = Score()
        for score in self.scores.values():
            total.add(score)
        return total


def relation_passages(name: str) -> list[dict[str, Any]]:
    """Return the passages of a file: `relations`, `relations_apart` or `relations_apart2`."""
    lines = (FOLDER / f"{name}.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def compare_relations(
    passages: Iterable[dict[str, Any]], proposers: Sequence[Proposer]
) -> RelationComparison:
    """Return how the related rows of passages compare with those that they should get."""
    comparison = RelationComparison({relation: Score() for relation in RELATIONS})
    for passage in passages:
        published = date.fromisoformat(passage["published"])
        reading = read_article(passage["text"], passage["language"], published, proposers)
        rows = relate_rows(propose_rows(reading), reading)
        found = Counter(_found(rows))
        wanted = [*_wanted(passage)]
        for relation, what in wanted:
            same = next((each for each in found if _is_same(each, (relation, what))), None)
            score = comparison.scores[relation]
            if same is None:
                score.missing += 1
                comparison.differences.append(f"{passage['id']} missing {relation} {what}")
            else:
                score.right += 1
                found -= Counter([same])
        for relation, what in found.elements():
            comparison.scores[relation].wrong += 1
            comparison.differences.append(f"{passage['id']} wrong {relation} {what}")
    return comparison


def _is_same(found: tuple[str, str], wanted: tuple[str, str]) -> bool:
    """Whether both are the same; of a day the beginning is enough, such as its month."""
    return found[0] == wanted[0] and (
        found[1].startswith(wanted[1]) if wanted[0] == "stage" else found[1] == wanted[1]
    )


def _wanted(passage: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for stage in passage["stages"]:
        yield "stage", stage
        yield "rule", f"{stage.split()[0]} of {passage['part_of']}"
    for denial in passage["denials"]:
        sentence, stance, denied = denial.split()
        yield "denial", f"{sentence} {stance}"
        yield "denied", f"{sentence} of {denied}"
    for correction in passage["corrections"]:
        earlier, *correct = correction.split()
        yield "correction", earlier
        if correct:
            yield "corrects", f"{earlier} by {correct[0]}"


def _found(rows: Sequence[ProposedRow]) -> Iterator[tuple[str, str]]:
    for row in rows:
        here = row.sentence + 1
        if row.stage:
            yield "stage", f"{here} {row.stage.also[0]} {row.stage.value}"
            yield "rule", f"{here} of {row.to.sentence + 1 if row.to else 0}"
        if row.denial:
            for sentence in (row.sentence, *row.further):
                yield "denial", f"{sentence + 1} {row.denial.value}"
                yield "denied", f"{sentence + 1} of {row.to.sentence + 1 if row.to else 0}"
        if row.correction and row.correction.reason is Reason.CORRECTED:
            yield "correction", _amount(row)
        if row.to and row.to.correction:
            yield "corrects", f"{_amount(row.to)} by {_amount(row)}"


def _amount(row: ProposedRow) -> str:
    figure = row.number.figure if row.number else None
    return f"{figure.low:.0f}" if figure and figure.low is not None else ""
