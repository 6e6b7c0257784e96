"""Types of stored payloads, for readers that do not validate.

A version keeps its form without defaults (`public_fields`), so a field with a default may be
missing. Documents of past editions may also lack fields that today's form requires. The fields of
forms are those of `app/kinds`; tests/record/test_payloads.py finds names that no class has.
The accessors only tell mypy the type: they check nothing, so that lists stay fast.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NotRequired, Protocol, Required, TypedDict

from app.kinds.terms import names_place

Stored = Mapping[str, Any]
"""The public form of a record, or one of its rows, without defaults."""

# Calculated values ------------------------------------------------------------------------------


class PublishedOrigin(TypedDict):
    """Supporting citations that count as one source: they share an outlet, speaker or document."""

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


class PublishedPosition(TypedDict):
    """Where the only city or town is that a record names."""

    latitude: float
    longitude: float
    precision_km: float | None


class CitedPayload(PublishedSupport):
    """What the payloads of events and estimates have in common."""

    position: PublishedPosition | None
    """None without one, and missing in past editions."""
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
    form: Stored
    happened_words: str
    deadline_words: str
    precision: str
    direction: NotRequired[str]
    """A code of `Direction`, or empty; missing in past editions."""
    stage: dict[str, str]
    steps: list[PublishedStep]
    field_support: NotRequired[dict[str, PublishedFieldSupport]]
    """By kind of citation."""
    estimates: list[str]
    links_from: list[PublishedLinkFrom]
    carried_out_by: NotRequired[list[PublishedCarrier]]
    lapsed: NotRequired[list[str]]
    """For a plan. Past editions lack it."""


class EstimatePayload(CitedPayload):
    form: Stored
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
    outlet_of: NotRequired[dict[str, str]]
    """Codes of outlets by source. Past editions lack it."""


class SourcePayload(TypedDict):
    form: Stored
    published_words: str
    link: str
    rests_on: list[str]
    cited_by: list[str]


# Accessors --------------------------------------------------------------------------------------


class StoredRow(Protocol):
    """A version, or columns of one."""

    @property
    def payload(self) -> Any: ...


def form_of(row: StoredRow) -> Stored:
    form: Stored = row.payload["form"]
    return form


def event_payload(row: StoredRow) -> EventPayload:
    payload: EventPayload = row.payload
    return payload


def estimate_payload(row: StoredRow) -> EstimatePayload:
    payload: EstimatePayload = row.payload
    return payload


def cited_payload(row: StoredRow) -> EventPayload | EstimatePayload:
    """Return the payload of an event or estimate."""
    payload: EventPayload | EstimatePayload = row.payload
    return payload


def source_payload(row: StoredRow) -> SourcePayload:
    payload: SourcePayload = row.payload
    return payload


def named_place_codes(terms: Iterable[Stored]) -> list[str]:
    """Return the codes of places, each once, without places pictured only."""
    return list(
        dict.fromkeys(term["code"] for term in terms if "code" in term and names_place(term))
    )
