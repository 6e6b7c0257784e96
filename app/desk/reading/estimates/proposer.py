"""Proposes estimates: numbers with quantifier, unit and rate, shares, changes and words."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from app.desk.reading.estimates import chinese, english, japanese, korean, russian
from app.desk.reading.estimates.grammar import AS_DAYS, AS_SHARE, Compiled, Grammar, change_of
from app.desk.reading.estimates.numbers import NumberValue
from app.desk.reading.marks import (
    Figure,
    Language,
    Mark,
    MarkKind,
    Reason,
    Sentence,
    is_free,
    longest,
)
from app.desk.reading.words import plain
from app.vocabulary.estimates import CURRENCY_UNITS

GRAMMARS: Mapping[Language, Grammar] = {
    "en": english.GRAMMAR,
    "ko": korean.GRAMMAR,
    "zh": chinese.GRAMMAR,
    "ja": japanese.GRAMMAR,
    "ru": russian.GRAMMAR,
}
MONEY = CURRENCY_UNITS | {"yuan", "usd"}
CONTEXT = 60
"""Characters before and after a number in which its quantifier, unit and rate are."""
MAX_SPEAKERS = 9
BETWEEN = 24
"""Characters from a number to the second one of a range, with a unit between."""
CLAUSE_END = re.compile(r"[;。、]|,(?![0-9])|[.:]\s")
OWED = re.compile(
    r"\barrears\b|\bow(?:e|es|ed|ing)\b|\bunpaid\b|\bdebts?\b|"
    r"задолженност|\bдолг|невыплач|체불|밀린|미지급|拖欠|欠薪|欠发|未払|滞納"
)
"""Words of pay that is owed: a sum, and no rate."""
BY = re.compile(r"\bby (?:about |around |roughly |some )?$|\bна $|了约?$")
"""Before a share by which something changed."""
COUNTABLE = {"people", "businesses", "vehicles", "visas", "permits", "flights", "families"}
CURRENCY_OF: Mapping[str, Sequence[tuple[str, str]]] = {
    "rupee": (
        (r"nepal|непал|네팔|尼泊尔|ネパール", "npr"),
        (r"pakist|пакист|파키스탄|巴基斯坦|パキスタン", "pkr"),
        (r"sri lanka|ланк|스리랑카|斯里兰卡|スリランカ", "lkr"),
        ("", "inr"),
    ),
    "riyal": (
        (r"qatar|doha|катар|카타르|卡塔尔|カタール", "qar"),
        (r"oman|оман|오만|阿曼|オマーン", "omr"),
        ("", "sar"),
    ),
    "dinar": (
        (r"bahrain|бахрейн|바레인|巴林|バーレーン", "bhd"),
        (r"jordan|иордан|요르단|约旦|ヨルダン", "jod"),
        (r"iraq|ирак|이라크|伊拉克|イラク", "iqd"),
        ("", "kwd"),
    ),
}
"""Currencies of several countries: the first whose country the sentence names."""
THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
TIME = {"hours", "days", "months", "years"}


class _Found(NamedTuple):
    start: int
    end: int
    number: NumberValue
    is_range: bool


class EstimateProposer:
    """Marks numbers that count something, outside of dates and laws."""

    def propose(self, sentence: Sentence, known: Iterable[Mark]) -> Iterator[Mark]:
        grammar = GRAMMARS[sentence.language]
        text = plain(sentence.text)
        known = [*known]
        taken = [mark for mark in known if mark.kind in {MarkKind.DATE, MarkKind.LAW}]
        papers = [mark for mark in known if mark.value.startswith("paper:")]
        found = [*_phrases(grammar, text), *_numbers(grammar, text, taken)]
        speakers = [mark for mark in known if mark.kind is MarkKind.SPEAKER]
        marks = longest(m for m in found if is_free(m.start, m.end, taken))
        marks = [*_with_carried_money(grammar, text, marks)]
        marks += _elided(grammar, text, sentence, [*marks, *known])
        for mark in marks:
            is_paper = any(mark.within(paper) for paper in papers)  # a one-month visa
            if not is_paper and not _counts_speakers(mark, speakers):
                yield mark


def _with_carried_money(grammar: Grammar, text: str, marks: Sequence[Mark]) -> Iterator[Mark]:
    """Yield marks; a bare number after an amount of money is money: “9,000 roubles, not 65,000”.

    What follows the number may say that it counts people.
    """
    before: Figure | None = None
    for mark in marks:
        figure = mark.figure
        is_bare = mark.reason is Reason.UNIT_ASSUMED
        is_bare = is_bare and not re.match(grammar.of_people, text[mark.end :])
        if is_bare and figure and before and before.unit in MONEY:
            carried = replace(figure, unit=before.unit, per=figure.per or before.per)
            yield _mark(mark.start, mark.end, carried, Reason.UNIT_CARRIED)
            continue
        before = figure
        yield mark


def _elided(
    grammar: Grammar, text: str, sentence: Sentence, known: Sequence[Mark]
) -> Iterator[Mark]:
    """Yield numbers that leave out the noun of the one before: four here and two in Shenyang."""
    places = {mark.start for mark in known if mark.kind is MarkKind.PLACE}
    after = re.compile(grammar.elided_after)
    for match in grammar.number_pattern.finditer(text):
        start, end = match.span()
        if not is_free(start, end, known) or re.search(grammar.no_number_before, text[:start]):
            continue
        follows = after.match(text, end)
        is_listed = re.search(grammar.elided_before, text[:start]) is not None
        is_classified = follows is not None and follows.group()[:1] in "个個"
        is_placed = follows is not None and follows.end() in places and is_listed
        is_more = text[:start].endswith("еще ") and re.match(r" [а-я]", text[end:]) is not None
        number = grammar.value(match.group())
        unit = _unit_before(start, sentence, known)
        if number and unit and (is_classified or is_placed or is_more):
            end += is_classified
            figure = Figure("exact", number.low, number.high, unit)
            yield _mark(start, end, figure, Reason.UNIT_CARRIED)


def _unit_before(at: int, sentence: Sentence, known: Iterable[Mark]) -> str:
    """Return what the number before a position counts, also in the sentence before."""
    own = [
        mark.figure.unit
        for mark in sorted(known, key=lambda mark: mark.start)
        if mark.figure and mark.end <= at and mark.figure.unit in COUNTABLE
    ]
    if own:
        return own[-1]
    earlier = sentence.earlier[-1][1] if sentence.earlier else ()
    units = [mark.figure.unit for mark in earlier if mark.figure and mark.figure.unit in COUNTABLE]
    return units[-1] if units else ""


def _counts_speakers(mark: Mark, speakers: Iterable[Mark]) -> bool:
    """Whether a small number is only how many people speak: “two people close to the firm”."""
    is_small = mark.figure is not None and (mark.figure.high or 0) <= MAX_SPEAKERS
    return is_small and any(mark.within(speaker) for speaker in speakers)


def _phrases(grammar: Grammar, text: str) -> Iterator[Mark]:
    for pattern, read in grammar.phrase_patterns:
        for found in pattern.finditer(text):
            figure = read(found)
            if figure and figure.form == "share" and BY.search(text[: found.start()]):
                figure = _signed(grammar, text, found, figure)
            if figure:
                is_words = figure.quantifier == "words"
                reason = Reason.NUMBER_IN_WORDS if is_words else Reason.COUNTED
                yield _mark(found.start(), found.end(), figure, reason)


def _signed(grammar: Grammar, text: str, found: re.Match[str], figure: Figure) -> Figure:
    """Return a share as a change, if a word for a fall or a rise is before it: fell by a fifth."""
    before = text[max(0, found.start() - CONTEXT) : found.start()]
    for pattern, sign in ((grammar.falls, -1), (grammar.rises, 1)):
        if figure.low is not None and re.search(rf"(?:{pattern})[^,;.]{{0,4}}$", before):
            value = sign * figure.low
            return change_of(figure.quantifier, value, value)
    return figure


def _mark(start: int, end: int, figure: Figure, reason: Reason) -> Mark:
    return Mark(start, end, MarkKind.ESTIMATE, figure.text, reason, figure=figure)


def _numbers(grammar: Grammar, text: str, taken: Iterable[Mark]) -> Iterator[Mark]:
    end = 0
    taken = [*taken]
    for match in grammar.number_pattern.finditer(text):
        if match.start() < end or not is_free(match.start(), match.end(), taken):
            continue
        if re.search(grammar.no_number_before, text[: match.start()]) or re.match(
            grammar.no_number_after, text[match.end() :]
        ):
            continue
        found = _with_second(grammar, text, match)
        mark = found and _estimate(grammar, text, found, taken)
        if mark:
            end = mark.end
            yield mark


def _with_second(grammar: Grammar, text: str, match: re.Match[str]) -> _Found | None:
    """Return the number at a match, as a range if a second number is joined to it."""
    first = grammar.value(match.group())
    if first is None:
        return None
    second_match = grammar.joint_pattern.match(text, match.end())
    if not second_match and grammar.joint_pattern.search(text, match.end(), match.end() + BETWEEN):
        # A unit may be between the two: 200만 원에서 300만 원.
        for unit, _code in grammar.lists["units"]:
            between = unit.match(text, match.end() + len(_spaces(text, match.end())))
            if between and (joined := grammar.joint_pattern.match(text, between.end())):
                second_match = joined
                break
    second = grammar.value(second_match["second"]) if second_match else None
    if second_match and second and _is_change(grammar, text, match, second_match):
        return _Found(*second_match.span("second"), second, second.low != second.high)
    if second_match and second:
        low, high = first.low, second.high
        if text[match.end()] == "、" and high - low != 1:  # 4、5台, but no list
            return _Found(match.start(), match.end(), first, first.low != first.high)
        scale = _scale(second_match["second"], second.high)
        if scale > 1 and low < scale and low * scale < high:  # 5 to 7 thousand
            low *= scale
        if low < high:
            return _Found(match.start(), second_match.end(), NumberValue(low, high), True)
    return _Found(match.start(), match.end(), first, first.low != first.high)


def _is_change(grammar: Grammar, text: str, first: re.Match[str], second: re.Match[str]) -> bool:
    """Whether two numbers are a former and a present one: “rose from 500 to 2,000”."""
    before, after = text[max(0, first.start() - CONTEXT) : first.start()], text[second.end() :]
    changes = re.search(grammar.changes_before, before)
    return changes is not None or re.match(grammar.changes_after, after) is not None


def _spaces(text: str, at: int) -> str:
    found = re.compile(r"\s?").match(text, at)
    return found.group() if found else ""


def _scale(words: str, value: float) -> float:
    """Return what a word multiplies figures by: 1,000,000 in “300 million”."""
    figures = re.match(r"[0-9]+(?:[.,][0-9]+)?(?![0-9,.])", words)
    if not figures:
        return 1
    number = float(figures.group().replace(",", "."))
    return value / number if number and value > number else 1


def _longest(patterns: Compiled, text: str) -> tuple[re.Match[str], str] | None:
    """Return the longest words that are found at the end of a text, and their code."""
    each = ((found, code) for pattern, code in patterns if (found := pattern.search(text)))
    return max(each, key=lambda pair: len(pair[0].group()), default=None)


def _next(patterns: Compiled, text: str, at: int) -> tuple[int, str] | None:
    for pattern, code in patterns:
        if (found := pattern.match(text, at)) and found.end() > at:
            return found.end(), code
    return None


def _estimate(grammar: Grammar, text: str, found: _Found, taken: Sequence[Mark]) -> Mark | None:
    start, end = found.start, found.end
    lists = grammar.lists
    quantifier = "range" if found.is_range else ""
    per = unit = ""
    # After the number: a quantifier, the unit, another quantifier, the rate.
    if inside := _next(lists["inside"], text, end):
        end, quantifier = inside[0], quantifier or inside[1]
    gap = re.compile(grammar.gap)
    for pattern, code in lists["units"]:
        after_gap = pattern.match(text, end)
        if not after_gap:
            gapped = gap.match(text, end)
            after_gap = pattern.match(text, gapped.end()) if gapped else None
        if after_gap and after_gap.end() > end:
            end, unit = after_gap.end(), code
            break
    # Before the number: the sign of a currency, a quantifier, the rate.
    if not unit and (
        money := _longest(lists["money_before"], text[max(0, start - CONTEXT) : start])
    ):
        start, unit = start - len(money[0].group()), money[1]
    if prefix := _longest(lists["before"], text[max(0, start - CONTEXT) : start]):
        start, quantifier = start - len(prefix[0].group().lstrip()), quantifier or prefix[1]
    if after := _next(lists["after"], text, end):
        end, quantifier = after[0], quantifier or after[1]
    # “A year ago” and 1日に of 11日に are parts of dates, and no rates.
    if (rate := _next(lists["per_after"], text, end)) and is_free(end, rate[0], taken):
        end, per = rate
        if per == "person" and (second := _next(lists["per_after"], text, end)):
            end, per = second  # per worker per month: what is paid in a month
    if after := _next(lists["after"], text, end):
        end, quantifier = after[0], quantifier or after[1]
    if not per and (
        rate_before := _longest(lists["per_before"], text[max(0, start - CONTEXT) : start])
    ):
        first = start - len(rate_before[0].group())
        if is_free(first, start, taken):
            start, per = first, rate_before[1]
    return _figure_mark(
        grammar, text, found._replace(start=start, end=end), (quantifier, unit, per)
    )


def _figure_mark(
    grammar: Grammar, text: str, found: _Found, words: tuple[str, str, str]
) -> Mark | None:
    """Return the mark of a number with its quantifier, unit and rate."""
    quantifier, unit, per = words
    low, high = found.number
    reason = Reason.COUNTED
    if unit in CURRENCY_OF:
        unit = next(code for pattern, code in CURRENCY_OF[unit] if re.search(pattern, text))
    if unit in AS_DAYS:
        low, high, unit = low * AS_DAYS[unit], high * AS_DAYS[unit], "days"
    if unit == "half-years":
        low, high, unit = 6, 6, "months"
    if unit in AS_SHARE:
        return _share(grammar, text, found, quantifier, unit)
    if not unit:
        has_words = bool(quantifier or per or re.match(grammar.of_people, text[found.end :]))
        has_words = has_words or bool(THOUSANDS.fullmatch(text[found.start : found.end]))
        if not has_words or (low < 2 and not quantifier):
            return None
        unit, reason = "people", Reason.UNIT_ASSUMED
    if unit in MONEY and not per and _is_monthly_pay(grammar, text, found):
        per = "month"
    if unit == "none" or (low == high == 1 and unit not in MONEY | TIME):
        return None
    if unit == "papers":
        unit = "visas" if re.search(r"비자|사증|ビザ|査証|签证|簽證", text) else "permits"
    if per and unit in TIME and per not in {"day", "week"}:
        per = ""
    figure = Figure(quantifier or "exact", low, high, unit, per)
    return _mark(found.start, found.end, figure, reason)


def _is_monthly_pay(grammar: Grammar, text: str, found: _Found) -> bool:
    """Whether words of the same clause say that money is paid each month."""
    ends = [end.end() for end in CLAUSE_END.finditer(text, 0, found.start)]
    before, after = text[max(ends, default=0) : found.start], text[found.end :]
    if OWED.search(before):
        return False
    return bool(
        re.search(grammar.pay, before) or re.match(rf"[^,;.。、]{{0,12}}?(?:{grammar.pay})", after)
    )


def _share(grammar: Grammar, text: str, found: _Found, quantifier: str, unit: str) -> Mark | None:
    low, high = (round(number * AS_SHARE[unit], 4) for number in found.number)
    before, after = text[max(0, found.start - 40) : found.start], text[found.end : found.end + 16]
    sign = 0
    for pattern, direction in ((grammar.falls, -1), (grammar.rises, 1)):
        if re.search(rf"(?:{pattern})[^,;.]{{0,6}}$", before) or re.match(
            rf"[^,;.，。]{{0,3}}?(?:{pattern})", after
        ):
            sign = direction
    if unit == "times" and sign != 1:  # three times a day, or as many as a year before
        return None
    if sign:
        figure = change_of(quantifier or "exact", sign * low, sign * high)
    else:
        figure = Figure(quantifier or "exact", low, high, "ratio", form="share")
    return _mark(found.start, found.end, figure, Reason.COUNTED)
