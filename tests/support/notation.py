"""Steps, citations, terms and decisions in a short notation, for tables of cases."""

import re
from typing import Any

from app.kinds import ChainStep, Citation, JoinedSources, Stage, Term
from tests.make import make_citation, make_decision, make_stage, make_step, make_term

STEP = re.compile(r"(\S+) (\S+)(?: (C\d+))?(?: \((.+)\))?")
TERM = re.compile(r"([a-z]+)(?: ([a-z][\w-]*))?(?: \((.+)\))?")
CITATION = re.compile(r"S(\d+)(?: \((.+?)\))?(?: by (\S+) (.+?)(, (?:un)?named)?)?((?: via .+)?)")


def stages(text: str) -> list[Stage]:
    """Return the steps of a text such as `in-force 2019-01 C2 (valid_until=2020), ended unknown`.

    A date of `-` is empty.
    """
    found = []
    for each in filter(None, re.split(r", (?![^(]*\))", text)):
        parsed = STEP.fullmatch(each)
        assert parsed, each
        step, date, citation, fields = parsed.groups()
        found.append(make_stage(step, date.strip("-"), citation or "C1", **_fields(fields)))
    return found


def terms(text: str) -> list[Term]:
    """Return the terms of a text such as `place; sector seafood (role=exempt, scope=describes)`."""
    found = []
    for each in filter(None, text.split("; ")):
        parsed = TERM.fullmatch(each)
        assert parsed, each
        key, code, fields = parsed.groups()
        found.append(make_term(key, code, **_fields(fields)))
    return found


def _fields(text: str | None) -> dict[str, Any]:
    return dict(field.split("=") for field in text.split(", ")) if text else {}


def cited(text: str) -> list[Citation]:
    """Return citations C1, C2 … of a text such as `S1 (kind=cause); S2 by resident a trader`.

    `via outlet-4` is a report that was passed on, `via a radio` one of an outlet without a name.
    """
    return [
        _citation(number, each) for number, each in enumerate(filter(None, text.split("; ")), 1)
    ]


def _citation(number: int, text: str) -> Citation:
    parsed = CITATION.fullmatch(text)
    assert parsed, text
    source, fields, kind, words, named, via = parsed.groups()
    chain: list[ChainStep] = []
    if kind:
        is_named = {"named": "no" if "un" in named else "yes"} if named else {}
        chain.append(make_step(kind, words, **is_named))
    for outlet in via.split(" via ")[1:]:
        is_known = outlet.startswith("outlet-")
        chain.append(make_step("other-outlet", "" if is_known else outlet, outlet * is_known))
    return make_citation(
        number, int(source), **({"chain": chain} if chain else {}), **_fields(fields)
    )


def decisions(text: str) -> list[JoinedSources]:
    """Return decisions such as `S1=S2, S3`: two sources that are one, and one that counts apart."""
    return [make_decision(*each.split("=")) for each in text.split(", ")]
