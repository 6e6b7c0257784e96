"""Ids of actors in other registers, checked by their form and, where they have them, digits."""

import re
from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, StringConstraints


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
