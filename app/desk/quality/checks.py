"""Every quality list: its name, description, whether it is a fault, and its query.

A query returns the id of a record or draft and a text that identifies it. Pages, counts, the CSV
file and the command line use the same query.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Select,
    Text,
    and_,
    case,
    cast,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    union,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from app.desk.approved.draft_models import OPEN_STATES, Draft, DraftState
from app.desk.approved.models import KnownId, Record, ReferenceRow, rows_of_document
from app.desk.draft_form.advice import is_undecided_row
from app.desk.purges.models import Purge
from app.desk.quality import links, same_reports, speakers
from app.i18n.translate import N_
from app.record.models import PurgedRecord, Version
from app.record.terms import term_numbers
from app.vocabulary.dates import NEEDS_REASON
from app.vocabulary.estimates import Counts, FigureRole, Rivalry
from app.vocabulary.events import TermKey
from app.vocabulary.kinds import CITING_KINDS, RecordKind
from app.vocabulary.record import SETTLEMENTS
from app.vocabulary.sources import PublishedBasis
from app.vocabulary.support import Corroboration

MAX_UNTOUCHED = timedelta(days=30)
MAX_ESTIMATE_AGE = timedelta(days=3 * 365)

ListQuery = Select[str, str]


@dataclass(frozen=True)
class QualityCheck:
    """A quality list. A fault contradicts our own rules; other lists are pending work."""

    name: str
    title: str
    statement: str
    find: Callable[[], ListQuery]
    is_fault: bool = False


TITLE = Record.document["title"].astext

# Published versions -----------------------------------------------------------------------------


def _live(kind: str, *conditions: ColumnElement[bool]) -> Select[str]:
    return select(Version.id).where(
        Version.kind == kind, Version.closed.is_(None), Version.is_live, *conditions
    )


def _matching_ids(kind: str, key: str, code: str) -> Select[str]:
    """Return the ids of published records that match the filter `key:code`."""
    return _live(kind, Version.terms.overlap(term_numbers({(key, code)})))


def _without_citation() -> ListQuery:
    return select(Record.id, TITLE).where(
        Record.id.in_(_live(RecordKind.EVENT)), ~Record.document.has_key("citations")
    )


def _single_anonymous_source() -> ListQuery:
    return select(Record.id, TITLE).where(
        Record.id.in_(
            _matching_ids(RecordKind.EVENT, "corroboration", Corroboration.SINGLE_ANONYMOUS)
        )
    )


def _undecided_citations() -> ListQuery:
    """Return the events with such citations, and the ids of these."""
    citations = rows_of_document(Record.document["citations"])
    id = citations.c.value["id"].astext
    ids = func.array_to_string(func.array_agg(aggregate_order_by(id, citations.c.no)), ", ")
    return (
        select(Record.id, func.concat_ws(" · ", TITLE, ids))
        .select_from(Record)
        .join(citations, true())
        .where(Record.kind == RecordKind.EVENT, is_undecided_row(citations.c.value))
        .group_by(Record.id)
    )


def _inferred_dates() -> ListQuery:
    is_inferred = Record.id.in_(_matching_ids(RecordKind.EVENT, "basis", PublishedBasis.INFERRED))
    return select(Record.id, TITLE).where(
        or_(is_inferred, Record.document["happened_basis"].astext.in_(NEEDS_REASON)),
        Record.id.in_(_live(RecordKind.EVENT)),
    )


def _conflicts() -> ListQuery:
    return select(Record.id, _estimate_words(Record)).where(
        Record.id.in_(_matching_ids(RecordKind.ESTIMATE, "conflict", Rivalry.CONFLICTS))
    )


def _without_nationality() -> ListQuery:
    """Find events and estimates that neither name a nationality nor say why none is named."""
    words = case((Record.kind == RecordKind.EVENT, TITLE), else_=_estimate_words(Record))
    live = union(*(_live(kind) for kind in CITING_KINDS))
    return select(Record.id, words).where(
        Record.id.in_(select(live.subquery().c[0])),
        ~Record.document.has_key("no_nationality"),
        ~Record.document["terms"].contains([{"key": TermKey.NATIONALITY.value}]),
    )


def _unsupported_numbers() -> ListQuery:
    """Return events with the numbers of their summary that nothing else in the event has.

    Days of a month match with a leading zero, as in “2019-04-05”.
    """
    plain = func.replace(Record.document["summary"].astext, ",", "")
    matches = func.regexp_matches(plain, r"[0-9]+(?:\.[0-9]+)?", "g").table_valued(
        column("found", ARRAY(Text)), joins_implicitly=True
    )
    numbers = matches.render_derived()
    number = numbers.c.found[1]
    figure = aliased(Record)
    figures = (
        select(func.string_agg(cast(figure.document, Text), " "))
        .where(figure.document["event"].astext == Record.id)
        .scalar_subquery()
    )
    rest = cast(Record.document.op("-")("summary"), Text)
    everything = func.replace(func.concat_ws(" ", rest, figures), ",", "")
    pattern = func.concat("(?<![0-9])0*", func.replace(number, ".", r"\."), "(?![0-9])")
    return (
        select(Record.id, func.concat_ws(" · ", TITLE, func.string_agg(number, ", ")))
        .select_from(Record)
        .join(numbers, true())
        .where(Record.kind == RecordKind.EVENT, ~everything.regexp_match(pattern))
        .group_by(Record.id)
    )


# Preferred figures ------------------------------------------------------------------------------


def _estimate_words(figure: Any) -> ColumnElement[str]:
    said = figure.document
    time = func.coalesce(said["as_of"].astext, said["period"].astext, "")
    return func.concat_ws(" ", said["counts"].astext, said["population_text"].astext, time)


def _role(figure: Any) -> ColumnElement[str]:
    return func.coalesce(figure.document["role"].astext, FigureRole.ORDINARY.value)


def _overlap_in_series(one: Any, other: Any) -> ColumnElement[bool]:
    """Condition: two estimates of the same series with overlapping times."""
    first, last = literal(date.min, Date), literal(date.max, Date)
    return and_(
        one.series == other.series,
        one.id != other.id,
        func.coalesce(one.first, first) <= func.coalesce(other.last, last),
        func.coalesce(other.first, first) <= func.coalesce(one.last, last),
    )


def _none_preferred() -> ListQuery:
    """Return one estimate for each series without a preferred one among overlapping estimates."""
    other, preferred = aliased(Record), aliased(Record)
    return (
        select(func.min(Record.id), func.min(_estimate_words(Record)))
        .where(
            _role(Record) == FigureRole.ORDINARY,
            Record.id.in_(_live(RecordKind.ESTIMATE)),
            exists().where(_overlap_in_series(Record, other), _role(other) != FigureRole.REJECTED),
            ~exists().where(
                _overlap_in_series(Record, preferred), _role(preferred) == FigureRole.PREFERRED
            ),
        )
        .group_by(Record.series)
    )


def _several_preferred() -> ListQuery:
    other = aliased(Record)
    return select(Record.id, _estimate_words(Record)).where(
        _role(Record) == FigureRole.PREFERRED,
        exists().where(_overlap_in_series(Record, other), _role(other) == FigureRole.PREFERRED),
    )


# Stale ------------------------------------------------------------------------------------------


def _stale_cities() -> ListQuery:
    """Return cities in the record without a recent estimate of people present."""
    estimate, naming = aliased(Record), aliased(ReferenceRow)
    is_named = and_(
        naming.path == "terms.code",
        naming.target == func.concat("P:", Record.document["code"].astext),
    )
    present = (
        select(func.max(estimate.last))
        .join(naming, naming.record == estimate.id)
        .where(is_named, estimate.document["counts"].astext == Counts.PRESENT)
        .scalar_subquery()
    )
    name = func.concat_ws(" ", Record.document["code"].astext, cast(present, Date))
    old = datetime.now(UTC).date() - MAX_ESTIMATE_AGE
    return select(Record.id, name).where(
        Record.kind == RecordKind.PLACE,
        Record.document["kind"].astext.in_(SETTLEMENTS),
        exists().where(is_named),
        func.coalesce(present, date.min) < old,
    )


def _without_archive() -> ListQuery:
    copies = rows_of_document(Record.document["copies"])
    is_archived = exists(
        select(literal(1)).select_from(copies).where(copies.c.value.has_key("archive"))
    )
    return select(Record.id, TITLE).where(Record.id.in_(_live(RecordKind.SOURCE)), ~is_archived)


def _untouched() -> ListQuery:
    title = func.coalesce(Draft.document["title"].astext, Draft.record)
    return select(_draft_id(), title).where(
        Draft.state.in_(OPEN_STATES), Draft.saved_at < datetime.now(UTC) - MAX_UNTOUCHED
    )


def _citations_to_confirm() -> ListQuery:
    """Return unapproved drafts that change the text on which an event's citations were confirmed.

    See rule 13.
    """
    changed = [
        Draft.document[name] != Draft.base[name]
        for name in ("title", "type", "happened", "attested", "deadline", "terms")
    ]
    return select(_draft_id(), Draft.document["title"].astext).where(
        Draft.kind == RecordKind.EVENT,
        Draft.state.in_(OPEN_STATES - {DraftState.APPROVED}),
        Draft.base.is_not(None),
        func.jsonb_array_length(Draft.base["citations"]) > 0,
        or_(*changed),
    )


def _draft_id() -> ColumnElement[str]:
    return func.concat("draft ", Draft.id)


# Names ------------------------------------------------------------------------------------------


def _unused_codes() -> ListQuery:
    inside = aliased(Record)
    said, other = Record.document, inside.document
    return select(Record.id, said["label"].astext).where(
        Record.kind == RecordKind.CODE,
        ~said.has_key("successor"),
        ~exists().where(ReferenceRow.target == Record.id, ReferenceRow.path != "successor"),
        ~exists().where(
            inside.kind == RecordKind.CODE,
            other["list"].astext == said["list"].astext,
            other["group"].astext == said["code"].astext,
        ),
    )


def _references_to_purged() -> ListQuery:
    gone = union(select(Purge.id), select(PurgedRecord.id)).subquery()
    naming = (
        select(ReferenceRow.record)
        .join(KnownId, KnownId.id == ReferenceRow.target)
        .where(or_(KnownId.record.is_(None), KnownId.id.in_(select(gone.c[0]))))
    )
    return select(Record.id, literal("")).where(Record.id.in_(naming))


CHECKS = [
    QualityCheck(
        "without-citation",
        N_("Events with no citation"),
        N_("No source supports them. Add a citation, or withdraw the event."),
        _without_citation,
        is_fault=True,
    ),
    QualityCheck(
        "several-preferred",
        N_("More than one preferred estimate"),
        N_("Two estimates of one series and time are both marked as preferred. Choose one."),
        _several_preferred,
        is_fault=True,
    ),
    QualityCheck(
        "names-purged",
        N_("References to removed records"),
        N_("Readers reach a page that reports the removal. Replace or remove the reference."),
        _references_to_purged,
        is_fault=True,
    ),
    QualityCheck(
        "one-anonymous",
        N_("Events with a single anonymous source"),
        N_("Only one report, with an unnamed speaker. Find an independent report."),
        _single_anonymous_source,
    ),
    QualityCheck(
        "undecided-citations",
        N_("Citations without an answer on the event"),
        N_(
            "Answer whether they also report the event. Until then, they support it only "
            "if nothing else does."
        ),
        _undecided_citations,
    ),
    QualityCheck(
        "same-report",
        N_("Possibly the same report"),
        N_(
            "Two sources start on the same day and give an estimate in the same words. "
            "Count them as one or apart, with a reason."
        ),
        same_reports.same_reports,
    ),
    QualityCheck(
        "named-without-name",
        N_("Named speakers without a name"),
        N_(
            "These speakers count as named, but their wording has no name. Enter the "
            "name, or choose “Not named”."
        ),
        speakers.named_without_name,
    ),
    QualityCheck(
        "links-against-time",
        N_("Links that contradict dates"),
        N_(
            "By the dates, a result, response or later step ended before its cause "
            "began. Check both dates and the link."
        ),
        links.links_against_time,
    ),
    QualityCheck(
        "contradictory-speakers",
        N_("Speakers with contradictory fields"),
        N_(
            "An outlet’s own report has a name, an outlet or an occasion, or an unnamed "
            "speaker has an outlet. Clear these fields."
        ),
        speakers.contradictory_speakers,
        is_fault=True,
    ),
    QualityCheck(
        "unsupported-numbers",
        N_("Numbers in a summary that nothing supports"),
        N_(
            "No citation, date, term or estimate of the event has these numbers. Cite them, "
            "or remove them from the summary."
        ),
        _unsupported_numbers,
    ),
    QualityCheck(
        "inferred-dates",
        N_("Events with inferred dates"),
        N_("We inferred a publication date, or a part of the date. Find a stated one."),
        _inferred_dates,
    ),
    QualityCheck(
        "no-nationality",
        N_("No answer on nationality"),
        N_("Name the nationality, or choose “Not stated”."),
        _without_nationality,
    ),
    QualityCheck(
        "conflicts",
        N_("Conflicting estimates"),
        N_(
            "Two estimates can’t both be true. Prefer one, with a reason, or find out "
            "why they differ."
        ),
        _conflicts,
    ),
    QualityCheck(
        "none-preferred",
        N_("Series without a preferred estimate"),
        N_(
            "Several estimates of one series and time, none of them preferred. One line "
            "for each series."
        ),
        _none_preferred,
    ),
    QualityCheck(
        "stale-cities",
        N_("Cities without recent estimates"),
        N_(
            "No estimate of people present is from the last three years. Search for "
            "news, and record the check."
        ),
        _stale_cities,
    ),
    QualityCheck(
        "without-archive",
        N_("Sources without an archive"),
        N_("No copy has an archive link. If the page disappears, it can’t be checked."),
        _without_archive,
    ),
    QualityCheck(
        "to-reconfirm",
        N_("Citations to be reconfirmed"),
        N_(
            "A draft changes words that citations support. Each citation must be "
            "confirmed during review."
        ),
        _citations_to_confirm,
    ),
    QualityCheck(
        "unused-codes",
        N_("Codes never used"),
        N_("No record uses them. Use them, or retire them."),
        _unused_codes,
    ),
    QualityCheck(
        "untouched-drafts",
        N_("Drafts untouched for 30 days"),
        N_("Finish these drafts, hand them over, or delete them."),
        _untouched,
    ),
]
