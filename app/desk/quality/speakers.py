"""Quality lists about speakers: those who count as named although their words name nobody."""

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.desk.approved.models import ChainStepRow, CitationRow
from app.vocabulary.citations import OF_ANOTHER_SPEAKER, Attribution, Naming

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


def named_without_name() -> Select[str, str]:
    """Return speakers who count as named, whose words name nobody."""
    words = func.coalesce(ChainStepRow.words, "")
    record = func.coalesce(CitationRow.event, CitationRow.estimate)
    says_nobody = or_(
        words == "",
        words.regexp_match(SAYS_UNNAMED, "i"),
        words.regexp_match(NO_NAME_FIRST),
        words.regexp_match(ROLE_ALONE, "i"),
        words.regexp_match(ROLE_IN_OTHER_SCRIPTS),
    )
    return (
        select(record, func.concat_ws(" ", ChainStepRow.citation, words))
        .join(CitationRow, CitationRow.id == ChainStepRow.citation)
        .where(
            ChainStepRow.named == Naming.NAMED,
            ChainStepRow.attribution.in_(USUALLY_NAMED),
            ChainStepRow.outlet.is_(None),
            says_nobody,
        )
    )


def contradictory_speakers() -> Select[str, str]:
    """Return speakers with values of another, and steps that can't pass on the one before."""
    record = func.coalesce(CitationRow.event, CitationRow.estimate)
    kept = [
        and_(
            ChainStepRow.attribution == kind,
            or_(*(getattr(ChainStepRow, name).is_not(None) for name in names)),
        )
        for kind, names in OF_ANOTHER_SPEAKER.items()
    ]
    before = aliased(ChainStepRow)
    is_impossible = exists().where(
        before.citation == ChainStepRow.citation,
        before.position == ChainStepRow.position - 1,
        or_(
            and_(
                before.attribution == Attribution.OWN_VOICE,
                ChainStepRow.attribution != Attribution.OTHER_OUTLET,
            ),
            and_(
                before.attribution == ChainStepRow.attribution,
                func.lower(before.words) == func.lower(ChainStepRow.words),
            ),
        ),
    )
    return (
        select(record, func.concat_ws(" ", ChainStepRow.citation, ChainStepRow.words))
        .join(CitationRow, CitationRow.id == ChainStepRow.citation)
        .where(or_(*kept, is_impossible))
    )
