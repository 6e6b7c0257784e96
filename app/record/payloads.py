"""Types of stored payloads, for readers that do not validate.

A version keeps its form without defaults (`public_fields`), so a field with a default may be
missing. Documents of past editions may also lack fields that today's form requires. The classes
`Published…` repeat the public fields of the forms; tests/record/test_payloads.py compares them.
The accessors only tell mypy the kind of a row: they check nothing, so that lists stay fast.
"""

from collections.abc import Iterable
from typing import Any, NotRequired, Protocol, Required, TypedDict

from app.kinds.terms import names_place


class PublishedName(TypedDict, total=False):
    text: Required[str]
    language: str
    preferred: bool


class PublishedTerm(TypedDict, total=False):
    key: Required[str]
    code: str
    role: Required[str]
    printed: str
    number: float
    side: str
    scope: str
    certainty: str
    citation: str


class PublishedLink(TypedDict, total=False):
    """A link of an event or of an estimate."""

    id: str
    factor: float
    sense: str
    reason: str
    type: Required[str]
    to: Required[str]


class PublishedEventLink(PublishedLink, total=False):
    citation: str
    """The citation whose source says so. Past editions lack it."""


class PublishedChainStep(TypedDict, total=False):
    attribution: Required[str]
    words: str
    named: str
    outlet: str
    speakers: int
    speakers_text: str
    occasion: str
    said: str


class PublishedCitation(TypedDict, total=False):
    id: str
    about: str
    source: Required[str]
    copy_read: str
    also_in: list[str]
    missing_in: list[str]
    locator: str
    locator_text: str
    breaks_off: bool
    own_words: bool
    stance: Required[str]
    kind: Required[str]
    reports_event: str
    names_law: bool
    certainty: str
    certainty_text: str
    manner: str
    said: str
    said_text: str
    said_basis: str
    said_basis_reason: str
    happened: str
    happened_text: str
    """When the source says that it happened. Past editions lack both."""
    deadline: str
    deadline_text: str
    """The deadline that the source gives. Past editions lack both."""
    paraphrase: Required[str]
    quote: str
    quote_language: str
    quote_translation: str
    quote_translator: str
    field: str
    value: str
    differs: str
    credibility: int
    chain: Required[list[PublishedChainStep]]


class PublishedJoinedSources(TypedDict, total=False):
    how: Required[str]
    member: Required[str]
    other: str
    reason: Required[str]


class PublishedStage(TypedDict, total=False):
    step: Required[str]
    date: str
    date_text: str
    date_basis: str
    date_basis_reason: str
    within: str
    within_reason: str
    first_reported: str
    planned_for: str
    planned_for_text: str
    deadline: str
    deadline_text: str
    valid_until: str
    valid_until_text: str
    duration: str
    duration_text: str
    citation: Required[str]
    remark: str


class PublishedLegal(TypedDict, total=False):
    instrument: str
    relation: Required[str]
    reading: Required[str]
    printed: str


class PublishedEvent(TypedDict, total=False):
    id: str
    slug: str
    title: Required[str]
    summary: Required[str]
    type: Required[str]
    happened: str
    happened_text: str
    happened_basis: str
    happened_basis_reason: str
    attested: str
    within: str
    within_reason: str
    deadline: str
    deadline_text: str
    no_nationality: str
    terms: list[PublishedTerm]
    stages: list[PublishedStage]
    links: list[PublishedEventLink]
    legal: list[PublishedLegal]
    citations: list[PublishedCitation]
    joined_sources: list[PublishedJoinedSources]


class PublishedEstimate(TypedDict, total=False):
    id: str
    slug: str
    event: str
    counts: Required[str]
    may_count: str
    papers_were: str
    money: str
    nature: str
    unit: str
    per: str
    form: str
    share_of: str
    low: float
    point: float
    high: float
    quantifier: Required[str]
    printed_words: str
    printed: bool
    population: Required[str]
    population_text: str
    coverage: str
    as_of: str
    as_of_text: str
    period: str
    period_text: str
    inferred: str
    inferred_reason: str
    role: str
    role_reason: str
    no_nationality: str
    terms: Required[list[PublishedTerm]]
    links: list[PublishedLink]
    legal: list[PublishedLegal]
    citations: list[PublishedCitation]
    joined_sources: list[PublishedJoinedSources]
    remark: str


