"""Makes citations of the rows that somebody denies, or does not know of."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from app.desk.reading.article import ArticleReading
from app.desk.reading.denials import NONE_HERE
from app.desk.reading.marks import Language, Mark, MarkKind, Reason, Sentence
from app.desk.reading.rows import (
    CarriedMarks,
    ProposedRow,
    shared_row,
    with_carried,
)
from app.desk.reading.words import plain
from app.vocabulary.estimates import Counts, Unit

MAX_SENTENCES_TO_EVENT = 6
MAX_SENTENCES_TO_NUMBER = 2
CITATION_OF = "citation-of"
NO_COMMENT = re.compile(r"comment|언급|말씀|置评|评论|コメント|お答え|комментир|добавить")
"""Words of somebody who says nothing: they cite no statement."""
FINDINGS = re.compile(r"findings|conclusions")
"""What a report begins with is what somebody denies with these words."""
IN_DOUBT: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(r"[^,.;:\"“”]{0,40} "),
    "ko": re.compile(
        r"[^,.;\"“”]{0,24}?"
        r"(?:[은는을를이가]|에 (?:대해|관해)(?:서는?)?|여부[는를]?|관련(?:해서?)?는?) ?"
    ),
    "zh": re.compile(r"[^,.;。、“”]{0,12},?"),
    "ja": re.compile(r"[^、。「」]{0,16}?(?:[はを]|に(?:ついて|関して)は?|かどうか[はを]?)、?"),
    "ru": re.compile(r"[^,.;:«»]{0,40} "),
}
"""Between what nobody confirms and the verb."""


def with_denials(rows: Sequence[ProposedRow], reading: ArticleReading) -> list[ProposedRow]:
    """Return rows with a citation for each denial of what a row before it states.

    What is denied makes no event or number of its own. A denial of nothing stated before stays a
    mark, and the question that its verb made.
    """
    related = [*rows]
    for at, (sentence, marks, carried) in enumerate(with_carried(reading)):
        denial = next((mark for mark in marks if mark.kind is MarkKind.DENIAL), None)
        if denial is not None:
            related = _with_denial(related, (at, sentence), denial, marks, carried)
    return sorted(related, key=lambda row: row.sentence)


def _with_denial(
    rows: Sequence[ProposedRow],
    place: tuple[int, Sentence],
    denial: Mark,
    marks: Sequence[Mark],
    carried: CarriedMarks,
) -> list[ProposedRow]:
    at, sentence = place
    own = [row for row in rows if row.sentence == at]
    others = [row for row in rows if row.sentence != at and not _is_denial(row)]
    before = [row for row in others if row.sentence < at]
    # A headline may deny what the text tells after it.
    after = [row for row in others if row.sentence > at][::-1]
    numbers = {id(row): same for row in own if (same := _same_number(row, before))}
    types = {
        id(row): same
        for row in own
        if (same := _same_type(row, [*after, *before] if _is_denied(row, denial) else before))
    }
    text = plain(sentence.text)
    words = text[denial.start - sentence.start : denial.end - sentence.start]
    denied = [
        row
        for row in own
        if id(row) in types or _is_denied(row, denial) or _is_in_doubt(row, denial, sentence, text)
    ]
    target = next(iter(numbers.values()), None) or next(iter(types.values()), None)
    if target is None:
        on_record = next((row for row in denied if row.record), None)
        told_here = [
            row
            for row in own
            if row.kind != "estimate" and row not in denied and _is_before(row, denial)
        ]
        target = (
            on_record
            or next(iter(told_here), None)
            or _people(before, at, NONE_HERE[sentence.language].search(words) is not None)
            or _denied_before(rows, at)
            or (before[0] if before and FINDINGS.search(words) else None)
            or _nearest(before, at, denial)
        )
    if target is None or NO_COMMENT.search(words):
        # What nobody confirms is no event, also where nothing else tells of it.
        open_ones = [row for row in denied if denial.reason is not Reason.DENIAL]
        return [row for row in rows if not any(row is each for each in open_ones)]
    target = target.to if target.stage and target.to else target
    gone = [*denied, *(row for row in own if id(row) in numbers)]
    kept = [row for row in rows if not any(row is each for each in gone)]
    row = shared_row(ProposedRow("citation", at, denial=denial), denial, marks, carried)
    row = replace(
        row,
        type=denied[0].type if denied else "",
        action=denied[0].action if denied else None,
        when=None,
        others=(),
    )
    if target.record:
        row = replace(row, record=target.record)
    else:
        row = replace(row, to=target, relation=CITATION_OF)
    same = next((each for each in kept if _goes_on(each, row)), None)
    if same is None:
        return [*kept, row]
    speaker = same.speaker or row.speaker
    joined = replace(same, further=(*same.further, at), speaker=speaker)
    return [joined if each is same else each for each in kept]


def _denied_before(rows: Sequence[ProposedRow], at: int) -> ProposedRow | None:
    """Return the row that the sentence before denies: the next one mostly denies the same."""
    last = (row for row in rows if row.denial and at - 1 in (row.sentence, *row.further))
    return next((row.to for row in last), None)


def _people(before: Sequence[ProposedRow], at: int, is_none: bool) -> ProposedRow | None:
    """Return the last number of people, if somebody says that there are none."""
    numbers = [
        row
        for row in before
        if row.number
        and row.number.figure
        and row.number.figure.unit == Unit.PEOPLE
        and at - row.sentence <= MAX_SENTENCES_TO_EVENT
    ]
    if not is_none:
        return None
    # How many are there, at any distance: the number that a report begins with is denied.
    present = [row for row in before if row.type == Counts.PRESENT and _is_of_people(row)]
    near = [row for row in present if row in numbers]
    return next(iter([*near[-1:], *present[:1], *numbers[-1:]]), None)


def _is_of_people(row: ProposedRow) -> bool:
    figure = row.number.figure if row.number else None
    return figure is not None and figure.unit == Unit.PEOPLE


def _is_denial(row: ProposedRow) -> bool:
    return row.denial is not None or (
        row.action is not None and row.action.reason is Reason.DENIED and row.kind != "estimate"
    )


def _is_denied(row: ProposedRow, denial: Mark) -> bool:
    """Whether an event of the sentence is what is denied: “denied that anybody was deported”."""
    if row.kind == "estimate" or row.action is None:
        return False
    return row.action.reason is Reason.DENIED or row.action.start >= denial.start


def _is_in_doubt(row: ProposedRow, denial: Mark, sentence: Sentence, text: str) -> bool:
    """Whether an event is what nobody confirms, with the verb after it: 귀국은 확인할 수 없다."""
    if denial.reason is Reason.DENIAL or row.kind == "estimate" or row.action is None:
        return False
    between = text[row.action.end - sentence.start : max(0, denial.start - sentence.start)]
    is_before = row.action.end <= denial.start
    return is_before and IN_DOUBT[sentence.language].fullmatch(between) is not None


def _is_before(row: ProposedRow, denial: Mark) -> bool:
    return row.action is not None and row.action.end <= denial.start


def _same_number(row: ProposedRow, before: Iterable[ProposedRow]) -> ProposedRow | None:
    """Return the row before that has the number of an estimate."""
    if row.number is None or row.number.figure is None or row.number.figure.low is None:
        return None
    figure = row.number.figure
    same = [
        each
        for each in before
        if each.number
        and each.number.figure
        and (each.number.figure.low, each.number.figure.high, each.number.figure.unit)
        == (figure.low, figure.high, figure.unit)
    ]
    return same[-1] if same else None


def _same_type(row: ProposedRow, before: Iterable[ProposedRow]) -> ProposedRow | None:
    """Return the nearest event before of the type of an event row."""
    if row.kind == "estimate" or not row.type:
        return None
    same = [each for each in before if each.kind != "estimate" and each.type == row.type]
    return same[-1] if same else None


def _nearest(before: Sequence[ProposedRow], at: int, denial: Mark) -> ProposedRow | None:
    """Return what a denial without a verb of the field is about.

    It is the last event, or else the first one of the article. What is not confirmed is in the
    sentences just before, and may be a number.
    """
    events = [row for row in before if row.kind != "estimate"]
    numbers = [row for row in before if row.number and at - row.sentence <= MAX_SENTENCES_TO_NUMBER]
    near = [row for row in events if at - row.sentence <= MAX_SENTENCES_TO_EVENT]
    if denial.reason is Reason.UNCONFIRMED and numbers:
        last = max(row.sentence for row in (*near, *numbers))
        here = [row for row in near if row.sentence == last]
        return here[-1] if here else next(row for row in numbers if row.sentence == last)
    for found in (near[-1:], numbers[-1:], events[:1]):
        if found:
            return found[0]
    return None


def _goes_on(before: ProposedRow, row: ProposedRow) -> bool:
    """Whether the sentence before denies the same in the words of the same speaker."""
    last = max((before.sentence, *before.further))
    speakers = {each.speaker.value for each in (before, row) if each.speaker}
    return (
        before.denial is not None
        and row.denial is not None
        and row.sentence == last + 1
        and (before.denial.value, before.record) == (row.denial.value, row.record)
        and (before.to and before.to.place) == (row.to and row.to.place)
        and len(speakers) < 2
        and not (before.speaker and row.speaker and before.speaker != row.speaker)
    )
