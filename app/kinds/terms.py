"""Rows that several forms have: names, terms with roles, links."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Self

from pydantic import AfterValidator, model_validator

from app.kinds.base import (
    CitationId,
    EstimateId,
    EventId,
    F,
    Figure,
    Form,
    Language,
    Line,
    LinkId,
    Needed,
    Slug,
    Text,
)
from app.kinds.citations import Citation
from app.kinds.layout import AddButton, Folded, Part, Rows
from app.vocabulary.citations import Stance
from app.vocabulary.estimates import EstimateLink
from app.vocabulary.events import (
    JUDGEMENTS,
    ROLES_OF,
    SCOPED,
    EventLink,
    NoNationality,
    Role,
    Side,
    TermKey,
    TermScope,
)

NAMES = Rows("names", "Name", "Add a name")


class Name(Form):
    PARTS = ("text language", "preferred")

    text: Needed = F("Name", "The name as written in that language.", language="language")
    language: Language = F("Language", "Code of the language, such as ko, zh-Hans or en.", "")
    preferred: bool = F("Preferred", "Shown first among the names of its language.", False)


def _check_preferred(names: list[Name]) -> list[Name]:
    preferred = [name.language for name in names if name.preferred]
    if len(set(preferred)) < len(preferred):
        raise ValueError("another name in that language is preferred already: choose one of them")
    return names


Names = Annotated[list[Name], AfterValidator(_check_preferred)]


WITH_SIDE = {Role.ORDERS, Role.AGREES, Role.SAYS, Role.CARRIES_OUT}
"""A practice may have no order that was reported: then only who carries it out has a side.

Nobody orders an agreement or a statement: its parties or its speaker have the side.
"""


_REST = Folded("Wording in the source, number, citation", ("printed number", "citation"))
_REST_OF_ACTOR = Folded("Number, citation", ("number citation",))


class Term(Form):
    """One thing that an event or estimate names, and the part it plays."""

    FORMER = frozenset({"certainty"})

    key: TermKey = F("Names a", "What kind of thing is named.")
    code: Slug = F(
        "Code",
        "Its code. Empty for unnamed others.",
        "",
        hint="",
        unchosen="No code: use the source’s words",
    )
    role: Role = F("Role", "Its role.", hint="")
    printed: Line = F("Wording in the source", "Required if no code fits.", "")
    number: Figure | None = F("Number", "Number of them, if stated.", None, ge=0, hint="")
    side: Side | None = F("Acts as", "Country or body for which this actor acts.", None, hint="")
    scope: TermScope | None = F(
        "Scope of the number", "For estimates: whether the number counts only these people.", None
    )
    citation: CitationId = F(
        "Citation",
        "Id of the citation, if only one says so.",
        "",
        hint="The citation, if only one says so.",
        unchosen="The record’s citations in general",
    )

    @classmethod
    def parts_of(cls, row: Mapping[str, str]) -> tuple[Part, ...]:
        if row["key"] == TermKey.ACTOR:
            # Others have no side; one that was entered before is shown, so that it can be emptied.
            is_sided = row["role"] in {*WITH_SIDE, ""} or row.get("side")
            return ("code printed role side" if is_sided else "code printed role", _REST_OF_ACTOR)
        return ("code scope role" if row["key"] in SCOPED else "code role", _REST)

    @model_validator(mode="after")
    def fits(self) -> Self:
        if self.role not in ROLES_OF[self.key]:
            allowed = ", ".join(role for role in Role if role in ROLES_OF[self.key])
            raise ValueError(
                f"the role “{self.role}” does not fit a {self.key}; use one of {allowed}"
            )
        if self.side and self.role not in WITH_SIDE:
            raise ValueError(
                "only an actor that orders, agrees to, says or carries out an event acts as "
                "a country or body: choose one of these roles, or leave “Acts as” empty"
            )
        if self.scope and self.key not in SCOPED:
            raise ValueError(
                "only a nationality, a sector or a group has “Scope of the number”: leave it empty"
            )
        if not self.code and not self.printed:
            raise ValueError("choose a code, or enter the source's words")
        return self

    @property
    def names_place(self) -> bool:
        """Whether it names a place that counts; a place that is only pictured does not."""
        return self.key is TermKey.PLACE and self.role is not Role.SHOWN_ONLY


def _term(key: TermKey, title: str, label: str, role: str = Role.TARGET) -> AddButton:
    return AddButton(key, label, {"key": key, "role": role}, title)


_TERMS = (
    _term(TermKey.NATIONALITY, "Nationality", "Add a nationality"),
    _term(TermKey.PAPER, "Visa or permit", "Add a visa or permit"),
    _term(TermKey.GROUP, "Group of workers", "Add a group of workers"),
    _term(TermKey.SECTOR, "Sector", "Add a sector"),
    _term(TermKey.RIGHT, "Barred activity", "Add a barred activity"),
    _term(TermKey.ACTOR, "Actor", "Add an actor", ""),
    _term(TermKey.PLACE, "Place", "Add a place", Role.AT),
)
TERM_TITLES = {button.code: button.row for button in _TERMS}


def terms(row: str, *keys: TermKey, but: Sequence[TermKey] = ()) -> Rows:
    """Return the rows of the terms with these keys. `but`: keys without a button."""
    buttons = tuple(each for each in _TERMS if each.code in keys and each.code not in but)
    return Rows("terms", row, buttons, "key", frozenset(keys))


OTHER_TERMS = [key for key in TermKey if key is not TermKey.PLACE]
PLACES = (terms("Place", TermKey.PLACE),)
PLACE, SHOWN_ONLY = TermKey.PLACE, Role.SHOWN_ONLY
"""Constants, because looking up a member of an enum takes longer than comparing it."""


def names_place(term: Mapping[str, Any]) -> bool:
    """`Term.names_place` of a stored term or of a draft's row."""
    return bool(term["key"] == PLACE and term["role"] != SHOWN_ONLY)


