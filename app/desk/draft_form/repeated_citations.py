"""What need not be typed again in a citation: what it says, where that stands above, and who spoke before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.desk.approved.draft_models import Draft
from app.desk.draft_form import documents
from app.desk.draft_form.catalogue import Catalogue, words
from app.desk.draft_form.documents import ROW, Document
from app.i18n.translate import _
from app.vocabulary.citations import Attribution
from app.vocabulary.estimates import Counts, Population, Quantifier
from app.vocabulary.events import TermKey


def article_of(draft: Draft) -> str:
    """The source that a draft is written from, or is."""
    return draft.record if draft.kind == "S" else draft.article or ""


def written_from(catalogue: Catalogue, article: str | None) -> list[Draft]:
    """Events and figures that are being written from it, the newest first."""
    return catalogue.drafts_from(article) if article else []


MOST = 6
BARE = {Quantifier.EXACT, Quantifier.OFFICIAL, Quantifier.RANGE, Quantifier.WORDS}
"""How a figure is put without a word for it."""


@dataclass(frozen=True)
class Speakers:
    """Who said something in the article, by the citation in which they did."""

    citation: str
    label: str


def speakers(catalogue: Catalogue, draft: Draft) -> list[Speakers]:
    """Those of the article, the latest first, each once."""
    found: dict[str, str] = {}
    for row in _citations(catalogue, draft):
        if label := called(row["chain"]):
            found.setdefault(label, row["id"])
    return [Speakers(citation, label) for label, citation in found.items()][:MOST]


def called(chain: Sequence[Document]) -> str:
    """A chain in a few words."""
    steps = []
    for step in chain:
        kind = Attribution.by_code().get(step["attribution"])
        outlet = f" {step['outlet']}" if step["outlet"] else ""
        said = f"{_(kind.label) if kind else ''}{outlet}"
        steps.append(
            _("{kind}: {words}").format(kind=said, words=step["words"]) if step["words"] else said
        )
    return " → ".join(step for step in steps if step)


def said_again(
    catalogue: Catalogue, draft: Draft, document: Document, line: str
) -> tuple[Document, str]:
    """The document after such a button, and the box in which the person goes on; "" where it means nothing."""
    try:
        match line.split(" "):
            case ["above", path]:
                documents.put(document, path, above(catalogue, draft.kind, document))
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


def above(catalogue: Catalogue, kind: str, document: Document) -> str:
    """What an event's summary says, or what the fields of a figure do: a beginning, to be put as the source has it."""
    if kind == "E":
        return str(document["summary"])
    quantifier, counts = (
        Quantifier.by_code().get(document["quantifier"]),
        Counts.by_code().get(document["counts"]),
    )
    population = Population.by_code().get(document["population"])
    number = "–".join(n for n in (document["low"], document["point"], document["high"]) if n)
    put = _(quantifier.label).lower() if quantifier and quantifier not in BARE else ""
    whom = document["population_text"] or (_(population.label).lower() if population else "")
    places = [
        catalogue.label(code, "place")
        for row in document["terms"]
        if row["key"] == TermKey.PLACE and (code := catalogue.meant("place", row["code"].strip()))
    ]
    figure = " ".join(part for part in (put, number or document["printed_words"], whom) if part)
    around = [
        _(counts.label).lower() if counts else "",
        *places,
        words(document["as_of"] or document["period"]),
    ]
    said = _(", ").join(part for part in (figure, *around) if part)
    return said[:1].upper() + said[1:]


def _citations(catalogue: Catalogue, draft: Draft) -> Iterator[Document]:
    """Those of the article: of this draft first, then of what was written from it before."""
    article = article_of(draft)
    drafts = [draft, *(each for each in written_from(catalogue, article) if each.id != draft.id)]
    for each in drafts if article else [draft]:
        for row in reversed(catalogue.visible(each).get("citations", [])):
            if not article or row["source"].strip() == article:
                yield row
