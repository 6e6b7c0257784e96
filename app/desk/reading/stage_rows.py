"""Makes a row of each stage of a rule, as a part of the row of the rule itself."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.desk.reading.article import ArticleReading
from app.desk.reading.marks import Mark, MarkKind, Reason, Sentence, StageDay
from app.desk.reading.rows import (
    CarriedMarks,
    ProposedRow,
    shared_row,
    with_carried,
)
from app.desk.reading.stage_words import SIGNED
from app.desk.reading.words import plain
from app.vocabulary.events import EventLink

MAX_SENTENCES_APART = 2
"""Between two stages that are numbered. Others are in one sentence or the next one."""
MAX_SENTENCES_TO_RULE = 6
ACTS = frozenset(
    {
        *("dispatch", "dispatch-plan", "repatriation", "worker-protest", "crackdown"),
        *("economic-distress", "business-closure", "business-reopening", "warning"),
        *("deportation", "demand", "diplomatic-letter", "statement", "home-statement"),
    }
)
"""Types of events that are seldom a rule with stages."""


@dataclass(frozen=True)
class _Stage:
    """A clause with the day of a stage."""

    at: int
    """The index of its sentence."""
    clause: Mark
    sentence: Sentence
    marks: Sequence[Mark]
    carried: CarriedMarks

    def within(self, mark: Mark) -> bool:
        return mark.within(self.clause)


def with_stages(rows: Sequence[ProposedRow], reading: ArticleReading) -> list[ProposedRow]:
    """Return rows with one for each stage, in the order of the text.

    What the sentences of stages would make events of otherwise is left out.
    """
    related = [*rows]
    for group in _groups(reading):
        related = _with_group(related, group, reading)
    return sorted(related, key=lambda row: row.sentence)


def _groups(reading: ArticleReading) -> list[list[_Stage]]:
    """Return stages of one rule: at least two, close to each other."""
    groups: list[list[_Stage]] = []
    for stage in _stages(reading):
        if groups and _goes_on(groups[-1][-1], stage):
            groups[-1].append(stage)
        else:
            groups.append([stage])
    return [group for group in groups if len(group) > 1]


def _stages(reading: ArticleReading) -> Iterator[_Stage]:
    for at, (sentence, marks, carried) in enumerate(with_carried(reading)):
        for mark in marks:
            if mark.kind is MarkKind.STAGE:
                yield _Stage(at, mark, sentence, marks, carried)


def _goes_on(before: _Stage, stage: _Stage) -> bool:
    apart = stage.at - before.at
    if Reason.LATER_STAGE in {before.clause.reason, stage.clause.reason}:
        return apart == 1 and before.clause.value < stage.clause.value
    return apart <= MAX_SENTENCES_APART


def _with_group(
    rows: Sequence[ProposedRow], group: Sequence[_Stage], reading: ArticleReading
) -> list[ProposedRow]:
    signed = _signed(rows, group)
    if signed is not None:
        # The day on which a rule was signed is none of its stages.
        later = [_row(stage, None, signed, group[1:]) for stage in group[1:]]
        return [*rows, *later]
    actions = [_own_action(stage, group) for stage in group]
    # “Restaurants must dismiss them by 1 June, hotels by 1 August”: the first one's is that of all.
    sentences = {stage.at for stage in group}
    is_numbered = group[0].clause.reason is Reason.NUMBERED_STAGE
    is_shared = (
        len(sentences) == 1 and not is_numbered and actions[0] is not None and not any(actions[1:])
    )
    own = [row for row in rows if row.sentence in sentences and row.action and not row.number]
    rule = _rule(rows, group, own if is_shared or not any(actions) else [])
    if rule in own:
        replaced = [row for row in own if row is not rule and row.type == rule.type]
    elif is_shared or not any(actions):
        replaced = [row for row in own if rule is not None and row.type == rule.type]
    else:
        replaced = []
    replaced += [row for row in own if row.action in actions and row is not rule]
    kept = [row for row in rows if not any(row is each for each in replaced)]
    if rule is not None and rule in own:
        changed = replace(rule, when=_date_of_rule(rule, group))
        kept[kept.index(rule)] = rule = changed
    if rule is None:
        rule = _untyped_rule(group, reading)
        kept.append(rule)
    for stage, action in zip(group, actions, strict=True):
        kept.append(_row(stage, action, rule, group))
    return kept


def _signed(rows: Sequence[ProposedRow], group: Sequence[_Stage]) -> ProposedRow | None:
    """Return the row of the rule, if the first day of a group is only that of its signature."""
    first = group[0]
    published = first.sentence.published
    is_past = published is not None and first.clause.value < published.isoformat()
    words = plain(first.sentence.text)
    if first.clause.reason is not Reason.LATER_STAGE or not is_past:
        return None
    if not SIGNED[first.sentence.language].search(words):
        return None
    own = [row for row in rows if row.sentence == first.at and row.action and not row.number]
    return next((row for row in own if row.type not in ACTS), None)


def _own_action(stage: _Stage, group: Sequence[_Stage]) -> Mark | None:
    """Return the verb of the field in the clause of a stage; else that of its own sentence."""
    actions = [mark for mark in stage.marks if mark.kind is MarkKind.ACTION]
    own = [mark for mark in actions if stage.within(mark)]
    if not own and sum(other.at == stage.at for other in group) == 1:
        own = actions
    return own[0] if own else None


def _rule(
    rows: Sequence[ProposedRow], group: Sequence[_Stage], own: Sequence[ProposedRow]
) -> ProposedRow | None:
    """Return the row of the rule: an earlier one, of the same type if the sentence has one."""
    first = group[0].at
    earlier = [
        row
        for row in rows
        if row.kind != "estimate"
        and row.stage is None
        and not (row.action and row.action.reason is Reason.DENIED)
        and first - MAX_SENTENCES_TO_RULE <= row.sentence < first
    ]
    if own:
        same = [row for row in earlier if row.type == own[0].type]
        return same[-1] if same else own[0]
    rules = [row for row in earlier if row.type not in ACTS]
    return next(reversed(rules or earlier), None)


def _untyped_rule(group: Sequence[_Stage], reading: ArticleReading) -> ProposedRow:
    """Return a row of the rule, where no verb of the field tells its type.

    Deadlines are mostly in the sentence of the order; what takes effect is in the one before it.
    """
    first, is_order = group[0].at, StageDay.DEADLINE.value in group[0].clause.also
    is_own = first == 0 or (is_order and len({stage.at for stage in group}) == 1)
    at = first if is_own else first - 1
    _sentence, marks, carried = [*with_carried(reading)][at]
    outside = [mark for mark in marks if not _within_any(mark, [each.clause for each in group])]
    return shared_row(ProposedRow("event", at), group[0].clause, outside, carried)


def _date_of_rule(rule: ProposedRow, group: Sequence[_Stage]) -> Mark | None:
    """Return the date of a rule in the sentence of its stages: none of theirs."""
    is_stage = any(rule.when and rule.when.within(stage.clause) for stage in group)
    return None if is_stage else rule.when


def _row(
    stage: _Stage, action: Mark | None, rule: ProposedRow | None, group: Sequence[_Stage]
) -> ProposedRow:
    others = [each.clause for each in group if each.at == stage.at and each is not stage]
    marks = [mark for mark in stage.marks if not _within_any(mark, others)]
    day = next(
        mark
        for mark in stage.marks
        if mark.kind is MarkKind.DATE
        and stage.within(mark)
        and any(stage.clause.value in reading for reading in (mark.value, *mark.also))
    )
    type = action.value if action else rule.type if rule else ""
    row = shared_row(
        ProposedRow("event", stage.at, type, action=action, stage=stage.clause),
        day,
        marks,
        stage.carried,
    )
    if not row.where and rule is not None:
        row = replace(row, where=rule.where, carried=row.carried | {"where"})
    relation = EventLink.PART_OF.value if rule else ""
    return replace(row, to=rule, relation=relation, when=day)


def _within_any(mark: Mark, clauses: Iterable[Mark]) -> bool:
    return mark.kind is not MarkKind.SPEAKER and any(mark.within(clause) for clause in clauses)
