"""The sections of the help pages that a search finds, read from the pages' templates and rules."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from app import paths
from app.i18n.translate import N_
from app.site.codebook.rules import RuleBlock, method_changes, rules
from app.web.urls import url

PAGES = [
    ("codebook", "site/codebook/page.html", N_("Codebook")),
    ("about", "site/about/page.html", N_("About and coverage")),
    ("privacy", "site/about/privacy.html", N_("Privacy")),
    ("accessibility", "site/about/accessibility.html", N_("Accessibility")),
    ("data", "site/data/page.html", N_("Data")),
    ("api", "site/api/page.html", N_("API")),
    ("tell", "site/tell/page.html", N_("Message to the editors")),
]
"""Name of the URL, template, and title."""
METHOD_CHANGES = N_("Changes of method")
HEADING = re.compile(
    r'(?:<section class="section" id="([a-z-]+)">\s*<h2>|<h2 id="([a-z-]+)">)'
    r'\{\{ _\("([^"{}]+)"\) \}\}</h2>'
    r'|ui\.fold\(_\("([^"{}]+)"\), "", "([a-z-]+)"\)'
)
LITERAL = re.compile(r'_\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\)')
TRANS = re.compile(r"\{%-? ?trans\b[^%]*%\}(.*?)\{%-? ?endtrans", re.DOTALL)


@dataclass(frozen=True)
class HelpSection:
    page: str
    """Title of the page, to be translated."""
    title: str
    address: str
    text: str


@cache
def help_sections() -> tuple[HelpSection, ...]:
    found = [
        HelpSection(
            N_("Rules"),
            rule.title[:1].upper() + rule.title[1:],
            f"{url('rules')}#{rule.anchor}",
            " ".join(_words_of(block) for block in rule.blocks),
        )
        for rule in rules()
    ]
    found += [
        HelpSection(
            METHOD_CHANGES,
            change.rule.title[:1].upper() + change.rule.title[1:],
            f"{url('method-changes')}#{change.anchor}",
            f"{change.what.striptags()} {change.moved.striptags()}",
        )
        for _day, changes in method_changes(rules())
        for change in changes
    ]
    for name, template, title in PAGES:
        found += _sections_of(url(name), template, title)
    return tuple(found)


def _words_of(block: RuleBlock) -> str:
    cells = (cell for row in block.table for cell in row)
    return " ".join(part.striptags() for part in (*block.points, *cells))


def _sections_of(address: str, template: str, title: str) -> Iterator[HelpSection]:
    text = (paths.TEMPLATES / template).read_text("utf-8")
    yield HelpSection(title, title, address, "")
    headings = [*HEADING.finditer(text)]
    ends = [each.start() for each in headings[1:]] + [len(text)]
    for heading, end in zip(headings, ends, strict=True):
        anchor, heading_words = heading[1] or heading[2] or heading[5], heading[3] or heading[4]
        yield HelpSection(
            title, heading_words, f"{address}#{anchor}", _plain(text[heading.end() : end])
        )


def _plain(template: str) -> str:
    """Return the words of a part of a template, without tags and placeholders."""
    literals = ("".join(re.findall(r'"([^"]*)"', each)) for each in LITERAL.findall(template))
    words = " ".join([*literals, *TRANS.findall(template)])
    words = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|<[^>]*>|%\([a-z_]+\)s", " ", words, flags=re.DOTALL)
    return " ".join(html.unescape(words).split())