def check_terms(
    terms: Sequence[Term],
    citations: Sequence[Citation],
    no_nationality: NoNationality | None = None,
) -> None:
    """Check what terms refer to: citations of their record, and the answer on nationality."""
    cited = [citation.id for citation in citations if citation.id]
    for term in terms:
        if term.citation and term.citation not in cited:
            raise ValueError(
                f"the {term.key} “{term.code or term.printed}” cites {term.citation}, which is "
                f"no citation here; choose {_any_of(cited)}"
            )
    named = (term for term in terms if term.key is TermKey.NATIONALITY)
    if no_nationality and any(term.role is not Role.EXEMPT for term in named):
        raise ValueError(
            "a nationality is named, and “No nationality” is filled in: remove one of the two"
        )


def check_links(links: Sequence["EventToEvent"], citations: Sequence[Citation]) -> None:
    """Check that what is to say so of a link is a citation of its record that supports it."""
    by_id = {citation.id: citation for citation in citations if citation.id}
    if len({(link.type, link.to) for link in links}) < len(links):
        raise ValueError("the event is linked to another in the same way twice: remove one link")
    for link in links:
        if not link.citation:
            continue
        if link.citation not in by_id:
            raise ValueError(
                f"the link to {link.to} cites {link.citation}, which is no citation here; "
                f"choose {_any_of([*by_id])}"
            )
        if by_id[link.citation].stance is not Stance.SUPPORTS:
            raise ValueError(
                f"the link to {link.to} cites {link.citation}, which does not support it; "
                "choose another citation, or none"
            )


def _any_of(ids: Sequence[str]) -> str:
    return f"one of {', '.join(ids)}" if ids else "none, since it has no citations"


class Link(Form):
    """How this record stands to another of its kind."""

    id: LinkId = F("Id", "Short id of the link, for citations.", "")
    reason: Text = F("Why", "Our reason for the link. Required if the link is our judgement.", "")


class EventToEvent(Link):
    FORMER = frozenset({"factor", "sense"})
    PARTS = ("type to", "citation", "reason")

    type: EventLink = F("This one is", "How this event relates to the other.")
    to: EventId = F("Of", "Id of the other event.", min_length=1)
    citation: CitationId = F(
        "Stated by",
        "The citation that states it. Empty: our own reading.",
        "",
        unchosen="Our own reading",
    )

    @model_validator(mode="after")
    def fits(self) -> Self:
        if self.type in JUDGEMENTS and not self.reason:
            raise ValueError("this link is our judgement: give the reason under “Why”")
        return self


class FigureToFigure(Link):
    FORMER = frozenset({"factor"})
    PARTS = ("type to", "reason", Folded("A comparison", ("sense",)))

    type: EstimateLink = F("This one is", "How this estimate relates to the other.")
    to: EstimateId = F("Of", "Id of the other estimate.", min_length=1)
    sense: Line = F("Sense", "For comparisons: “fell from”, “twice”, as in the source.", "")

    @model_validator(mode="after")
    def fits(self) -> Self:
        if self.type is EstimateLink.CONFLICTS_WITH and not self.reason:
            raise ValueError(
                "a conflict that no rule finds is our judgement: give the reason under “Why”"
            )
        return self
