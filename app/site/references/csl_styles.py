"""References in APA, Chicago, MLA and other styles, rendered by citeproc-py from CSL definitions.

Where citeproc-py differs from the manuals, this module corrects its input (`_csl_item`,
`_remove_unused_rules`) and its output (`_punctuated`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from app import paths
from app.i18n.translate import N_
from app.site.references.formats import DATASET, GENRES, Reference, as_csl_item
from app.worker_pool import POOL, READERS

if TYPE_CHECKING:
    from citeproc import CitationStylesStyle


MOST_STYLED = 200
"""References rendered per request. Each takes about 25 ms, and nothing can be cached."""
MAX_STYLE_SECONDS = 20
CSL = "{http://purl.org/net/xbiblio/csl}"
AMERICAN, BRITISH = "en-US", "en-GB"


@dataclass(frozen=True)
class Style:
    label: str
    definition: str
    """Name of the style at citationstyles.org."""
    english: str = AMERICAN


STYLES = {
    "apa": Style(N_("APA"), "apa"),
    "chicago": Style(N_("Chicago, author-date"), "chicago-author-date"),
    "chicago-notes": Style(N_("Chicago, notes"), "chicago-notes-bibliography"),
    "mla": Style(N_("MLA"), "modern-language-association"),
    "harvard": Style(N_("Harvard"), "harvard-cite-them-right", BRITISH),
}
"""Styles by their codes in addresses. Their definitions are installed with the site."""


@dataclass(frozen=True)
class StyledReference:
    """A rendered reference. Its address is separate, so that a page can turn it into a link."""

    reference: Reference
    before: str
    url: str
    after: str

    @property
    def text(self) -> str:
        return self.before + self.url + self.after


def in_style(references: Sequence[Reference], code: str) -> list[StyledReference]:
    """Render references in a worker process, sorted as the style requires."""
    return lists_in_style([references], code)[0]


def lists_in_style(lists: Sequence[Sequence[Reference]], code: str) -> list[list[StyledReference]]:
    """Render several lists of references in one worker process."""
    return POOL.run(READERS, MAX_STYLE_SECONDS, print_lists, lists, code)


def print_lists(lists: Sequence[Sequence[Reference]], code: str) -> list[list[StyledReference]]:
    return [print_references(references, code) for references in lists]


def print_references(references: Sequence[Reference], code: str) -> list[StyledReference]:
    """Render references. A long list takes seconds, so this runs in a worker process."""
    # Imported here: citeproc slows down the start of the site.
    from citeproc import (
        Citation,
        CitationItem,
        CitationStylesBibliography,
        CitationStylesStyle,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON

    style = STYLES[code]
    # Read each time, because citeproc-py stores state in the definition while rendering.
    with ZipFile(paths.STYLES) as styles, styles.open(f"{style.definition}.csl") as file:
        definition = CitationStylesStyle(file, locale=style.english, validate=False)
    _remove_unused_rules(definition)
    # Numbers as keys, because citeproc-py treats keys as case-insensitive.
    source = CiteProcJSON(
        [_csl_item(each) | {"id": str(number)} for number, each in enumerate(references)]
    )
    bibliography = CitationStylesBibliography(definition, source, formatter.plain)
    for number in range(len(references)):
        bibliography.register(Citation([CitationItem(str(number))]))
    bibliography.sort()
    printed = zip(bibliography.keys, bibliography.bibliography(), strict=True)
    return [
        _line(references[int(number)], _punctuated(str(line), style)) for number, line in printed
    ]


def _line(reference: Reference, printed: str) -> StyledReference:
    before, url, after = printed.partition(reference.url) if reference.url else (printed, "", "")
    return StyledReference(reference, before, url, after)


def _csl_item(reference: Reference) -> dict[str, Any]:
    """Return the CSL item. Its title includes the translation, and the speaker of an estimate.

    Without an author, citeproc-py prints the title twice. So the newspaper becomes the author of an
    article without a byline, as in Chicago style. A publisher equal to the author is omitted.
    """
    item = dict(as_csl_item(reference))
    if reference.translation:
        item["title"] += f" [{reference.translation}]"
    if reference.said:
        item["title"] += f"; {reference.said}"
    item.setdefault("author", [{"literal": reference.within}])
    if item.get("publisher") == item["author"][0]["literal"]:
        del item["publisher"]
    return item


FILLED_VARIABLES = {
    "type",
    "title",
    "author",
    "container-title",
    "publisher",
    "issued",
    "version",
    "language",
    "URL",
}
"""Variables that `_csl_item` fills in."""
CITED_TYPES = {DATASET.csl, *(genre.csl for genre in GENRES.values())}


def _remove_unused_rules(definition: "CitationStylesStyle") -> None:
    """Remove labels of variables that are never filled in, and rules for other types of items.

    citeproc-py would print such labels alone (“Edition”, “Retrieved”). Rules for films, treaties
    and so on would cost time for each reference.
    """
    unused = [
        label
        for label in definition.xml.iter(f"{CSL}label")
        if label.get("variable", "title") not in FILLED_VARIABLES
    ]
    unused += [
        text for text in definition.xml.iter(f"{CSL}text") if text.get("term") == "retrieved"
    ]
    unused += [
        rule
        for rule in definition.xml.iter(f"{CSL}if", f"{CSL}else-if")
        if _is_for_other_types(rule)
    ]
    for element in unused:
        element.getparent().remove(element)


def _is_for_other_types(rule: Any) -> bool:
    types, match, tests = rule.get("type"), rule.get("match", "all"), set(rule.attrib) - {"match"}
    return (
        types is not None
        and CITED_TYPES.isdisjoint(types.split())
        and (match == "all" or (match == "any" and tests == {"type"}))
    )


def _punctuated(line: str, style: Style) -> str:
    """Move full stops and commas inside quotation marks, as in American English.

    Also removes a full stop after another final mark.
    """
    line = _nested_quotes(line)
    if style.english != AMERICAN:
        return line
    line = re.sub("(’?”)([.,])", r"\2\1", line)
    return re.sub("([.?!…])\\.(’?”| )", r"\1\2", line)


def _nested_quotes(line: str) -> str:
    """Make nested quotation marks single. Unpaired ones, as in German titles, stay unchanged."""
    depth, found = 0, []
    for letter in line:
        depth += letter == "“"
        found.append(SINGLE_QUOTES.get(letter, letter) if depth > 1 else letter)
        depth -= letter == "”"
        if depth < 0:
            return line
    return line if depth else "".join(found)


SINGLE_QUOTES = {"“": "‘", "”": "’"}


def as_text(references: Sequence[Reference], code: str) -> str:
    """Render references as plain text in a worker process, one per line."""
    return "".join(f"{line.text}\n" for line in in_style(references, code))
