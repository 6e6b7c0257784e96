"""The page of the rules, read from `docs/rules.md`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby

from markupsafe import Markup, escape

from app import paths
from app.i18n.translate import N_, _

HEADING = re.compile(r"## Rule (\d+): (.+)")


@dataclass(frozen=True)
class RuleBlock:
    """A list of points, or a table with its heading row first."""

    points: Sequence[Markup] = ()
    table: Sequence[Sequence[Markup]] = ()


@dataclass(frozen=True)
class Rule:
    number: int
    title: str
    blocks: Sequence[RuleBlock]

    @property
    def anchor(self) -> str:
        return f"rule-{self.number}"


@cache
def rules() -> Sequence[Rule]:
    """Return the rules, without the lines that name code and tests."""
    found: list[Rule] = []
    for part in paths.RULES.read_text(encoding="utf-8").split("\n## ")[1:]:
        heading, *lines = f"## {part}".splitlines()
        if title := HEADING.fullmatch(heading):
            found.append(Rule(int(title[1]), title[2], list(_blocks(lines))))
    return found


def _blocks(lines: Sequence[str]) -> Iterator[RuleBlock]:
    """Yield the paragraphs, points and tables in order; a point within a point is a point, too."""
    parts = re.split(r"\n\s*\n|\n(?=\s*\* )", "\n".join(lines).strip())
    for is_table, some in groupby(parts, key=lambda part: part.lstrip().startswith("|")):
        if is_table:
            for part in some:
                rows = [row.strip("| ").split("|") for row in part.splitlines()]
                yield RuleBlock(
                    table=[[_inline(cell.strip()) for cell in row] for row in (rows[0], *rows[2:])]
                )
            continue
        texts = (" ".join(part.strip().removeprefix("* ").split()) for part in some)
        yield RuleBlock(
            points=[_inline(text) for text in texts if text and not text.startswith("Code: ")]
        )


def _inline(words: str) -> Markup:
    """Return a sentence of Markdown as HTML: code, emphasis, and links without their target."""
    html = str(escape(words))
    html = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", html)
    html = re.sub(r"`([^`]+)`", r"<code>\1</code>", html)
    html = re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", html)
    return Markup(re.sub(r"\*([^*]+)\*", r"<em>\1</em>", html))  # noqa: S704 - escaped above


@dataclass(frozen=True)
class MethodChange:
    """A change of one rule. Texts are whole sentences, translated when shown."""

    on: date
    rule: int
    what: str
    """What the rule says now."""
    moved: str
    """What reads differently by it."""


@dataclass(frozen=True)
class MethodChangeView:
    anchor: str
    rule: Rule
    what: str
    moved: str


@dataclass(frozen=True)
class DayOfChanges:
    on: date
    changes: Sequence[MethodChangeView]


NOVEMBER_2026 = date(2026, 11, 27)
DECEMBER_2026 = date(2026, 12, 1)
CHANGES = [
    MethodChange(
        DECEMBER_2026,
        1,
        N_("An act in several places is certain only in a window that contains its whole time."),
        N_(
            "Searches for a place and a month no longer find E35 and E67 for certain by a date "
            "that belongs to another place."
        ),
    ),
    MethodChange(
        DECEMBER_2026,
        2,
        N_(
            "A status comes only from a citation that reports the event. `/status` shows rules on "
            "stay, entry, work or exit of the people of the record."
        ),
        N_("E61 was last reported in July 2024. Listings and held goods are counted in one line."),
    ),
    MethodChange(
        DECEMBER_2026,
        3,
        N_("A citation whose chain names other outlets is passed on from the last of these alone."),
        N_("Pages no longer say that a source repeats a report that the citation is not from."),
    ),
    MethodChange(
        DECEMBER_2026,
        6,
        N_(
            "Estimates are never added up. Estimates of one month head a place as a range; one "
            "that only outlets graded D or E reported heads it only alone."
        ),
        N_("China is headed by the three estimates of July 2024, Russia by that of January 2020."),
    ),
    MethodChange(
        NOVEMBER_2026,
        4,
        N_(
            "A report in an outlet’s own words that also quotes an unnamed person has both "
            "levels of support."
        ),
        N_("Two events of the first edition also show “With an unnamed source” (E42, E56)."),
    ),
    MethodChange(
        NOVEMBER_2026,
        2,
        N_(
            "A measure can be reversed in part. A practice can end while the rule continues. "
            "An end in words is a stated end."
        ),
        N_("Two links of the first edition are now “Reverses in part” (E36 to E34, E54 to E47)."),
    ),
    MethodChange(
        NOVEMBER_2026,
        2,
        N_(
            "Of two equal statuses, the later report counts as the confirmation. A status "
            "without a date is not dated by its report. No end is calculated from an unknown "
            "start, or later than a reported end."
        ),
        N_("No change in the first edition."),
    ),
    MethodChange(
        NOVEMBER_2026,
        3,
        N_(
            "Two speakers can count as one, and a source that repeats others can also be a speaker."
        ),
        N_(
            "One event and two estimates of the first edition also show “One outlet, in its own "
            "words” (E84, M52, M69)."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        4,
        N_(
            "Only sources that name a law support it. A citation that may be about another "
            "scope or time does not report the event. The earliest report is one that no other "
            "can precede."
        ),
        N_(
            "Some events have less support for a law. Some show “One of the earliest reports read”."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        17,
        N_(
            "Values described only in words have the filter value “in-words”. An exempt code "
            "does not exempt broader codes."
        ),
        N_(
            "Filters for permits, groups, industries and exemptions return other results. No "
            "page changed."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        6,
        N_(
            "A share has a whole, in words or as another estimate, and is compared only with "
            "shares of the same whole."
        ),
        N_(
            "Two shares that were shown as shares of departures or of people present now show "
            "the people that they are a share of."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        6,
        N_(
            "Numbers in rules, amounts of money and lengths of time are never the latest "
            "estimate of a place."
        ),
        N_("No estimate of the first edition changed."),
    ),
    MethodChange(
        NOVEMBER_2026,
        6,
        N_(
            "People who only come from, go to or pass through a place are not counted as "
            "present there."
        ),
        N_(
            "Such estimates are on the page of the place as “people from here, elsewhere”. No "
            "estimate of the first edition changed."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        12,
        N_("“Ordered by” can be who carried out a practice, if no order for it is reported."),
        N_("No event of the first edition changed."),
    ),
    MethodChange(
        NOVEMBER_2026,
        2,
        N_(
            "What a report expects is not recorded as having happened: a plan shows its "
            "deadline, an announced rule the day for which it was announced, and a later day "
            "is shown as “was to be”."
        ),
        N_("Badges of plans show the deadline. A stated end stays in the badge."),
    ),
    MethodChange(
        NOVEMBER_2026,
        2,
        N_(
            "A plan or announcement never replaces the report that a rule is in force, "
            "suspended, eased or ended."
        ),
        N_(
            "A measure in force that was announced for a later or vaguer day shows “In force”. "
            "No event of the first edition changed."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        2,
        N_("If an event is alleged as a whole, its status changes are alleged as well."),
        N_("A reported effect of a demand that is alleged is now alleged, too."),
    ),
    MethodChange(
        NOVEMBER_2026,
        2,
        N_(
            "A single act that concerned certain people or goods, such as one deportation, is "
            "not a rule and has no later status."
        ),
        N_(
            "Eight acts and a closing of restaurants are now listed separately on /status, "
            "instead of as “not confirmed”."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        6,
        N_(
            "Of two estimates with overlapping dates neither is newer: an exact day, a number "
            "and a firm statement are preferred. Each nationality has a latest estimate of its "
            "own."
        ),
        N_(
            "An estimate with a vague date does not replace one of a day within it. An "
            "estimate for one nationality does not replace that for another."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        2,
        N_(
            "A status shows its report if that was published more than a month later. "
            "Practices that were ongoing when reported count from the report. A plan shows the "
            "event that carries it out."
        ),
        N_(
            "Later reports show “reported for … (report of …)”. Two measures “since” a day of "
            "2016 count from reports of 2016 and 2017."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        1,
        N_(
            "Acts and statements for which only a latest day is known happened on one day up "
            "to it. Events without a date are listed by the limit that the editors set."
        ),
        N_(
            "Acts show “on or before 2019” instead of “until 2019”. “Date not known” includes "
            "the editors’ limit."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        1,
        N_(
            "An approximate or uncertain date is definitely in a period only if the period "
            "includes the days around it: 15 days for a day, a month for a month, three months "
            "for a season, a year for a year."
        ),
        N_(
            "“Definitely in this period” finds fewer events with such a date. “Possibly in "
            "this period” is unchanged. The bar of a date shows the days around it in a pale "
            "colour."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        1,
        N_(
            "Intervals and lists of dates can be without a year. They are in no period unless "
            "an editor sets a limit."
        ),
        N_("Events for which a report gives days without a year keep these days."),
    ),
    MethodChange(
        NOVEMBER_2026,
        1,
        N_(
            "An event that a report only shows as ongoing has the date on which it was "
            "ongoing. It possibly began on any earlier day."
        ),
        N_("Such events are shown as ongoing on that day instead of as happening on it."),
    ),
    MethodChange(
        NOVEMBER_2026,
        2,
        N_(
            "The rules on a date are those last reported for a day up to then, not those that "
            "applied. Rules without a report in the past 24 months are listed separately."
        ),
        N_("Old measures are listed separately from those reported recently."),
    ),
    MethodChange(
        NOVEMBER_2026,
        2,
        N_(
            "Laws, resolutions and listings without a recorded end are a separate group, even "
            "without recent reports."
        ),
        N_("The practice track of a law and its links show whether it was applied."),
    ),
    MethodChange(
        NOVEMBER_2026,
        2,
        N_("A status change can have a stated end, separate from a deadline."),
        N_("After that day it shows: “The stated period has ended; nothing was reported since.”"),
    ),
    MethodChange(
        NOVEMBER_2026,
        2,
        N_("Acts can be planned, too. A status change has a first report and a planned date."),
        N_("A plan shows its planned date separately from the date of its report."),
    ),
    MethodChange(
        NOVEMBER_2026,
        3,
        N_(
            "Whether a speaker is named is a separate field. An unnamed company head is "
            "anonymous, and equal descriptions of two unnamed people do not join reports."
        ),
        N_(
            "An event reported by one unnamed official, service or firm shows “One unnamed source”."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        3,
        N_("The editors can count two sources as one, or one as independent, and give the reason."),
        N_(
            "Numbers of independent sources changed only where the editors decided so; the "
            "page shows the reason."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        4,
        N_(
            "Only citations that report the event itself support it. A citation of the law or "
            "the effect supports that field alone, and each field shows its own support."
        ),
        N_("Events that had such citations only have a lower level of support."),
    ),
    MethodChange(
        NOVEMBER_2026,
        4,
        N_(
            "An outlet’s own report is a separate level and not a named source. An official "
            "document counts only if it was read."
        ),
        N_("Reports in an outlet’s own words do not count as a named source."),
    ),
    MethodChange(
        NOVEMBER_2026,
        4,
        N_("A record that no source states firmly is “Alleged”."),
        N_("Badges, lists and files show the word."),
    ),
    MethodChange(
        NOVEMBER_2026,
        6,
        N_(
            "An estimate covers the whole of its population at its place or a part. The latest "
            "estimate of a place is the latest for the whole."
        ),
        N_(
            "The latest estimate of some places changed. Estimates for a part are listed below "
            "it, and places without one for the whole say so."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        6,
        N_(
            "Estimates for the whole and for a part are not compared. Industries that only "
            "describe the people do not make estimates incomparable; industries that limit the "
            "number do."
        ),
        N_("Fewer estimates are shown as different where one is for a part. All conflicts remain."),
    ),
    MethodChange(
        NOVEMBER_2026,
        6,
        N_(
            "People stranded, sought, refused, cleared for departure or in detention are "
            "populations of their own."
        ),
        N_("They are compared only with estimates of the same population."),
    ),
    MethodChange(
        NOVEMBER_2026,
        6,
        N_(
            "An estimate for the whole is compared with the sum of its industries, where one "
            "source gives them."
        ),
        N_("The page of the estimate shows the sum and the difference."),
    ),
    MethodChange(
        NOVEMBER_2026,
        6,
        N_("“Nearly” and “almost” mean a value just below the reported number."),
        N_("Numbers reported as “almost” show “nearly” instead of “about”."),
    ),
    MethodChange(
        NOVEMBER_2026,
        6,
        N_("Editors can mark two estimates as conflicting and give the reason."),
        N_("Such pairs are shown as conflicts, although they measure different things."),
    ),
    MethodChange(
        NOVEMBER_2026,
        4,
        N_(
            "A speaker who retracts a statement, without naming a citation, retracts only what "
            "the same speaker said in that source. A retraction by the source covers all of it."
        ),
        N_("Statements by other speakers in that source still count as support."),
    ),
    MethodChange(
        NOVEMBER_2026,
        14,
        N_(
            "Two links are new: “Shows that it was not applied” and “Does not agree with”. "
            "Both are the editors’ judgement and have a reason."
        ),
        N_(
            "They are shown at the top of a measure, with events that reverse or evade it. "
            "Some links “Contradicts” became one of them."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        17,
        N_("A value can have a citation; each record states the nationality of the people."),
        N_("A place or actor shows the citation that alone names it. No support changed."),
    ),
    MethodChange(
        NOVEMBER_2026,
        17,
        N_("Copies of a source are numbered."),
        N_("Pages of sources show the numbers. No support changed."),
    ),
    MethodChange(
        NOVEMBER_2026,
        4,
        N_("A source that the editors have not read is not counted as a source, report or outlet."),
        N_(
            "An event with only such sources shows “Not read by us”. Others have fewer sources "
            "than before."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        4,
        N_(
            "“One outlet, in its own words” is only for a report by an outlet that was read itself."
        ),
        N_("A report read only in another outlet shows “One report, second-hand”."),
    ),
    MethodChange(
        NOVEMBER_2026,
        4,
        N_("A report that repeats an unnamed outlet does not count as a further report."),
        N_("The number of reports beside a level includes only reports that count for it."),
    ),
]


def method_changes(rules: Sequence[Rule]) -> list[DayOfChanges]:
    """Return the changes by day, newest first, and within a day by rule."""
    by_number = {rule.number: rule for rule in rules}
    days = sorted({change.on for change in CHANGES}, reverse=True)
    return [
        DayOfChanges(
            day,
            [
                MethodChangeView(
                    f"change-{number}", by_number[change.rule], _(change.what), _(change.moved)
                )
                for number, change in enumerate(CHANGES, 1)
                if change.on == day
            ],
        )
        for day in days
    ]
