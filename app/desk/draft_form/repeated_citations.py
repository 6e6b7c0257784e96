"""Reuse text in a citation: the summary above, or speakers of earlier citations."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app import documents
from app.desk.approved.draft_models import Draft
from app.desk.draft_form.catalogue import Catalogue
from app.documents import ROW, Document, date_in_words
from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.record.names.speaker_labels import kind_of_speaker
from app.vocabulary.citations import Attribution
from app.vocabulary.estimates import Counts, Population, Quantifier
from app.vocabulary.events import TermKey
from app.vocabulary.kinds import RecordKind


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


def run_reuse_action(
    catalogue: Catalogue, draft: Draft, document: Document, line: str
) -> tuple[Document, str]:
    """Return the document after such an action, and the box to focus; "" for an unknown action."""
    try:
        match line.split(" "):
            case ["above", path]:
                documents.set_text(document, path, text_from_above(catalogue, draft.kind, document))
                return document, path
            case ["speakers", path, citation]:
                rows, index = documents.row_at(document, path)
                for row in _citations(catalogue, draft):
                    if row["id"] == citation:
                        chain = [{**step, ROW: documents.new_key()} for step in row["chain"]]
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
