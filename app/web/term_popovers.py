"""Explanations of badges and roles: a popover for each term of a page, opened by its badges.

A badge is a button whose `popovertarget` is the id of its term. The popovers need no script. In
browsers without popovers they are a list below the page's content.
"""

import re
from dataclasses import dataclass
from functools import cache

from markupsafe import Markup, escape

from app.i18n.translate import _
from app.vocabulary.code import Code
from app.vocabulary.events import Role, Step
from app.vocabulary.support import ClaimCertainty, Corroboration, Disputed
from app.web.urls import url

LISTS: dict[str, type[Code]] = {
    "stage": Step,
    "corroboration": Corroboration,
    "claim": ClaimCertainty,
    "disputed": Disputed,
    "role": Role,
}
"""The lists of the codebook whose codes are explained, by their keys in addresses."""
WHOLE_LIST = "disputed"
"""A badge of this list names several codes, so the list is explained."""
MARKER = "<!--terms-->"
"""Where a template has its popovers: within the part that htmx swaps, if a page has one."""
USED = re.compile(r'popovertarget="(t-[a-z-]+)"')


@dataclass(frozen=True)
class ExplainedTerm:
    definition: str
    link: str
    """Text of the link to the codebook."""
    address: str


@cache
def explained_terms() -> dict[str, ExplainedTerm]:
    """Return the explained terms by the id of their popover."""
    found = {}
    for key, codes in LISTS.items():
        page = url("codebook-list", list=key)
        # l10n: a link from the explanation of a badge to its entry in the codebook
        words = _("Codebook: {label}")
        if key == WHOLE_LIST:
            found[f"t-{key}"] = ExplainedTerm(
                _(codes.__doc__ or ""), words.format(label=_("Disputed")), page
            )
            continue
        for code in codes:
            found[f"t-{key}-{code}"] = ExplainedTerm(
                _(code.definition), words.format(label=_(code.label)), f"{page}#{key}-{code}"
            )
    return found


def attributes(key: str, code: str = "") -> Markup:
    """Return the attributes of a button that explains a code, for `ui.html`."""
    term_id = f"t-{key}-{code}" if code else f"t-{key}"
    if term_id == "t-corroboration-alleged":  # A badge beside the levels, from another list.
        term_id = "t-claim-alleged"
    term = explained_terms().get(term_id)
    if term is None:
        return Markup()
    return Markup('popovertarget="{}" title="{}"').format(term_id, term.definition)


def insert_popovers(html: str) -> str:
    """Insert the popovers of the terms that a page names, each once, at the first marker."""
    if MARKER not in html:
        return html
    before, after = html.split(MARKER, 1)
    used = dict.fromkeys(USED.findall(html))
    notes = "".join(_popover(term_id) for term_id in used)
    return f"{before}{notes}{after.replace(MARKER, '')}"


@cache
def _popover(term_id: str) -> str:
    """Return a popover: a single element, of which long lists have a dozen."""
    term = explained_terms()[term_id]
    return (
        f'<a class="term-note" id="{term_id}" popover href="{escape(term.address)}">'
        f"{escape(term.definition)} {escape(term.link)}</a>"
    )
