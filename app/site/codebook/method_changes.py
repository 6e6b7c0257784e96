"""The changes of our rules, dated: what moved in the record although no source changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.i18n.translate import N_, _
from app.site.codebook.rules import Rule


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
CHANGES = [
    MethodChange(
        NOVEMBER_2026,
        4,
        N_(
            "What one report says in its own voice and by somebody who is not named has both "
            "levels of support."
        ),
        N_("Two events of the first edition read “With an anonymous source” too (E42, E56)."),
    ),
    MethodChange(
        NOVEMBER_2026,
        2,
        N_(
            "A measure may be reversed in part. A practice may be no longer so, without the end "
            "of a rule. An end in words is a stated end."
        ),
        N_("Two links of the first edition are of a part (E36 to E34, E54 to E47)."),
    ),
    MethodChange(
        NOVEMBER_2026,
        2,
        N_(
            "Of steps of one kind, the later report confirms, not the vaguer date. A step without "
            "a date is not headed by its report. No end is calculated from an open beginning, nor "
            "later than a reported end."
        ),
        N_("Nothing in the first edition."),
    ),
    MethodChange(
        NOVEMBER_2026,
        3,
        N_("Two speakers may be one voice, and a source that passes on others may speak itself."),
        N_(
            "One event and two figures of the first edition have the second mark (E84, M52, M69): "
            "“Outlet’s own report”."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        4,
        N_(
            "A law is supported only by sources that name it. A citation that may mean another "
            "scope or time reports no event. The earliest report is one that none can precede."
        ),
        N_("Some events lose support for a law. Some read “One of the earliest reports read”."),
    ),
    MethodChange(
        NOVEMBER_2026,
        17,
        N_(
            "What is named in words only is found by “in-words”, and no longer among what names "
            "none. An exempt code exempts no broader code."
        ),
        N_(
            "Filters for visas, groups, industries and exemptions find other rows; no page changed."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        6,
        N_(
            "A share has a whole, in words or as another figure, and is compared only with shares "
            "of the same whole."
        ),
        N_(
            "Two shares no longer read as shares of departures or of people present. They name "
            "the people that they are a share of."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        6,
        N_(
            "Numbers in rules (limits and thresholds), money and lengths of time are the newest "
            "figure of no place."
        ),
        N_("No figure of the first edition moves."),
    ),
    MethodChange(
        NOVEMBER_2026,
        6,
        N_(
            "People whom a figure names only as from, to or through a place are not counted as "
            "present there."
        ),
        N_(
            "Such figures are on the page of that place as “people from here, elsewhere”. No "
            "figure of the first edition moves."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        12,
        N_("Who carries out a practice has a side, where no order for it is reported."),
        N_("No event of the first edition has such a side."),
    ),
    MethodChange(
        NOVEMBER_2026,
        2,
        N_(
            "A step may state how long a measure is to apply. The end that follows is calculated "
            "by us and marked so; words that state no end are shown, and no end follows from them."
        ),
        N_("No source of the first edition states such a length; its statuses read as before."),
    ),
    MethodChange(
        NOVEMBER_2026,
        2,
        N_(
            "What a report says is to come is not said to have come: a plan reads by its deadline, "
            "a rule by the day for which it was announced, a later day as “was to be”."
        ),
        N_("Badges of plans with a deadline name it. A stated end stays in the badge."),
    ),
    MethodChange(
        NOVEMBER_2026,
        2,
        N_(
            "What a step of the rule says comes before its day: a plan or announcement never takes "
            "back that a rule is in force, suspended, eased or ended."
        ),
        N_(
            "A measure in force that was announced on a later or vaguer day reads “In force”. "
            "No status of the first edition reads differently."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        2,
        N_("A step of an event that is alleged as a whole is alleged."),
        N_("An effect seen of a demand that may not have been made reads “alleged”."),
    ),
    MethodChange(
        NOVEMBER_2026,
        2,
        N_(
            "An act towards certain people or goods that was over with it is done "
            "once, such as one deportation: it is no rule, and neither holds nor fades later."
        ),
        N_(
            "Eight acts and a closing of restaurants no longer stand among the measures of /status "
            "and no longer read “not confirmed”. They are listed apart."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        6,
        N_(
            "A number that may count something else than its source says heads no place, is not "
            "drawn, and is compared only with numbers of the same doubt."
        ),
        N_(
            "Three yearly numbers of one Chinese series, printed as workers, say that they may be "
            "entries. Charts of China no longer draw them beside numbers of people."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        6,
        N_(
            "Of two figures whose possible days overlap none is newer: an exact day, a number and "
            "a firm statement go first. Each nationality has a headline of its own."
        ),
        N_(
            "A figure of a vague time no longer replaces one of a day within it. A figure of one "
            "nationality no longer removes the headline of another."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        2,
        N_(
            "A status names the report if that came more than a month after the step. What was "
            "still so when reported counts from the report. A plan names the event that carries "
            "it out."
        ),
        N_(
            "Steps that were known only later read “reported for … (report of …)”. Two measures "
            "“since” a day of 2016 count from reports of 2016 and 2017."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        1,
        N_(
            "What is done or said once, and of which only the end of its time is known, was on "
            "one day up to then. Without a date, an event is headed by the bound that we set."
        ),
        N_("“Until 2019” reads “on or before 2019” for acts. “Date not known” adds our bound."),
    ),
    MethodChange(
        NOVEMBER_2026,
        1,
        N_(
            "An approximate or uncertain date is certain only in a window that also holds its "
            "surroundings: 15 days around a day, a month around a month, three months around a "
            "season, a year around a year."
        ),
        N_(
            "“Must have happened” finds fewer events with such a date. “Could have happened” "
            "finds the same as before. The bar of a date shows the surroundings pale."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        1,
        N_(
            "Intervals and lists of dates may lack their year. They are outside every window "
            "unless an editor has set a bound."
        ),
        N_("Events of which a report gives days without a year keep these days."),
    ),
    MethodChange(
        NOVEMBER_2026,
        1,
        N_(
            "What a report only shows to be going on has a date of its own: the day on which it "
            "is attested. It could have been so on any day up to then."
        ),
        N_("Such states no longer read as if they had happened on that day."),
    ),
    MethodChange(
        NOVEMBER_2026,
        2,
        N_(
            "The rules on a date are what was last reported for a day up to then, never what "
            "applied. What no source has reported for 24 months stands apart."
        ),
        N_("Old measures are no longer listed beside those that were reported lately."),
    ),
    MethodChange(
        NOVEMBER_2026,
        2,
        N_(
            "Laws, resolutions and listings without a recorded end form a group of their own. "
            "They do not fade because nobody writes about them."
        ),
        N_("The practice track of a law and its links show whether it was applied."),
    ),
    MethodChange(
        NOVEMBER_2026,
        2,
        N_("A status change can state its end, apart from a deadline."),
        N_("After that day it reads: the period stated has ended; nothing was reported since."),
    ),
    MethodChange(
        NOVEMBER_2026,
        2,
        N_("Events that are no measure can be planned. A step has a first report and a plan."),
        N_("A plan names the time it is planned for, apart from when it was reported."),
    ),
    MethodChange(
        NOVEMBER_2026,
        3,
        N_(
            "Whether a speaker is named is a field of its own. An unnamed company head is "
            "anonymous, and the same words of two people who are not named join nothing."
        ),
        N_(
            "An event reported by one official, service or firm without a name reads “single "
            "anonymous source”."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        3,
        N_(
            "Editors may count two sources as one, or one apart from all others, and give the "
            "reason."
        ),
        N_(
            "Numbers of independent sources change only where editors decided it; the reason is "
            "shown beside them."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        4,
        N_(
            "Only citations that report the event itself support it. A remark on the law or on "
            "the effect supports its own field alone, and each field shows its own support."
        ),
        N_("Events lost a level of support where only such remarks had lifted them."),
    ),
    MethodChange(
        NOVEMBER_2026,
        4,
        N_(
            "An outlet’s own report is a level of its own and no named source. An official "
            "document counts only if it was read."
        ),
        N_("Reports in an outlet’s own words no longer count as a named source."),
    ),
    MethodChange(
        NOVEMBER_2026,
        4,
        N_("What no independent source says without reserve reads “alleged”."),
        N_("The word is in badges, lists and files."),
    ),
    MethodChange(
        NOVEMBER_2026,
        6,
        N_(
            "An estimate is for the whole of its population at its place or for a part. The "
            "headline of a place is its newest estimate for the whole."
        ),
        N_(
            "Some headlines of places changed; parts are listed below them, and “none for the "
            "whole” is said."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        6,
        N_(
            "A whole and a part are not compared. Sectors that only describe where people work "
            "make no other series; sectors that restrict the number do."
        ),
        N_("Fewer estimates read as different where one is for a part. No conflict was lost."),
    ),
    MethodChange(
        NOVEMBER_2026,
        6,
        N_(
            "People stranded, sought, refused, cleared to go or in detention are populations of "
            "their own."
        ),
        N_("They are compared only with others of that population."),
    ),
    MethodChange(
        NOVEMBER_2026,
        6,
        N_("A whole is compared with the sum of its sectors, where one source gives them."),
        N_("The page of the whole shows the sum and the difference."),
    ),
    MethodChange(
        NOVEMBER_2026,
        6,
        N_("“Nearly” and “almost” mean a number just below the printed one."),
        N_("Numbers printed as “almost” no longer read “about”."),
    ),
    MethodChange(
        NOVEMBER_2026,
        6,
        N_("Editors can mark two estimates as conflicting and give the reason."),
        N_("Such pairs are shown as conflicts although the rule sees two series."),
    ),
    MethodChange(
        NOVEMBER_2026,
        4,
        N_(
            "A speaker who takes something back, without naming a citation, takes back only "
            "what the same speaker reported in that source; the source itself takes back all of "
            "it."
        ),
        N_("What other speakers reported in that source keeps its support."),
    ),
    MethodChange(
        NOVEMBER_2026,
        14,
        N_(
            "Two links are new: an event shows that a measure was not applied, and two events "
            "do not agree. Both are our judgement and have a reason."
        ),
        N_(
            "They are at the top of a measure, with what reverses or evades it. The links that "
            "read “contradicts” are among them now."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        17,
        N_(
            "A term can have a certainty and a citation; each record tells whose nationals it "
            "is of."
        ),
        N_("A place or actor that a source only alleges reads so. No support changes."),
    ),
    MethodChange(
        NOVEMBER_2026,
        17,
        N_("Copies of a source have numbers; a citation tells which were read or leave it out."),
        N_("Pages of sources show the numbers, and citations the copies. No support changes."),
    ),
    MethodChange(
        NOVEMBER_2026,
        4,
        N_("A source that nobody here read counts in no number of sources, reports or outlets."),
        N_(
            "An event that cites only such sources reads “Not read by us”. Others have fewer "
            "sources than before."
        ),
    ),
    MethodChange(
        NOVEMBER_2026,
        4,
        N_("“Outlet's own report” is only the report of an outlet that was read itself."),
        N_("A report known only through another outlet reads “Single report, passed on”."),
    ),
    MethodChange(
        NOVEMBER_2026,
        4,
        N_("A relay that names no outlet no longer makes “several reports” of a single one."),
        N_("The number of reports beside a level is that of the reports counted for it."),
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