class PublishedCopy(TypedDict, total=False):
    id: str
    host_kind: Required[str]
    host: str
    url: str
    extent: Required[str]
    read_on: str
    archive: str
    sha256: str


class PublishedParent(TypedDict, total=False):
    """A source or outlet that a source derives from."""

    source: str
    outlet: str
    how: Required[str]


class PublishedSource(TypedDict, total=False):
    id: str
    slug: str
    outlet: Required[str]
    title: Required[str]
    title_basis: Required[str]
    title_en: str
    url: str
    language: str
    author: str
    kind: Required[str]
    published: str
    published_basis: Required[str]
    published_text: str
    rights: str
    derived_from: list[PublishedParent]
    copies: list[PublishedCopy]
    remark: str


class PublishedOutlet(TypedDict, total=False):
    id: str
    code: Required[str]
    names: Required[list[PublishedName]]
    kind: Required[str]
    country: str
    languages: list[str]
    belongs_to: str
    reliability: str
    reliability_reason: str
    reliability_on: str


class PublishedPlace(TypedDict, total=False):
    id: str
    code: Required[str]
    kind: Required[str]
    parent: str
    regions: list[str]
    country: str
    names: Required[list[PublishedName]]
    latitude: float
    longitude: float
    precision_km: float
    geonames: int
    operator: str
    remark: str


class PublishedActor(TypedDict, total=False):
    id: str
    code: Required[str]
    names: Required[list[PublishedName]]
    kind: Required[str]
    parent: str
    country: str
    wikidata: str
    opensanctions: str
    lei: str
    isni: str
    reply: str
    reply_on: str
    reply_url: str
    indexable: bool
    remark: str


class PublishedArticle(TypedDict):
    number: str
    says: str


class PublishedLaw(TypedDict, total=False):
    id: str
    code: Required[str]
    names: Required[list[PublishedName]]
    kind: Required[str]
    symbol: str
    issuer: str
    parent: str
    adopted: str
    in_force: str
    expires: str
    replaced_by: str
    text_url: str
    articles: list[PublishedArticle]
    remark: str


class PublishedSection(TypedDict):
    part: str
    says: str


class PublishedMark(TypedDict, total=False):
    event: Required[str]
    label: Required[str]
    group: str


class PublishedPage(TypedDict, total=False):
    id: str
    code: Required[str]
    kind: Required[str]
    names: Required[list[PublishedName]]
    language: str
    responsible: str
    body: str
    sections: list[PublishedSection]
    marks: list[PublishedMark]
    places: list[str]


class PublishedCode(TypedDict, total=False):
    list: Required[str]
    code: Required[str]
    label: Required[str]
    definition: Required[str]
    example: str
    group: str
    nature: str
    is_law: bool
    successor: str


# Calculated values ------------------------------------------------------------------------------


class PublishedOrigin(TypedDict):
    """An independent source."""

    outlets: list[str]
    sources: list[str]
    citations: list[str]
    speakers: int
    speakers_text: NotRequired[list[str]]
    """Speakers counted in words; missing in past editions."""


class PublishedStep(TypedDict):
    """The days of a stage; None if unknown."""

    step: str
    track: str
    earliest: str | None
    latest: str | None
    hedged: bool
    reported: NotRequired[str]
    """When its citation was made or published (EDTF); missing in past editions."""


PublishedLinkFrom = TypedDict("PublishedLinkFrom", {"id": str, "type": str, "from": str})
"""A link of another event to this one."""


class PublishedSupport(TypedDict, total=False):
    """What supports a record. Rows of early editions have none of it."""

    certainty: str
    """`firm`, `alleged`, or empty without support."""
    supporting_sources: list[str]
    supporting_outlets: list[str]


