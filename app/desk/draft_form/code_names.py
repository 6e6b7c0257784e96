"""Fields that take the code of a language or country, and the names that are offered for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.kinds.locale_names import country_choices, language_choices

LIST_OF = {"country": "countries", "language": "languages", "quote_language": "languages"}
"""Id of the list that is offered, by the name of the field."""


@dataclass(frozen=True)
class OfferedCodes:
    """A list of codes with their names, once on a page."""

    id: str
    choices: Sequence[tuple[str, str]]


def list_id(path: str) -> str:
    """Return the id of the list that is offered for a field; "" if there is none."""
    return LIST_OF.get(path.rpartition(".")[2], "")


def code_lists(ids: Iterable[str]) -> Sequence[OfferedCodes]:
    """Return the lists with these ids."""
    choices = {"countries": country_choices, "languages": language_choices}
    return [OfferedCodes(id, choices[id]()) for id in sorted({*ids} - {""})]
