"""The form of an actor: a public body, company, organisation or international body."""

import re
from collections.abc import Callable
from typing import Annotated, Self

from pydantic import AfterValidator, StringConstraints, model_validator

from app.kinds.base import (
    CODE_HINT,
    ActorCode,
    ActorId,
    Country,
    F,
    Form,
    NeededSlug,
    PastDate,
    Text,
    Url,
)
from app.kinds.layout import Beside, KindWords, Section
from app.kinds.terms import NAMES, Names
from app.vocabulary.named import ActorKind


def _matching(pattern: str, message: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text and not re.fullmatch(pattern, text, re.ASCII):
            raise ValueError(message)
        return text

    return check


def _check_lei(text: str) -> str:
    """Check an LEI (ISO 17442), whose last two digits are a check by ISO 7064 mod 97-10."""
    code = text.upper().replace(" ", "")
    if not code:
        return ""
    if not re.fullmatch(r"[0-9A-Z]{18}[0-9]{2}", code, re.ASCII):
        raise ValueError("an LEI has 18 letters or digits and two digits: copy it again")
    if int("".join(str(int(sign, 36)) for sign in code)) % 97 != 1:
        raise ValueError("the check digits of this LEI don’t fit: copy it again")
    return code


def _check_isni(text: str) -> str:
    """Check an ISNI (ISO 27729), whose last sign is a check by ISO 7064 mod 11-2."""
    code = re.sub(r"[\s-]", "", text).upper()
    if not code:
        return ""
    if not re.fullmatch(r"[0-9]{15}[0-9X]", code, re.ASCII):
        raise ValueError("an ISNI has 15 digits and a last digit or X: copy it again")
    total = 0
    for digit in code[:15]:
        total = (total + int(digit)) * 2
    expected = (12 - total % 11) % 11
    if code[15] != ("X" if expected == 10 else str(expected)):
        raise ValueError("the last character of this ISNI doesn’t fit: copy it again")
    return code


_SHORT = StringConstraints(max_length=100)
WikidataId = Annotated[
    str,
    _SHORT,
    AfterValidator(lambda text: text.upper()),
    AfterValidator(
        _matching(r"Q[1-9][0-9]{0,11}", "an id of Wikidata is a Q and a number, such as Q148")
    ),
]
OpenSanctionsId = Annotated[
    str,
    _SHORT,
    AfterValidator(
        _matching(
            r"[A-Za-z0-9][A-Za-z0-9._-]{2,99}",
            "an id of OpenSanctions has letters, digits and hyphens, such as NK-2aBcD: copy it "
            "from the end of the address there",
        )
    ),
]
Lei = Annotated[str, _SHORT, AfterValidator(_check_lei)]
Isni = Annotated[str, _SHORT, AfterValidator(_check_isni)]


class ActorForm(Form):
    FORMER = frozenset({"indexable"})
    WORDS = KindWords(
        new="New actor",
        change="Change actor {id}",
        hint="Any name, or its id. Empty if it has no page.",
        make="Enter it as a new actor",
        counted=("{count} actor", "{count} actors"),
        title="Actors",
        description="Governments, offices, firms and other bodies that act or are affected. "
        "Private people are not listed.",
        example="government-of-china",
        kinds="Kinds of actor",
    )
    SECTIONS = (
        Section(
            "what",
            "What it is",
            ("code kind", NAMES, "parent country", Beside("note", ("remark",))),
            "A body or an office, never a person. Entries keep the source’s wording.",
        ),
        Section(
            "registers",
            "In other registers",
            ("wikidata opensanctions", "lei isni"),
            "Only if you are sure that it is the same firm.",
        ),
        Section("reply", "Its reply", ("reply", "reply_on reply_url")),
    )

    id: ActorId = F("Id", "Public id, given at first publication.", "")
    code: NeededSlug = F("Code", "Used in addresses; never changes.", hint=CODE_HINT)
    names: Names = F(
        "Names", "Of a body or an office, never of a person. One is enough.", min_length=1
    )
    kind: ActorKind = F("Kind", "Kind of body. An official is an office: “Deputy minister of …”.")
    parent: ActorCode = F("Part of", "Code of the body to which it belongs.", "")
    country: Country = F("Country", "Its country, in two letters (ISO 3166-1).", "")
    wikidata: WikidataId = F("Wikidata", "Its Wikidata id, such as Q148.", "")
    opensanctions: OpenSanctionsId = F(
        "OpenSanctions", "Its OpenSanctions id, from the end of its address.", ""
    )
    lei: Lei = F("LEI", "Its Legal Entity Identifier, 20 characters.", "")
    isni: Isni = F("ISNI", "Its ISNI, 16 characters.", "")
    reply: Text = F("Reply", "Its reply to the reports about it, in its own words.", "")
    reply_on: PastDate = F("Replied on", "Date of the reply (EDTF).", "")
    reply_url: Url = F("Address of reply", "Address of the reply.", "", column="reply_address")
    remark: Text = F("Remark", "What readers should know, such as what it is not.", "")
    note: Text = F("Note", "For the desk only.", "", private=True)

    @model_validator(mode="after")
    def fits(self) -> Self:
        if self.parent and self.parent == self.code:
            raise ValueError("an actor can't be part of itself")
        if (self.reply_on or self.reply_url) and not self.reply:
            raise ValueError("enter the reply, too, or leave its date and address empty")
        return self
