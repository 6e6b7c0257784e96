"""Codes of events and measures."""

from app.vocabulary.code import Code
from app.vocabulary.kinds import RecordKind


class Track(Code):
    """The two histories of a measure: its legal status, and what happens in practice."""

    LAW = (
        "law",
        "Legal status",
        "What was decided, ordered or lifted, in public or in an instruction to those affected.",
        "A ministry's notice; an instruction to some workers, reported by an unnamed person.",
    )
    PRACTICE = (
        "practice",
        "In practice",
        "What authorities, employers and workers did, as reported.",
        "Visas are no longer renewed at the counter.",
    )


class Step(Code):
    """What a source reports about a measure's status. Any status can be the first one known."""

    PLANNED = (
        "planned",
        "Planned",
        "A source reports the intention, and none reports that it began. Acts can be planned, too.",
        "A last phase in December.",
    )
    ANNOUNCED = (
        "announced",
        "Announced or ordered",
        "Made public, or ordered or requested of those affected, with or without a date.",
        "An order to leave by June.",
    )
    IN_FORCE = (
        "in-force",
        "In force",
        "A source reports that the rule applies. It need not be a law.",
        "A resolution on the day of its adoption.",
    )
    SUSPENDED = (
        "suspended",
        "Suspended",
        "The rule is temporarily not applied.",
        "Limits on stays are paused.",
    )
    EASED = (
        "eased",
        "Eased",
        "The rule was relaxed, or part of it was lifted.",
        "A ban is lifted for the skilled.",
    )
    ENDED = (
        "ended",
        "Ended",
        "The rule was lifted or has expired.",
        "A ban on sending workers is lifted in full.",
    )
    ENFORCED = (
        "enforced",
        "Enforced",
        "People were made to comply with the rule.",
        "Staff are sent home when visas end.",
    )
    NOT_ENFORCED = (
        "not-enforced",
        "Not enforced",
        "The authorities knowingly do not apply the rule.",
        "An expired visa is tolerated.",
    )
    EFFECT_SEEN = (
        "effect-seen",
        "Effect reported",
        "An expected effect of the rule was observed.",
        "Fewer workers in town.",
    )
    EVASION = (
        "evasion",
        "Evasion",
        "A source reports that someone evaded the rule.",
        "Workers return on student visas.",
    )
    DONE = (
        "done",
        "Done once",
        "A single act that concerned certain people or goods, without a continuing rule.",
        "Fifty-four workers are deported.",
    )
    NO_LONGER = (
        "no-longer",
        "Ended in practice",
        "A source reports that the practice ended. The rule itself may continue.",
        "Expired visas, tolerated until then, are checked again.",
    )

    LAPSED = (
        "lapsed",
        "Stated end passed",
        "The end or length stated by a source has passed, and nothing was reported since. "
        "Calculated from the dates on the day of the edition.",
        "An order to stay until the end of the year, in the next year.",
    )

    @property
    def track(self) -> Track:
        if self is Step.LAPSED:
            return Track.LAW
        return Track.LAW if self in LADDER[: LADDER.index(Step.ENDED) + 1] else Track.PRACTICE


ENDS = frozenset({Step.ENDED, Step.NO_LONGER})
"""Steps that end their track."""
LADDER: list[Step] = [step for step in Step if step is not Step.LAPSED]
"""Steps in order of progress, which decides between two steps of one day (rule 2)."""


class StatusGroup(Code):
    """What was last reported of a measure by a date. Each measure is in one group."""

    RECENT = (
        "recent",
        "Reported in the past 24 months",
        "A source reports it for a day in the 24 months before the date.",
        "An instruction last reported 22 months ago.",
    )
    LAW = (
        "law",
        "Law or listing with no recorded end",
        "A law, resolution or listing. It is listed until an end is recorded.",
        "A Security Council resolution.",
    )
    ENDED = (
        "ended",
        "Reported ended, or stated end passed",
        "A source reported its end, or the stated period has passed with no later report.",
        "An order to stay until the end of the year.",
    )
    UNCONFIRMED = (
        "unconfirmed",
        "Older; no newer report confirms it",
        "The last report is older, and no report that we read confirms it for a later day.",
        "Visas refused in 2017.",
    )
    CARRIED_OUT = (
        "carried-out",
        "Planned; carried out by another event",
        "A source reported the plan, and another event in the record carries it out.",
        "A plan for a register, and the register that was opened.",
    )
    PLANNED = (
        "planned",
        "Planned; start not reported",
        "A source reported the plan, and no report that we read says that it began.",
        "A last phase in December.",
    )
    DONE = (
        "done",
        "Acts done once",
        "Acts that concerned certain people or goods. They have no status at a later date.",
        "A deportation of fifty-four workers.",
    )


