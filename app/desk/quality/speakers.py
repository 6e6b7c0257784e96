"""Quality lists about speakers: those who count as named although their words name nobody."""

from sqlalchemy import ColumnElement, Integer, Select, and_, cast, func, or_, select, true

from app.desk.approved.models import Record, rows_of_document
from app.vocabulary.citations import OF_ANOTHER_SPEAKER, Attribution, Naming
from app.vocabulary.kinds import CITING_KINDS

USUALLY_NAMED = (
    Attribution.COMPANY,
    Attribution.DOCUMENT,
    Attribution.EXPERT,
    Attribution.GOVERNMENT,
    Attribution.INTELLIGENCE,
    Attribution.NAMED_OFFICIAL,
    Attribution.NGO,
    Attribution.UN_PANEL,
)
"""Kinds of speaker that are usually named."""

SAYS_UNNAMED = r"\m(not named|unnamed|unidentified|anonymous|name withheld|who asked not)\M"
NO_NAME_FIRST = r"^(?:[a-z0-9]|An? |Some |Several |Many |One |The [a-z])"
"""Words that begin without a proper name, such as "executive of a developer"."""
ROLE_ALONE = (
    r"^[^,(]*\m(officials?|executives?|managers?|experts?|analysts?|scholars?|professors?|"
    r"researchers?|diplomats?|employees?|sources?|authorities|bosses|owners?|media|data|"
    r"statistics|estimates?|footage)\M"
)
"""A role or kind before the first comma, where a person or body would otherwise be named."""
ROLE_IN_OTHER_SCRIPTS = (
    "관계자|소식통|당국자|人士|官员|官員|关系者|関係者|當局者|当局者|источник|чиновник"
)


CITATIONS = rows_of_document(Record.document["citations"])
STEPS = rows_of_document(CITATIONS.c.value["chain"])
STEP, AT = STEPS.c.value, STEPS.c.no
WORDS = func.coalesce(STEP["words"].astext, "")


def _steps(*conditions: ColumnElement[bool]) -> Select[str, str]:
    """Return record, and citation with words, of the steps of chains that meet the conditions."""
    return (
        select(Record.id, func.concat_ws(" ", CITATIONS.c.value["id"].astext, STEP["words"].astext))
        .select_from(Record)
        .join(CITATIONS, true())
        .join(STEPS, true())
        .where(Record.kind.in_(CITING_KINDS), *conditions)
    )


def named_without_name() -> Select[str, str]:
    """Return speakers who count as named, whose words name nobody."""
    says_nobody = or_(
        WORDS == "",
        WORDS.regexp_match(SAYS_UNNAMED, "i"),
        WORDS.regexp_match(NO_NAME_FIRST),
        WORDS.regexp_match(ROLE_ALONE, "i"),
        WORDS.regexp_match(ROLE_IN_OTHER_SCRIPTS),
    )
    return _steps(
        STEP["named"].astext == Naming.NAMED,
        STEP["attribution"].astext.in_(USUALLY_NAMED),
        ~STEP.has_key("outlet"),
        says_nobody,
    )


def contradictory_speakers() -> Select[str, str]:
    """Return speakers with values of another, and steps that can't pass on the one before."""
    kept = [
        and_(STEP["attribution"].astext == kind, or_(*(STEP.has_key(name) for name in names)))
        for kind, names in OF_ANOTHER_SPEAKER.items()
    ]
    # Steps are numbered from 1, elements of an array from 0.
    before = CITATIONS.c.value["chain"][cast(AT, Integer) - 2]
    is_impossible = (AT > 1) & or_(
        and_(
            before["attribution"].astext == Attribution.OWN_VOICE,
            STEP["attribution"].astext != Attribution.OTHER_OUTLET,
        ),
        and_(
            before["attribution"].astext == STEP["attribution"].astext,
            func.lower(before["words"].astext) == func.lower(STEP["words"].astext),
        ),
    )
    return _steps(or_(*kept, is_impossible))
