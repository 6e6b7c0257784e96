"""Codes of events and measures."""

from app.vocabulary.code import Code
from app.vocabulary.kinds import RecordKind


class Track(Code):
    """A restriction moves on two tracks at once: what the rule says, and what is done."""

    LAW = (
        "law",
        "The rule",
        "What was decided, ordered or lifted, in public or towards those concerned.",
        "A ministry's notice; an instruction to some workers that an unnamed person reports.",
    )
    PRACTICE = (
        "practice",
        "In practice",
        "What is done about it, as reported.",
        "Visas are no longer renewed at the counter.",
    )


class Step(Code):
    """A step of a restriction's history. Not a ladder: any step may be the first known."""

    PLANNED = (
        "planned",
        "Planned",
        "Said to be intended; nothing shows that it began. An act can be planned too.",
        "A last phase in December.",
    )
    ANNOUNCED = (
        "announced",
        "Announced or ordered",
        "Made public, or ordered or asked of those concerned, with or without a date.",
        "An order to leave by June.",
    )
    IN_FORCE = (
        "in-force",
        "In force",
        "The rule is said to apply; it need not be a law.",
        "A resolution on the day of its adoption.",
    )
    SUSPENDED = (
        "suspended",
        "Suspended",
        "The rule stands but does not apply for the time being.",
        "Stays do not run.",
    )
    EASED = (
        "eased",
        "Eased",
        "The rule was loosened, or part of it was lifted.",
        "A ban is lifted for the skilled.",
    )
    ENDED = (
        "ended",
        "Ended",
        "The rule was lifted or has run out.",
        "A ban on deployment is lifted in full.",
    )
    ENFORCED = (
        "enforced",
        "Enforced",
        "Someone was made to comply.",
        "Staff are sent home when visas end.",
    )
    NOT_ENFORCED = (
        "not-enforced",
        "Not enforced",
        "The rule is knowingly not applied.",
        "An expired visa is tolerated.",
    )
    EFFECT_SEEN = (
        "effect-seen",
        "Effect seen",
        "What the rule would bring about was observed.",
        "Fewer workers in town.",
    )
    EVASION = (
        "evasion",
        "Evasion",
        "Someone was said to evade the rule.",
        "Workers return on student visas.",
    )
    DONE = (
        "done",
        "Done once",
        "An act towards certain people or goods that was over with it; no rule that goes on.",
        "Fifty-four workers are deported.",
    )
    NO_LONGER = (
        "no-longer",
        "No longer so",
        "What was done in practice is said to be done no longer; no rule need have ended.",
        "Expired visas, tolerated until then, are checked again.",
    )

    LAPSED = (
        "lapsed",
        "Stated end passed",
        "The end or length that a source stated has passed, and nothing was reported since. "
        "Not entered: it follows from the dates, on the day of the edition.",
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
    """What the last report of a measure says on a day (rule 2). The groups exclude each other."""

    RECENT = (
        "recent",
        "Reported in the past 24 months",
        "A source reports it for a day within the 24 months before.",
        "An instruction last reported 22 months ago.",
    )
    LAW = (
        "law",
        "Law or listing with no recorded end",
        "A law, resolution or listing; it stays until an end is recorded.",
        "A Security Council resolution.",
    )
    ENDED = (
        "ended",
        "Reported ended, or stated end passed",
        "Its end was reported, or the period stated has ended and nothing was reported since.",
        "An order to stay until the end of the year.",
    )
    UNCONFIRMED = (
        "unconfirmed",
        "Not confirmed in the past 24 months",
        "The last report is older; none that was read says of a later day that it applied.",
        "Visas refused in 2017.",
    )
    CARRIED_OUT = (
        "carried-out",
        "Planned; carried out by another event",
        "Said to be intended; another event of the record carries it out.",
        "A plan for a register, and the register that was opened.",
    )
    PLANNED = (
        "planned",
        "Planned; no report read says that it began",
        "Said to be intended; no report says that it began.",
        "A last phase in December.",
    )
    DONE = (
        "done",
        "Acts done once",
        "Done to certain people or goods; no rule that goes on, so it has no status later.",
        "A deportation of fifty-four workers.",
    )


class TermKey(Code):
    """What a term of an event or estimate names."""

    PLACE = "place", "Place", "Where.", "Dandong"
    NATIONALITY = "nationality", "Nationality", "Whose nationals.", "North Korean"
    GROUP = "group", "Group of workers", "Which people are meant.", "Restaurant staff"
    PAPER = "paper", "Visa or permit", "Which visa, permit or pass.", "Student visa"
    SECTOR = "sector", "Sector", "In which trade.", "Seafood processing"
    RIGHT = "right", "What is barred", "Which right or service people lose.", "Driving"
    ACTOR = (
        "actor",
        "Actor",
        "Who orders, agrees, speaks, carries out, is told or is affected.",
        "Ministry of Commerce",
    )


KIND_OF_TERM: dict[str, RecordKind] = {
    TermKey.PLACE: RecordKind.PLACE,
    TermKey.ACTOR: RecordKind.ACTOR,
}
"""The keys of terms whose code is that of a record; other codes are of a list."""


class NoNationality(Code):
    """Why an event or estimate names no nationality."""

    NOT_STATED = "not-stated", "Not stated", "No source says whose nationals they are.", ""
    ANY = "any", "Any nationality", "It is said of people whatever their nationality.", ""


class Role(Code):
    """What part a term plays. `exempt` and `shown-only` never make the plain search term, only their own."""  # noqa: E501

    AT = "at", "At", "Where it happens.", ""
    FROM = "from", "From", "Where or what people come from; the paper given up.", ""
    TO = "to", "To", "Where people go; the paper taken up.", ""
    VIA = "via", "Through", "A place passed on the way.", ""
    LIVED = "lived", "Lived", "Where people were housed.", ""
    GATHERED = "gathered", "Gathered", "Where people were brought together.", ""
    SHOWN_ONLY = (
        "shown-only",
        "Shown only",
        "Seen in a picture; nothing is said to have happened there.",
        "",
    )
    TARGET = "target", "Covered", "Whom or what the measure covers.", ""
    EXEMPT = "exempt", "Exempt", "Whom or what the measure leaves out.", "Nurses may stay."
    UNTIL_EXPIRY = (
        "until-expiry",
        "Until it runs out",
        "Covered once the paper in hand has run out.",
        "",
    )
    ORDERS = "orders", "Orders", "Who gives the order.", ""
    AGREES = (
        "agrees",
        "Agrees to it",
        "A party to an agreement; nobody orders it.",
        "Indonesia and Malaysia sign a memorandum.",
    )
    SAYS = (
        "says",
        "Says it",
        "Who makes the statement, warning or demand that the event is.",
        "A ministry warns offices not to recruit from abroad.",
    )
    CARRIES_OUT = "carries-out", "Carries out", "Who carries out what was ordered or done.", ""
    TOLD = "told", "Is told", "Who receives the order.", ""
    AFFECTED = "affected", "Is affected", "Who is affected without having received an order.", ""
    DENIES = "denies", "Denies", "Who says that it is not so.", ""


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
    """Whether an estimate's number counts only the people of a nationality, sector or group."""

    RESTRICTS = (
        "restricts",
        "Counts only these",
        "The number is of people of this nationality, sector or group only.",
        "12,000 work in construction.",
    )
    MOSTLY = (
        "mostly",
        "Most are these",
        "Most of those counted are these; the number is not limited to them.",
        "524,000 immigrants, mostly Haitians.",
    )
    DESCRIBES = (
        "describes",
        "Counts others too",
        "Says where or who the people are; the number is not limited to it.",
        "6,000 workers, among them some in textile plants.",
    )


SCOPED = {TermKey.NATIONALITY, TermKey.SECTOR, TermKey.GROUP}
UNLIMITED = {TermScope.MOSTLY, TermScope.DESCRIBES}
"""Scopes of what is named but does not limit the number."""


class Side(Code):
    """On whose side the one who orders stands here; the same ministry is host in one place and home in another."""  # noqa: E501

    HOST_STATE = (
        "host-state",
        "Host state",
        "The country where the workers are.",
        "China, about workers in Dandong.",
    )
    HOME_STATE = (
        "home-state",
        "Home state",
        "The country that the workers come from.",
        "North Korea recalls its staff.",
    )
    INTERNATIONAL = (
        "international",
        "UN or third country",
        "The UN, or a third state.",
        "A Security Council resolution.",
    )
    EMPLOYER = "employer", "Employer", "A firm, on its own account.", "A plant ends its contracts."


class EventLink(Code):
    """How one event stands to another."""

    PART_OF = "part-of", "Part of", "A step or part of a larger measure.", "Stage two of a plan."
    FOLLOWS = "follows", "Follows", "Comes after it, by plan or as told.", ""
    IMPLEMENTS = "implements", "Carries out", "Puts a decision into effect.", ""
    EFFECT_OF = "effect-of", "Effect of", "Is said to come from it.", ""
    EVADES = "evades", "Evades", "Avoids what it demands.", ""
    REVERSES = "reverses", "Reverses", "Undoes it as a whole.", "A ban is lifted."
    PARTLY_REVERSES = (
        "reverses-in-part",
        "Reverses in part",
        "Undoes a part of it; the rest is not said to end.",
        "A ban is lifted for workers on leave, not for new contracts.",
    )
    EXPLAINS = "explains", "Explains", "Gives a background or motive.", ""
    ANSWERS = "answers", "Answers", "Replies to it: a denial, a protest.", ""
    SAME_AS = "same-as", "Same as", "May be the same event, told twice.", ""
    CONTRADICTS = (
        "contradicts",
        "Contradicts",
        "In our judgement both can't be so: one of the reports is wrong. Needs a reason.",
        "All left; later some are reported to have stayed.",
    )
    NOT_APPLIED = (
        "shows-not-applied",
        "Shows that it was not applied",
        "In our judgement this shows that the measure was not applied there. Needs a reason.",
        "A stay after the date for return is accepted.",
    )
    DISAGREES = (
        "do-not-agree",
        "Does not agree with",
        "In our judgement the two do not fit together, though both may be so. Needs a reason.",
        "New workers arrive while all are said to have to go.",
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
    """What a type of event is. Only measures have stages other than planned (rule 2)."""

    MEASURE = (
        "measure",
        "Measure",
        "A rule, order or practice that restricts or frees.",
        "Stay limit",
    )
    ACT = "act", "Act", "Something done or seen.", "Repatriation"
    STATEMENT = (
        "statement",
        "Statement",
        "Something said: a citation of the statement reports the event.",
        "Report to the UN",
    )
    CONTEXT = "context", "Context", "What surrounds the record.", "Summit"


class TypeHeading(Code):
    """Headings for types of event: who ordered the event, or nobody."""

    HOST_STATE = Side.HOST_STATE.value, Side.HOST_STATE.label, Side.HOST_STATE.definition
    HOME_STATE = Side.HOME_STATE.value, Side.HOME_STATE.label, Side.HOME_STATE.definition
    INTERNATIONAL = (
        Side.INTERNATIONAL.value,
        Side.INTERNATIONAL.label,
        Side.INTERNATIONAL.definition,
    )
    EMPLOYER = Side.EMPLOYER.value, Side.EMPLOYER.label, Side.EMPLOYER.definition
    SEEN = "seen", "Seen on the ground", "What happened, whoever ordered it."