class TermKey(Code):
    """What a value of an event or estimate describes, such as a place or an industry."""

    PLACE = "place", "Place", "Where it happened or was counted.", "Dandong"
    NATIONALITY = (
        "nationality",
        "Nationality",
        "The nationality of the people concerned.",
        "North Korean",
    )
    GROUP = "group", "Group of workers", "The people concerned.", "Restaurant staff"
    PAPER = "paper", "Visa or permit", "The visa, permit or pass concerned.", "Student visa"
    SECTOR = "sector", "Industry", "The industry in which the people work.", "Seafood processing"
    RIGHT = "right", "Right or service", "The right or service that people lose.", "Driving"
    ACTOR = (
        "actor",
        "Actor",
        "A body that orders, agrees, speaks, acts, receives an order or is affected.",
        "Ministry of Commerce",
    )


KIND_OF_TERM: dict[str, RecordKind] = {
    TermKey.PLACE: RecordKind.PLACE,
    TermKey.ACTOR: RecordKind.ACTOR,
}
"""The keys of terms whose code is that of a record; other codes are of a list."""


class NoNationality(Code):
    """Why an event or estimate has no nationality."""

    NOT_STATED = "not-stated", "Not stated", "No source states the nationality.", ""
    ANY = "any", "Any nationality", "It concerns people of any nationality.", ""


class Role(Code):
    """The role of a place, body, group or permit in an event. Exempt groups and pictured places have filters of their own."""  # noqa: E501

    AT = "at", "At", "Where it happened.", ""
    FROM = "from", "From", "Where people come from, or the permit that they give up.", ""
    TO = "to", "To", "Where people go, or the permit that they receive.", ""
    VIA = "via", "Through", "A place passed on the way.", ""
    LIVED = "lived", "Lived", "Where people were housed.", ""
    GATHERED = "gathered", "Gathered", "Where people were brought together.", ""
    SHOWN_ONLY = (
        "shown-only",
        "Pictured only",
        "Seen in a picture. No source reports that anything happened there.",
        "",
    )
    TARGET = "target", "Covered", "Whom or what the measure covers.", ""
    EXEMPT = (
        "exempt",
        "Exempt",
        "Whom or what the measure explicitly does not cover.",
        "Nurses may stay.",
    )
    UNTIL_EXPIRY = (
        "until-expiry",
        "Until the permit expires",
        "Covered once the current permit has expired.",
        "",
    )
    ORDERS = "orders", "Ordered", "It gave the order.", ""
    AGREES = (
        "agrees",
        "Agreed",
        "It is a party to the agreement.",
        "Indonesia and Malaysia sign a memorandum.",
    )
    SAYS = (
        "says",
        "Said",
        "It made the statement, warning or demand.",
        "A ministry warns offices not to recruit from abroad.",
    )
    CARRIES_OUT = "carries-out", "Implements", "It carried out the measure or act.", ""
    TOLD = "told", "Received the order", "The order was addressed to it.", ""
    AFFECTED = "affected", "Affected", "It was affected without receiving an order.", ""
    DENIES = "denies", "Denied", "It denied the event.", ""


_MOVES = {Role.FROM, Role.TO}
_COVERS = {Role.TARGET, Role.EXEMPT, Role.UNTIL_EXPIRY} | _MOVES
ROLES_OF = {
    TermKey.PLACE: {Role.AT, Role.VIA, Role.LIVED, Role.GATHERED, Role.SHOWN_ONLY} | _MOVES,
    TermKey.NATIONALITY: _COVERS,
    TermKey.GROUP: _COVERS,
    TermKey.PAPER: _COVERS,
    TermKey.SECTOR: _COVERS,
    TermKey.RIGHT: {Role.TARGET, Role.EXEMPT},
    TermKey.ACTOR: {
        *(Role.ORDERS, Role.AGREES, Role.SAYS, Role.CARRIES_OUT),
        *(Role.TOLD, Role.AFFECTED, Role.DENIES),
    },
}


class TermScope(Code):
    """Whether the number counts only people of the nationality, industry or group."""

    RESTRICTS = (
        "restricts",
        "Counts only these",
        "The number includes only people of this nationality, industry or group.",
        "12,000 work in construction.",
    )
    MOSTLY = (
        "mostly",
        "Most are these",
        "Most of the people counted are of this nationality, industry or group.",
        "524,000 immigrants, mostly Haitians.",
    )
    DESCRIBES = (
        "describes",
        "Counts others too",
        "The number also includes other people.",
        "6,000 workers, among them some in textile plants.",
    )


SCOPED = {TermKey.NATIONALITY, TermKey.SECTOR, TermKey.GROUP}
UNLIMITED = {TermScope.MOSTLY, TermScope.DESCRIBES}
"""Scopes of what is named but does not limit the number."""


class Side(Code):
    """Who ordered it. The same ministry can be of the host country in one event and of the home country in another."""  # noqa: E501

    HOST_STATE = (
        "host-state",
        "Host country",
        "The country where the workers are.",
        "China, about workers in Dandong.",
    )
    HOME_STATE = (
        "home-state",
        "Home country",
        "The country that the workers come from.",
        "North Korea recalls its staff.",
    )
    INTERNATIONAL = (
        "international",
        "UN or third country",
        "The UN or a third country.",
        "A Security Council resolution.",
    )
    EMPLOYER = "employer", "Employer", "A firm, acting on its own.", "A factory ends its contracts."


