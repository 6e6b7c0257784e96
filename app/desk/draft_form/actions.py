"""Actions of a draft page's buttons, each a short line such as `add citations`.

The line is submitted with the form, so buttons need no scripts. An unknown line, for example from
an outdated page, leaves the document unchanged.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass

from app.desk.approved.draft_models import Draft
from app.desk.draft_form.catalogue import Catalogue
from app.documents import (
    ROW,
    Document,
    blank_row,
    date_in_words,
    form_at,
    new_key,
    row_at,
    rows_at,
    set_text,
)
from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.kinds import EventForm, EventToEvent, Form
from app.kinds.layout import first_field, rows_in
from app.record.names.support_labels import kind_of_speaker
from app.vocabulary.citations import Attribution
from app.vocabulary.estimates import Counts, Population, Quantifier
from app.vocabulary.events import EventLink, TermKey
from app.vocabulary.kinds import RecordKind

NewRow = Callable[[type[Form]], Document]


def run_action(
    form: type[Form], document: Document, line: str, new_row: NewRow = blank_row
) -> tuple[Document, str]:
    """Return the changed document and the path of the box to focus; "" for none."""
    try:
        return _act(form, deepcopy(document), line, new_row)
    except LookupError:
        return document, ""


def _act(form: type[Form], document: Document, line: str, new_row: NewRow) -> tuple[Document, str]:
    match line.split(" ", 2):
        case ["set", path, text]:
            set_text(document, path, text)
            return document, path
        case ["add", path, *code]:
            rows = rows_at(document, path)
            child = form_at(form, path)
            rows.append({**new_row(child), **_texts_of_button(form, path, "".join(code))})
            return document, _first_box(child, rows[-1], f"{path}.{len(rows) - 1}")
        case ["remove", path]:
            rows, index = row_at(document, path)
            del rows[index]
            at = path.rpartition(".")[0]
            index = min(index, len(rows) - 1)
            return document, _first_box(
                form_at(form, at), rows[index], f"{at}.{index}"
            ) if rows else ""
        case ["swap", path, other]:
            rows, index = row_at(document, path)
            others, other_index = row_at(document, other)
            if rows is not others:
                raise LookupError(other)
            rows[index], rows[other_index] = rows[other_index], rows[index]
            return document, _first_box(
                form_at(form, other.rpartition(".")[0]), rows[other_index], other
            )
        case ["part-of", record] if form is EventForm:
            document["links"].append(
                blank_row(EventToEvent, type=EventLink.PART_OF.value, to=record)
            )
            return document, f"links.{len(document['links']) - 1}.type"
    return document, ""


def _texts_of_button(form: type[Form], path: str, code: str) -> dict[str, str]:
    """Return the values of a row that a button adds.

    Only lists of the record itself have several buttons.
    """
    return {
        name: text
        for section in form.SECTIONS
        for part in rows_in(section.parts)
        if part.name == path
        for adding in part.buttons
        if adding.code == code
        for name, text in adding.texts.items()
    }


def _first_box(form: type[Form], row: Document, path: str) -> str:
    return f"{path}.{first_field(form.parts_of(row))}"


# Text to reuse in a citation ---------------------------------------------------------------------


def article_of(draft: Draft) -> str:
    """Return the source that a draft is written from, or is."""
    return draft.record if draft.kind == RecordKind.SOURCE else draft.article or ""


def written_from(catalogue: Catalogue, article: str | None) -> list[Draft]:
    """Return open drafts of events and estimates written from an article, newest first."""
    return catalogue.drafts_from(article) if article else []


MAX_SPEAKERS = 6
WITHOUT_WORD = {Quantifier.EXACT, Quantifier.OFFICIAL, Quantifier.RANGE, Quantifier.WORDS}
"""Quantifiers without a word of their own."""


@dataclass(frozen=True)
class EarlierSpeakers:
    """Speakers of the article, and the citation that they come from."""

    citation: str
    label: str


def earlier_speakers(catalogue: Catalogue, draft: Draft) -> list[EarlierSpeakers]:
    """Return the speakers of the article, latest first, each once."""
    by_label: dict[str, str] = {}
    for row in _citations(catalogue, draft):
        if label := chain_in_words(row["chain"]):
            by_label.setdefault(label, row["id"])
    return [EarlierSpeakers(citation, label) for label, citation in by_label.items()][:MAX_SPEAKERS]


def chain_in_words(chain: Sequence[Document]) -> str:
    """Return a chain in a few words."""
    steps = []
    for step in chain:
        is_kind = step["attribution"] in Attribution.by_code()
        kind = kind_of_speaker(step["attribution"], step.get("named")) if is_kind else ""
        outlet = f" {step['outlet']}" if step["outlet"] else ""
        speaker = f"{kind}{outlet}"
        steps.append(
            _("{kind}: {words}").format(kind=speaker, words=step["words"])
            if step["words"]
            else speaker
        )
    return " → ".join(step for step in steps if step)


def run_citation_action(
    catalogue: Catalogue, draft: Draft, document: Document, line: str
) -> tuple[Document, str]:
    """Return the document after an action of a citation, and the box to focus; "" for none."""
    try:
        match line.split(" "):
            case ["above", path]:
                set_text(document, path, text_from_above(catalogue, draft.kind, document))
                return document, path
            case ["speakers", path, citation]:
                rows, index = row_at(document, path)
                for row in _citations(catalogue, draft):
                    if row["id"] == citation:
                        chain = [{**step, ROW: new_key()} for step in row["chain"]]
                        rows[index] = {**rows[index], "chain": chain}
                        return document, f"{path}.paraphrase"
    except (LookupError, TypeError):
        pass
    return document, ""


def text_from_above(catalogue: Catalogue, kind: str, document: Document) -> str:
    """Return an event's summary, or an estimate's fields as a sentence to be edited."""
    if kind == RecordKind.EVENT:
        return str(document["summary"])
    quantifier, counts = (
        Quantifier.by_code().get(document["quantifier"]),
        Counts.by_code().get(document["counts"]),
    )
    population = Population.by_code().get(document["population"])
    number = "–".join(n for n in (document["low"], document["point"], document["high"]) if n)
    quantifier_word = (
        _(quantifier.label).lower() if quantifier and quantifier not in WITHOUT_WORD else ""
    )
    population_words = document["population_text"] or (
        _(population.label).lower() if population else ""
    )
    places = [
        catalogue.label(code, "place")
        for row in document["terms"]
        if row["key"] == TermKey.PLACE and (code := catalogue.meant("place", row["code"].strip()))
    ]
    amount = " ".join(
        part
        for part in (quantifier_word, number or document["printed_words"], population_words)
        if part
    )
    context = [
        _(counts.label).lower() if counts else "",
        *places,
        date_in_words(document["as_of"] or document["period"]),
    ]
    sentence = enumerate_words(part for part in (amount, *context) if part)
    return sentence[:1].upper() + sentence[1:]


def _citations(catalogue: Catalogue, draft: Draft) -> Iterator[Document]:
    """Yield citations of the article: first of this draft, then of others written from it."""
    article = article_of(draft)
    drafts = [draft, *(each for each in written_from(catalogue, article) if each.id != draft.id)]
    for each in drafts if article else [draft]:
        for row in reversed(catalogue.visible(each).get("citations", [])):
            if not article or row["source"].strip() == article:
                yield row


# Former speakers --------------------------------------------------------------------------------

OF_A_SPEAKER = ("words", "named", "outlet", "speakers_text", "occasion")
"""Fields of a step that say who one speaker is."""
EMPTIED_FOR = frozenset(
    {
        Attribution.ANONYMOUS_OFFICIAL,
        Attribution.ANONYMOUS_SOURCE,
        Attribution.OWN_VOICE,
        Attribution.UNATTRIBUTED,
    }
)
"""Kinds of speaker that nothing of another speaker fits; for any other, the outlet is emptied.

`static/desk.js` empties the same.
"""


def empty_of_former_speakers(before: Document, after: Document) -> Document:
    """Return the document in which changed kinds of speaker hold nothing of the former one.

    Values that were changed together with the kind stay as typed.
    """
    former = {
        (citation[ROW], step[ROW]): step
        for citation in before.get("citations", [])
        for step in citation["chain"]
    }
    if not former:
        return after
    return {
        **after,
        "citations": [
            {
                **citation,
                "chain": [
                    _without_former(former.get((citation[ROW], step[ROW])), step)
                    for step in citation["chain"]
                ],
            }
            for citation in after["citations"]
        ],
    }


def _without_former(before: Document | None, step: Document) -> Document:
    if before is None or not before["attribution"] or step["attribution"] == before["attribution"]:
        return step
    names = OF_A_SPEAKER if step["attribution"] in EMPTIED_FOR else ("outlet",)
    return {**step, **{name: "" for name in names if step[name] == before[name]}}
