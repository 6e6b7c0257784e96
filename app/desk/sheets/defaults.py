"""Defaults of a report: what every row has unless it says otherwise, and what the text offers."""

from collections import Counter
from collections.abc import Iterable, Iterator

from app.desk.draft_form import documents
from app.desk.draft_form.documents import ROW, YES, Document
from app.desk.reading.marks import MarkKind
from app.desk.sheets.form import DefaultTerm
from app.desk.sheets.taking import OUTSIDE, TextMark
from app.vocabulary.estimates import Population
from app.vocabulary.events import Role, TermKey

OFFERED = "offered."
"""Before the code of a default that the text offers and nobody has ticked."""
OFFERED_TERMS = (TermKey.GROUP, TermKey.SECTOR, TermKey.PAPER)
MIN_SENTENCES = 3
"""How many sentences must name what is offered for every row."""
MAX_OFFERED_OF_KIND = 2
POPULATION_OF_GROUP = {"workers": Population.WORKERS, "students": Population.STUDENTS}


def add_default(document: Document, choice: str) -> None:
    """Add a default: `place:dandong`, `nationality:kp`, `sector:garments`."""
    key, _colon, code = choice.partition(":")
    match key:
        case "place":
            places = [part for part in document["places"].split(", ") if part]
            document["places"] = ", ".join(dict.fromkeys([*places, code]))
        case "nationality":
            document["nationality"] = code
        case "population":
            document["population"] = code
        case _ if key in TermKey.by_code() and not any(
            (term["key"], term["code"]) == (key, code) for term in document["defaults"]
        ):
            role = Role.ORDERS if key == TermKey.ACTOR else Role.TARGET
            term = documents.blank_row(DefaultTerm, key=key, code=code, role=role.value)
            document["defaults"].append(term)


def use_default(document: Document, choice: str) -> None:
    """Tick the term with this code, `nationality:kp`, or add it."""
    for term in document["defaults"]:
        if f"{term['key']}:{term['code']}" == choice:
            term["ticked"] = YES
            return
    add_default(document, choice)


def tick_default(document: Document, path: str, *, is_ticked: bool) -> None:
    """Tick a term or not. Other defaults are removed with their tick, offered ones are added."""
    if path.startswith(OFFERED):
        if is_ticked:
            add_default(document, path.removeprefix(OFFERED))
        return
    for term in document["defaults"]:
        if term[ROW] == path:
            term["ticked"] = YES if is_ticked else ""
    if is_ticked:
        return
    if path in {"nationality", "population"}:
        document[path] = ""
    elif path.startswith("place."):
        places = [part.strip() for part in document["places"].split(",")]
        gone = path.removeprefix("place.")
        document["places"] = ", ".join(part for part in places if part and part != gone)


def offered_defaults(document: Document, marks: Iterable[TextMark]) -> list[str]:
    """Return the places, terms and population that many sentences name, most named first.

    What is a default already, ticked or not, is left out.
    """
    sentences: dict[str, set[int]] = {}
    for each in marks:
        for choice in _choices_of(each):
            sentences.setdefault(choice, set()).add(each.sentence)
    have = {f"{term['key']}:{term['code']}" for term in document["defaults"]}
    have |= {f"place:{part.strip()}" for part in document["places"].split(",")}
    counts = Counter({choice: len(numbers) for choice, numbers in sentences.items()})
    offered: list[str] = []
    for choice, count in counts.most_common():
        kind = choice.partition(":")[0]
        same = [each for each in offered if each.startswith(f"{kind}:")]
        if kind == "population" and (document["population"] or same):
            continue
        if count >= MIN_SENTENCES and choice not in have and len(same) < MAX_OFFERED_OF_KIND:
            offered.append(choice)
    return offered


def _choices_of(each: TextMark) -> Iterator[str]:
    mark = each.mark
    if mark.kind is MarkKind.PLACE and mark.reason not in OUTSIDE:
        yield f"place:{mark.value}"
    if mark.kind is MarkKind.TERM and mark.value.partition(":")[0] in OFFERED_TERMS:
        yield mark.value
        key, _colon, code = mark.value.partition(":")
        if key == TermKey.GROUP and code in POPULATION_OF_GROUP:
            yield f"population:{POPULATION_OF_GROUP[code].value}"