class EventLink(Code):
    """How one event relates to another."""

    PART_OF = (
        "part-of",
        "Part of",
        "It is a part of a larger measure or event.",
        "The second phase of a plan.",
    )
    FOLLOWS = (
        "follows",
        "Follows",
        "It came after the other event, by plan or according to a source.",
        "",
    )
    IMPLEMENTS = "implements", "Implements", "It puts a decision into effect.", ""
    EFFECT_OF = (
        "effect-of",
        "Result of",
        "It is a result of the other event, according to a source or the editors.",
        "",
    )
    EVADES = "evades", "Evades", "It avoids what the measure requires.", ""
    REVERSES = "reverses", "Reverses", "It reverses the whole measure.", "A ban is lifted."
    PARTLY_REVERSES = (
        "reverses-in-part",
        "Reverses in part",
        "It reverses a part of the measure. No source reports that the rest ended.",
        "A ban is lifted for workers on leave, not for new contracts.",
    )
    EXPLAINS = "explains", "Explains", "It gives background or a motive.", ""
    ANSWERS = (
        "answers",
        "Responds to",
        "It responds to the other event, such as by a denial or protest.",
        "",
    )
    SAME_AS = "same-as", "Possible duplicate of", "It may be the same event, reported twice.", ""
    CONTRADICTS = (
        "contradicts",
        "Contradicts",
        "In the editors' judgement, both can't be true: one of the reports is wrong. A reason "
        "is given.",
        "All left; later some are reported to have stayed.",
    )
    NOT_APPLIED = (
        "shows-not-applied",
        "Shows that it was not applied",
        "In the editors' judgement, this shows that the measure was not applied there. A "
        "reason is given.",
        "A stay after the date for return is accepted.",
    )
    DISAGREES = (
        "do-not-agree",
        "Does not agree with",
        "In the editors' judgement, the two do not fit together, although both may be true. A "
        "reason is given.",
        "New workers arrive while all are reported to have to leave.",
    )


COMES_AFTER = frozenset(
    {
        EventLink.FOLLOWS,
        EventLink.IMPLEMENTS,
        EventLink.EFFECT_OF,
        EventLink.REVERSES,
        EventLink.PARTLY_REVERSES,
        EventLink.ANSWERS,
    }
)
"""Links of an event that can't be over before the other event began."""
JUDGEMENTS = frozenset({EventLink.CONTRADICTS, EventLink.NOT_APPLIED, EventLink.DISAGREES})
"""Links that are our own judgement and need a reason (rule 14)."""


class TypeNature(Code):
    """What kind of event a type is for. Only measures have a status other than planned."""

    MEASURE = (
        "measure",
        "Measure",
        "A rule, order or practice that restricts or frees.",
        "Stay limit",
    )
    ACT = "act", "Act", "Something done or observed.", "Repatriation"
    STATEMENT = (
        "statement",
        "Statement",
        "Something said. A citation of the statement supports the event.",
        "Report to the UN",
    )
    CONTEXT = "context", "Context", "Background to other events.", "Summit"


class Direction(Code):
    """What an event means for the workers concerned. A type names its own, or none."""

    TIGHTENS = (
        "tightens",
        "Tightens",
        "A rule or order that leaves people less room to come, stay, work or leave.",
        "A stay is cut to one month.",
    )
    EASES = (
        "eases",
        "Eases",
        "A rule is loosened, lifted or not applied.",
        "Citizens abroad are let home again.",
    )
    ARRIVES = (
        "arrives",
        "People arrive or stay on",
        "People arrive, are to arrive, or stay on.",
        "Five hundred workers come by bus.",
    )
    LEAVES = (
        "leaves",
        "People leave",
        "People leave, or are made to leave.",
        "Workers are taken home by train.",
    )
    NONE = (
        "no-direction",
        "No direction",
        "None of these, whatever its type says.",
        "A new agency is named.",
    )


DIRECTIONS = tuple(each for each in Direction if each is not Direction.NONE)
"""What readers see and filter by: the other code only says that a type's does not fit."""


class TypeHeading(Code):
    """Headings for types of event, by who usually orders them."""

    HOST_STATE = Side.HOST_STATE.value, Side.HOST_STATE.label, Side.HOST_STATE.definition
    HOME_STATE = Side.HOME_STATE.value, Side.HOME_STATE.label, Side.HOME_STATE.definition
    INTERNATIONAL = (
        Side.INTERNATIONAL.value,
        Side.INTERNATIONAL.label,
        Side.INTERNATIONAL.definition,
    )
    EMPLOYER = Side.EMPLOYER.value, Side.EMPLOYER.label, Side.EMPLOYER.definition
    SEEN = "seen", "No known order", "What happened on the ground, whoever ordered it."
