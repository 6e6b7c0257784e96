"""The form of a code of an open list."""

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Self

from babel import Locale
from pydantic import ValidationInfo, model_validator

from app.kinds.base import Entry, F, Form, Line, Needed, NeededSlug, NeededText, Slug
from app.kinds.layout import KindWords
from app.vocabulary.events import Direction, TypeHeading, TypeNature
from app.vocabulary.kinds import NOUN_OF_KIND
from app.vocabulary.record import CONCEPT, FORMER_LISTS, LISTS


class CodeForm(Form):
    """One code of a list that grows with the field. Its public id is `list:code`."""

    WORDS = KindWords(counted=("{count} type", "{count} types"))

    list: Slug = F("List", "Its list.")
    code: NeededSlug = F("Code", "Used in addresses; never changes.")
    label: Needed = F("Label", "What readers see.")
    definition: NeededText = F("Definition", "One sentence that says what it covers.")
    example: Line = F("Example", "A case from the record, or a similar one.", "")
    group: Slug = F("Group", "Its heading: a side for types, otherwise a parent.", "")
    nature: TypeNature | None = F(
        "Nature", "For types of event: a measure, an act or context.", None
    )
    is_law: bool = F(
        "Law or listing",
        "For types of measure: laws and listings apply until they end.",
        False,
        listed=False,
    )
    direction: Direction | None = F(
        "Direction", "For types of event: what such events usually mean for workers.", None
    )
    successor: Slug = F("Successor", "For a retired code: the code to use instead.", "")

    @property
    def id(self) -> str:
        return f"{self.list}:{self.code}"

    @model_validator(mode="after")
    def fits(self, info: ValidationInfo) -> Self:
        if self.list in FORMER_LISTS and isinstance(info.context, Entry):
            noun = NOUN_OF_KIND[FORMER_LISTS[self.list]]
            raise ValueError(f"this list is gone: write a row of {noun}s.csv instead")
        if self.list not in {*LISTS, *FORMER_LISTS}:
            raise ValueError(f"there is no list “{self.list}”; use one of {', '.join(LISTS)}")
        if (self.list == "type") != (self.nature is not None):
            raise ValueError("a type of event needs a nature; other codes can't have one")
        if self.direction and self.list != "type":
            raise ValueError("only a type of event has a direction")
        if self.is_law and self.nature is not TypeNature.MEASURE:
            raise ValueError("only a type of measure is a law or listing")
        if self.list == "type" and self.group not in TypeHeading.by_code():
            raise ValueError(f"the heading of a type of event is one of {', '.join(TypeHeading)}")
        if self.list == CONCEPT:
            words_by_language(self.definition)
        return self


@cache
def nationalities() -> Mapping[str, CodeForm]:
    """Return a code for each nationality of the world, by id.

    The desk offers all of them; the first approved record that uses one adds it to the record.
    """
    countries = Locale("en").territories
    with Path(__file__).with_name("nationalities.csv").open(encoding="utf-8", newline="") as file:
        codes = [
            CodeForm(
                list="nationality",
                code=code,
                label=label,
                definition=f"Nationals of {countries[code.upper()]}.",
            )
            for code, label in csv.reader(file)
        ]
    return {form.id: form for form in codes}


def words_of(definition: str) -> tuple[str, ...]:
    """Return the words of a concept in all languages."""
    return tuple(word for _language, words in words_by_language(definition) for word in words)


CONCEPT_PART = re.compile(r"([a-z]{2}): *(.+)")


def words_by_language(definition: str) -> list[tuple[str, list[str]]]:
    """Return the words of a concept, a row for each language. Raises ValueError with what to do."""
    found = []
    for part in filter(None, (part.strip() for part in definition.split(";"))):
        if not (match := CONCEPT_PART.fullmatch(part)):
            raise ValueError(
                "enter a language and its words, such as “en: worker | labourer; ko: 노동자”"
            )
        words = (" ".join(each.split()) for each in match[2].split("|"))
        found.append((match[1], [word for word in words if word]))
    return found
