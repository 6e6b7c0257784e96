"""Rows that refer to other rows: stages of a rule, denials, and corrected numbers."""

from collections.abc import Sequence
from dataclasses import replace

from app.desk.reading.article import ArticleReading
from app.desk.reading.denial_rows import with_denials
from app.desk.reading.marks import Mark, MarkKind, Reason
from app.desk.reading.rows import ProposedRow
from app.desk.reading.stage_rows import with_stages
from app.vocabulary.citations import Attribution
from app.vocabulary.estimates import EstimateLink


def relate_rows(rows: Sequence[ProposedRow], reading: ArticleReading) -> list[ProposedRow]:
    """Return the rows of an article with those that refer to others."""
    return with_denials(with_stages(with_corrections(rows, reading), reading), reading)


# Corrected numbers ------------------------------------------------------------------------------


def with_corrections(rows: Sequence[ProposedRow], reading: ArticleReading) -> list[ProposedRow]:
    """Return rows where the number in force corrects that of an earlier version.

    The number in force is mostly in the body, too: then its row there is the one.
    """
    by_place = {
        mark.start: mark
        for _sentence, marks in reading
        for mark in marks
        if mark.kind is MarkKind.CORRECTION
    }
    if not by_place:
        return [*rows]
    related = [
        replace(row, correction=by_place[row.number.start])
        if row.number and row.number.start in by_place
        else row
        for row in rows
    ]
    for earlier in [row for row in related if _is(row, Reason.CORRECTED)]:
        correct = _correct_number(earlier, related)
        body = _number_of_text(earlier, correct, related)
        if correct is not None and body is not None:
            related.remove(correct)
        chosen = body or correct
        if chosen is None:
            continue
        relation = EstimateLink.CORRECTS
        if earlier.speaker and earlier.speaker.value != Attribution.OWN_VOICE:
            relation = EstimateLink.REVISES
        # The day and place of a correction are not those of the number.
        earlier_row = replace(
            earlier,
            type=chosen.type,
            when=body.when if body else None,
            where=body.where if body else (),
            others=body.others if body else (),
        )
        related[related.index(earlier)] = earlier_row
        linked = replace(chosen, to=earlier_row, relation=relation.value)
        related[related.index(chosen)] = linked
    return related


def _is(row: ProposedRow, reason: Reason) -> bool:
    return row.correction is not None and row.correction.reason is reason


def _correct_number(earlier: ProposedRow, rows: Sequence[ProposedRow]) -> ProposedRow | None:
    """Return the row of the number that takes the place of an earlier one: the nearest after it."""
    found = [
        row
        for row in rows
        if _is(row, Reason.CORRECT) and _unit(row.number) == _unit(earlier.number)
    ]
    place = earlier.number.start if earlier.number else 0

    def distance(row: ProposedRow) -> int:
        return abs(row.number.start - place) if row.number else 0

    return min(found, key=distance, default=None)


def _number_of_text(
    earlier: ProposedRow, correct: ProposedRow | None, rows: Sequence[ProposedRow]
) -> ProposedRow | None:
    """Return the row of the correct number in the body; else of the only number."""
    if correct is not None:
        return next((row for row in rows if _is_same_number(row, correct)), None)
    alike = [
        row
        for row in rows
        if row.number
        and not row.correction
        and row.sentence < earlier.sentence
        and _unit(row.number) == _unit(earlier.number)
    ]
    return alike[0] if len(alike) == 1 else None


def _unit(number: Mark | None) -> str:
    return number.figure.unit if number and number.figure else ""


def _is_same_number(row: ProposedRow, other: ProposedRow) -> bool:
    """Whether a row that is no correction has the number of another one."""
    if row.correction or not row.number or not other.number:
        return False
    one, two = row.number.figure, other.number.figure
    if one is None or two is None or (one.per and two.per and one.per != two.per):
        return False
    return (one.low, one.high, one.unit) == (two.low, two.high, two.unit)
