"""Explanations of badges, roles and symbols: a popover for each term of a page.

A badge is a button whose `popovertarget` is the id of its term, so that a press opens it without a
script. `interestfor` opens it on hover and focus; where browsers lack that, `static/site.js` does.
In browsers without popovers they are a list below the page's content.
"""

import re
from dataclasses import dataclass
from functools import cache

from markupsafe import Markup, escape

from app.i18n.translate import N_, _
from app.vocabulary.code import Code
from app.vocabulary.estimates import EstimateLink, FigureRole, Rivalry
from app.vocabulary.events import Role, Step
from app.vocabulary.sources import Reliability
from app.vocabulary.support import ClaimCertainty, Corroboration, Disputed
from app.web.urls import url

LISTS: dict[str, type[Code]] = {
    "stage": Step,
    "corroboration": Corroboration,
    "claim": ClaimCertainty,
    "disputed": Disputed,
    "role": Role,
    "standing": FigureRole,
    "conflict": Rivalry,
    "figure-link": EstimateLink,
    "reliability": Reliability,
}
"""The lists of the codebook whose codes are explained, by their keys in addresses."""
WHOLE_LIST = "disputed"
"""A badge of this list names several codes, so the list is explained."""
SIGNS = {
    "speaker-doc": N_("A document or statistic is quoted."),
    "speaker-rec": N_("A named person or body is quoted."),
    "speaker-anon": N_("The person quoted is not named."),
    "speaker-out": N_("The outlet reports it in its own words, or repeats another outlet."),
    "speaker-ana": N_(
        "An expert, organisation, international body, observer or intelligence service is quoted."
    ),
}
"""Definitions of the symbols of speakers, which are no code of a list."""
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
    # l10n: a link from the explanation of a badge to its entry in the codebook
    words = _("Codebook: {label}")
    for key, codes in LISTS.items():
        page = url("codebook-list", list=key)
        if key == WHOLE_LIST:
            found[f"t-{key}"] = ExplainedTerm(
                _(codes.__doc__ or ""), words.format(label=_("Disputed")), page
            )
            continue
        for code in codes:
            found[f"t-{key}-{code}"] = ExplainedTerm(
                _(code.definition), words.format(label=_(code.label)), f"{page}#{key}-{code}"
            )
    link = words.format(label=_("Speakers and citations"))
    for key, definition in SIGNS.items():
        found[f"t-{key}"] = ExplainedTerm(_(definition), link, f"{url('codebook')}#speakers")
    return found


@cache
def attributes(key: str, code: str = "") -> Markup:
    """Return the attributes of a button that explains a code, for `ui.html`."""
    term_id = f"t-{key}-{code}" if code else f"t-{key}"
    if term_id == "t-corroboration-alleged":  # A badge beside the levels, from another list.
        term_id = "t-claim-alleged"
    if term_id not in explained_terms():
        return Markup()
    # Pressing never closes it: the pointer or focus that opened it is still there.
    return Markup(
        'popovertarget="{0}" popovertargetaction="show" interestfor="{0}" aria-describedby="{0}"'
    ).format(term_id)


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
