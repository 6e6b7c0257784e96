"""Steps, citations and decisions in a short notation, for tables of cases."""

import re

from app.kinds import ChainStep, Citation, JoinedSources, Stage
from tests.make import make_citation, make_decision, make_stage, make_step

CITATION = re.compile(r"S(\d+)(?: \((.+?)\))?(?: by (\S+) (.+?)(, (?:un)?named)?)?((?: via .+)?)")


def stages(text: str) -> list[Stage]:
    """Return the steps of a text such as `in-force 2019-01, ended unknown`."""
    return [make_stage(*each.split()) for each in text.split(", ") if each]


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
    changes = dict(field.split("=") for field in (fields or "").split(", ") if field)
    return make_citation(number, int(source), **({"chain": chain} if chain else {}), **changes)


def decisions(text: str) -> list[JoinedSources]:
    """Return decisions such as `S1=S2, S3`: two sources that are one, and one that counts apart."""
    return [make_decision(*each.split("=")) for each in text.split(", ")]
