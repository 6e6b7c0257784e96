"""The parts of a phrase such as "late April", in any language."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple

Kind = Literal[
    "year",
    "month",
    "day",
    "number",
    "season",
    "weekday",
    "part",
    "unit",
    "which",
    "years",
    "months",
    "weeks",
    "days",
    "about",
    "perhaps",
    "since",
    "until",
    "by",
    "to",
    "or",
    "between",
    "and",
]
"""What a token says. `years`, `months`, `weeks` and `days` count from the day of the article."""

Unit = Literal["day", "week", "month", "year"]

SHIFTS: dict[Unit, Kind] = {"day": "days", "week": "weeks", "month": "months", "year": "years"}


class DateToken(NamedTuple):
    kind: Kind
    value: int | str = ""


DateTokens = tuple[DateToken, ...]
Lexicon = Mapping[str, DateTokens]
"""Words of one language, in lower case, and what each of them says. No token: a filler."""

ABOUT, TO = DateToken("about"), DateToken("to")
WEEKS_OF_MONTH = {
    name: DateToken("part", f"week {which}")
    for which, names in (
        ("1", "first 첫째 첫 1 перв"),
        ("2", "second 둘째 2 втор"),
        ("3", "third 셋째 3 трет"),
        ("4", "fourth 넷째 4 четверт"),
        ("last", "last final 마지막 最后一 最後の последн"),
    )
    for name in names.split()
}
"""The weeks of a month, by the beginning of their number in several languages."""
QUARTERS = tuple(DateToken("part", f"quarter {number}") for number in (1, 2, 3, 4))
FISCAL_YEAR, DECADE = DateToken("unit", "fiscal year"), DateToken("unit", "decade")
WINTER = DateToken("season", 24)


def read_words() -> tuple[Lexicon, dict[str, dict[str, int]]]:
    """Return the words of all languages in words.txt, and the numbers of each in words."""
    lexicon: dict[str, DateTokens] = {}
    numbers: dict[str, dict[str, int]] = {}
    section = ""
    for line in Path(__file__).with_name("words.txt").read_text(encoding="utf-8").splitlines():
        said, _equals, words = line.partition("= ")
        if line.startswith("#"):
            continue
        if line.startswith("["):
            section = line.strip("[]")
        elif words and section.endswith(" numbers"):
            of_language = numbers.setdefault(section.removesuffix(" numbers"), {})
            of_language.update(dict.fromkeys(words.split("|"), int(said)))
        elif words:
            tokens = tuple(_token(part) for part in said.split(",") if part.strip())
            lexicon.update(dict.fromkeys(words.split("|"), tokens))
    return lexicon, numbers


def _token(text: str) -> DateToken:
    kind, _space, value = text.strip().partition(" ")
    return DateToken(kind, int(value) if value.lstrip("-").isdigit() else value)  # type: ignore[arg-type]  # kinds of the file