class PublishedFieldSupport(TypedDict):
    """The support of one field of an event."""

    corroboration: str
    independent: int
    citations: list[str]


class CitedPayload(PublishedSupport):
    """What the payloads of events and estimates have in common."""

    corroboration: Required[list[str]]
    origins: Required[list[PublishedOrigin]]
    disputed: Required[dict[str, list[str]]]
    sources: Required[list[str]]
    outlets: Required[list[str]]


class PublishedCarrier(TypedDict):
    """An event that carries out a plan."""

    event: str
    when: str
    begins: str | None
    """The first day on which it may have begun; None if not known."""
    is_ours: bool
    """Whether the link is our reading."""
    is_alleged: bool


class EventPayload(CitedPayload):
    form: PublishedEvent
    happened_words: str
    deadline_words: str
    precision: str
    stage: dict[str, str]
    steps: list[PublishedStep]
    lapsed_credibility: list[str]
    field_support: NotRequired[dict[str, PublishedFieldSupport]]
    """By kind of citation."""
    estimates: list[str]
    links_from: list[PublishedLinkFrom]
    carried_out_by: NotRequired[list[PublishedCarrier]]
    lapsed: NotRequired[list[str]]
    """For a plan. Past editions lack it."""


class EstimatePayload(CitedPayload):
    form: PublishedEstimate
    time_words: str
    coverage: str
    """Whether it is for the whole of its population there. Past editions lack the next two."""
    whole_at: list[str]
    """Codes of the places of whose people present it is an estimate for the whole."""
    is_of_low_grade: NotRequired[bool]
    """Whether only outlets of a low grade reported it. Past editions lack it."""
    series: str
    conflicts: list[str]
    marked_conflicts: list[str]
    """Those of `conflicts` that are the editors' judgement. Past editions lack it."""
    differs: list[str]


class SourcePayload(TypedDict):
    form: PublishedSource
    published_words: str
    link: str
    rests_on: list[str]
    cited_by: list[str]


# Accessors --------------------------------------------------------------------------------------


class StoredRow(Protocol):
    """A version, or columns of one."""

    @property
    def payload(self) -> Any: ...


def event_payload(row: StoredRow) -> EventPayload:
    payload: EventPayload = row.payload
    return payload


def event_form(row: StoredRow) -> PublishedEvent:
    form: PublishedEvent = row.payload["form"]
    return form


def estimate_payload(row: StoredRow) -> EstimatePayload:
    payload: EstimatePayload = row.payload
    return payload


def estimate_form(row: StoredRow) -> PublishedEstimate:
    form: PublishedEstimate = row.payload["form"]
    return form


def cited_payload(row: StoredRow) -> EventPayload | EstimatePayload:
    """Return the payload of an event or estimate."""
    payload: EventPayload | EstimatePayload = row.payload
    return payload


def source_payload(row: StoredRow) -> SourcePayload:
    payload: SourcePayload = row.payload
    return payload


def source_form(row: StoredRow) -> PublishedSource:
    form: PublishedSource = row.payload["form"]
    return form


def outlet_form(row: StoredRow) -> PublishedOutlet:
    form: PublishedOutlet = row.payload["form"]
    return form


def actor_form(row: StoredRow) -> PublishedActor:
    form: PublishedActor = row.payload["form"]
    return form


def law_form(row: StoredRow) -> PublishedLaw:
    form: PublishedLaw = row.payload["form"]
    return form


def page_form(row: StoredRow) -> PublishedPage:
    form: PublishedPage = row.payload["form"]
    return form


def place_form(row: StoredRow) -> PublishedPlace:
    form: PublishedPlace = row.payload["form"]
    return form


def code_form(row: StoredRow) -> PublishedCode:
    form: PublishedCode = row.payload["form"]
    return form


def named_place_codes(terms: Iterable[PublishedTerm]) -> list[str]:
    """Return the codes of places, each once, without places pictured only."""
    return list(
        dict.fromkeys(term["code"] for term in terms if "code" in term and names_place(term))
    )
