"""Codes of events and measures."""

from app.vocabulary.code import Code
from app.vocabulary.kinds import RecordKind


class Track(Code):
    """The two histories of a measure: its legal status, and what happens in practice."""

    LAW = "law"
    PRACTICE = "practice"


class Step(Code):
    """What a source reports about a measure's status. Any status can be the first one known."""

    PLANNED = "planned"
    ANNOUNCED = "announced"
    IN_FORCE = "in-force"
    SUSPENDED = "suspended"
    EASED = "eased"
    ENDED = "ended"
    ENFORCED = "enforced"
    NOT_ENFORCED = "not-enforced"
    EFFECT_SEEN = "effect-seen"
    EVASION = "evasion"
    DONE = "done"
    NO_LONGER = "no-longer"

    LAPSED = "lapsed"

    @property
    def track(self) -> Track:
        return Track.PRACTICE if self in OF_PRACTICE else Track.LAW


ENDS = {Step.ENDED, Step.NO_LONGER}
"""Steps that end their track."""
LADDER: list[Step] = [step for step in Step if step is not Step.LAPSED]
"""Steps in order of progress, which decides between two steps of one day (rule 2)."""
OF_PRACTICE = frozenset(LADDER[LADDER.index(Step.ENDED) + 1 :])


class StatusGroup(Code):
    """What was last reported of a measure by a date. Each measure is in one group."""

    RECENT = "recent"
    LAW = "law"
    ENDED = "ended"
    UNCONFIRMED = "unconfirmed"
    CARRIED_OUT = "carried-out"
    PLANNED = "planned"
    DONE = "done"


class TermKey(Code):
    """What a value of an event or estimate describes, such as a place or an industry."""

    PLACE = "place"
    NATIONALITY = "nationality"
    GROUP = "group"
    PAPER = "paper"
    SECTOR = "sector"
    RIGHT = "right"
    ACTOR = "actor"


KIND_OF_TERM: dict[str, RecordKind] = {
    TermKey.PLACE: RecordKind.PLACE,
    TermKey.ACTOR: RecordKind.ACTOR,
}
"""The keys of terms whose code is that of a record; other codes are of a list."""


class NoNationality(Code):
    """Why an event or estimate has no nationality."""

    NOT_STATED = "not-stated"
    ANY = "any"


class Role(Code):
    """The role of a place, body, group or permit in an event. Exempt groups and pictured places have filters of their own."""  # noqa: E501

    AT = "at"
    FROM = "from"
    TO = "to"
    VIA = "via"
    LIVED = "lived"
    GATHERED = "gathered"
    SHOWN_ONLY = "shown-only"
    TARGET = "target"
    EXEMPT = "exempt"
    UNTIL_EXPIRY = "until-expiry"
    ORDERS = "orders"
    AGREES = "agrees"
    SAYS = "says"
    CARRIES_OUT = "carries-out"
    EMPLOYS = "employs"
    TOLD = "told"
    AFFECTED = "affected"
    DENIES = "denies"


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
        *(Role.EMPLOYS, Role.TOLD, Role.AFFECTED, Role.DENIES),
    },
}


class TermScope(Code):
    """Whether the number counts only people of the nationality, industry or group."""

    RESTRICTS = "restricts"
    MOSTLY = "mostly"
    DESCRIBES = "describes"


SCOPED = {TermKey.NATIONALITY, TermKey.SECTOR, TermKey.GROUP}
UNLIMITED = {TermScope.MOSTLY, TermScope.DESCRIBES}
"""Scopes of what is named but does not limit the number."""


class Side(Code):
    """Who ordered it. The same ministry can be of the host country in one event and of the home country in another."""  # noqa: E501

    HOST_STATE = "host-state"
    HOME_STATE = "home-state"
    INTERNATIONAL = "international"
    EMPLOYER = "employer"


class EventLink(Code):
    """How one event relates to another."""

    PART_OF = "part-of"
    FOLLOWS = "follows"
    IMPLEMENTS = "implements"
    EFFECT_OF = "effect-of"
    EVADES = "evades"
    REVERSES = "reverses"
    PARTLY_REVERSES = "reverses-in-part"
    EXPLAINS = "explains"
    ANSWERS = "answers"
    SAME_AS = "same-as"
    CONTRADICTS = "contradicts"
    NOT_APPLIED = "shows-not-applied"
    DISAGREES = "do-not-agree"


JUDGEMENTS = {EventLink.CONTRADICTS, EventLink.NOT_APPLIED, EventLink.DISAGREES}
"""Links that are our own judgement and need a reason (rule 14)."""


class TypeNature(Code):
    """What kind of event a type is for. Only measures have a status other than planned."""

    MEASURE = "measure"
    ACT = "act"
    STATEMENT = "statement"
    CONTEXT = "context"


class Direction(Code):
    """What an event means for the workers concerned. A type names its own, or none."""

    TIGHTENS = "tightens"
    EASES = "eases"
    ARRIVES = "arrives"
    LEAVES = "leaves"
    NONE = "no-direction"


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
    SEEN = "seen"
