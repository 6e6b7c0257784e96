"""Codes proposed for names: letters of the Latin alphabet without their accents."""

import re
import unicodedata

LETTERS = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ı": "i",
        "ħ": "h",
    }
)
"""Letters that Unicode does not take apart into a letter and an accent."""


def code_of_name(name: str) -> str:
    """Return a name as a code (“Île Zêta”: ile-zeta); "" if it has letters of another script.

    A code is permanent and part of addresses, so an editor chooses it for other scripts.
    """
    parts = unicodedata.normalize("NFKD", name.lower().translate(LETTERS))
    letters = "".join(part for part in parts if not unicodedata.combining(part))
    if any(letter.isalpha() and not letter.isascii() for letter in letters):
        return ""
    return re.sub(r"[^a-z0-9]+", "-", letters.replace("’", "").replace("'", "")).strip("-")
