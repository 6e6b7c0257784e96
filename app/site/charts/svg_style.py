"""Styles that an SVG file carries with it."""

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache

from app import paths
from app.i18n.translate import _, ngettext

# The drawing ------------------------------------------------------------------------------------------------------

MARGIN = 24


MOST_NAMED = 8


def reported_by(outlets: Mapping[str, int]) -> str:
    """The outlets that it rests on, those with most of it first; empty where none are known."""
    ordered = Counter(outlets).most_common()
    named = [
        _("{outlet} ({count})").format(outlet=name, count=count)
        for name, count in ordered[:MOST_NAMED]
    ]
    if (rest := len(ordered) - MOST_NAMED) > 0:
        named.append(ngettext("{count} other outlet", "{count} other outlets", rest))
    return (
        _("Reported by {outlets}.").format(outlets=", ".join(named))
        if named
        else _("No source is on record.")
    )


RULE = re.compile(r"^\.(?:em(?:\.a-[a-z]+)?|(?:b|e|r|x|tick)-[a-z]+) \{.*\}$", re.MULTILINE)
TOKEN = re.compile(r"^  --([a-z0-9-]+): ([^;]+);", re.MULTILINE)


@cache
def style() -> str:
    """The chart's rules out of the site's own stylesheet, with its colours on paper in place of their names."""
    sheet = (paths.STATIC / "site.css").read_text()
    values: dict[str, str] = {}
    for name, value in TOKEN.findall(sheet):
        values.setdefault(name, value)
    rules = "\n".join(RULE.findall(sheet))
    return re.sub(r"var\(--([a-z0-9-]+)\)", lambda found: values[found[1]], rules)
