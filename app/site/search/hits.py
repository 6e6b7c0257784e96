"""Hits of a search: one record or entry in a few words, with the reason it was found."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.record.names.date_labels import with_basis
from app.record.names.directory import Directory
from app.record.names.support_labels import reports_label
from app.record.payloads import cited_payload, event_payload, source_payload
from app.record.search import CJK_RUN
from app.record.sql.rows import ListRow
from app.record.words.query import PartKind, Query, QueryPart
from app.site.components.marks import Badge, corroboration_badges
from app.site.components.text import HighlightedText, highlight
from app.site.components.urls import record_address
from app.site.entries.entries import FoundEntry
from app.site.presenters.estimate import EstimateView
from app.site.presenters.title import title_language
from app.vocabulary.kinds import RecordKind

MAX_WORDS_MARKED = 20


@dataclass(frozen=True)
class Hit:
    """One result."""

    id: str
    """Id of a record; a code otherwise."""
    address: str
    title: HighlightedText
    kick: Sequence[str]
    """What it is and when; the first is printed in bold."""
    text: HighlightedText
    why: str
    """Why it was found, in words."""
    score: float
    language: str = ""
    """Of the title, if it is not English."""
    support: Sequence[Badge] = ()
    reports: str = ""
    is_record: bool = True


def words_marked(query: Query) -> list[str]:
    """Return the words of a query, with their equivalents, that hits mark."""
    return [word for part in query.wanted for word in _words_of(part)][:MAX_WORDS_MARKED]


def _words_of(part: QueryPart) -> list[str]:
    # A digit with a Chinese or Korean unit would mark the digit alone.
    return [
        unit.words
        for unit in part.units
        if not (CJK_RUN.search(unit.words) and re.search(r"\d", unit.words))
    ]


class HitTexts(NamedTuple):
    """What a hit of one kind prints, and the other texts in which words are found."""

    title: str
    kick: Sequence[str]
    text: str
    title_name: str
    """What its title and its text are called as a reason."""
    text_name: str


def record_hit(row: ListRow, score: float, query: Query, directory: Directory) -> Hit:
    found, words = TEXTS_OF_KIND[row.id[0]](row, directory), words_marked(query)
    form: Any = row.payload["form"]
    cited = [
        (_("words of a source"), text)
        for citation in form.get("citations", [])
        for text in (citation["paraphrase"], citation.get("quote", ""), citation.get("value", ""))
    ]
    terms = [(term["key"], term.get("code", "")) for term in form.get("terms", ())]
    terms += [("law", law.get("instrument", "")) for law in form.get("legal", ())]
    terms += [("outlet", form["outlet"])] if "outlet" in form else []
    texts = [(found.title_name, found.title), (found.text_name, found.text), *cited]
    is_source = row.id[0] == RecordKind.SOURCE
    return Hit(
        row.id,
        record_address(row.id),
        highlight(found.title, words),
        found.kick,
        highlight(found.text, words),
        _why(texts, terms, query, directory),
        score,
        language=title_language(form),
        support=() if is_source else corroboration_badges(cited_payload(row)),
        reports="" if is_source else reports_label(cited_payload(row)),
    )


def _event_texts(row: ListRow, directory: Directory) -> HitTexts:
    payload = event_payload(row)
    form = payload["form"]
    when = with_basis(payload["happened_words"], form.get("happened_basis"))
    kick = [directory.label("type", form["type"]), when or _("Date not known")]
    return HitTexts(form["title"], kick, form["summary"], _("title"), _("summary"))


def _estimate_texts(row: ListRow, directory: Directory) -> HitTexts:
    view = EstimateView(row, directory)
    amount = view.words[:1].upper() + view.words[1:]
    return HitTexts(
        _("{amount}: {where}").format(amount=amount, where=view.where) if view.places else amount,
        [view.counts, view.time],
        view.form.get("printed_words", "") or view.form.get("population_text", ""),
        _("number"),
        _("wording in the source"),
    )


def _source_texts(row: ListRow, directory: Directory) -> HitTexts:
    payload = source_payload(row)
    form = payload["form"]
    kick = [directory.label("outlet", form["outlet"])]
    kick.append(payload["published_words"] or _("Date not known"))
    if "language" in form:
        kick.append(directory.label("language", form["language"]))
    english = form.get("title_en", "")
    text = "" if english == form["title"] else english
    return HitTexts(form["title"], kick, text, _("title"), _("title in English"))


TEXTS_OF_KIND: dict[str, Callable[[ListRow, Directory], HitTexts]] = {
    RecordKind.EVENT: _event_texts,
    RecordKind.ESTIMATE: _estimate_texts,
    RecordKind.SOURCE: _source_texts,
}


def _why(
    texts: Sequence[tuple[str, str]],
    terms: Sequence[tuple[str, str]],
    query: Query,
    directory: Directory,
) -> str:
    """Return where each part of the query was found."""
    reasons: dict[str, None] = {}
    for part in query.parts:
        if part.is_excluded:
            continue
        if part.kind is PartKind.DATE:
            reasons[_("date: {words}").format(words=part.words)] = None
            continue
        named = {(key, code) for key, code in part.terms}
        if part.kind is PartKind.NAME and named & set(terms):
            key, code = sorted(named & set(terms))[0]
            reasons[_("names {name}").format(name=directory.label(key, code))] = None
            continue
        words = _words_of(part)
        for where, text in texts:
            if text and (marked := highlight(text, words)).has_marks:
                found = next(piece for piece, is_marked in marked.pieces if is_marked)
                reasons[_("{where}: “{words}”").format(where=where, words=found)] = None
                break
        else:
            reasons[_("“{words}” elsewhere in the record").format(words=part.words)] = None
    return _("Found: {reasons}").format(reasons="; ".join(reasons)) if reasons else ""


def at_citations(hit: Hit, ids: Sequence[str]) -> Hit:
    """Return the hit of a record that holds these citations, with the first one's address."""
    if not ids:
        return hit
    why = _("Citations in it: {ids}").format(ids=enumerate_words(ids))
    return replace(hit, address=f"{hit.address}#{ids[0]}", why=why)


def entry_hit(found: FoundEntry, query: Query) -> Hit:
    entry, words = found.entry, words_marked(query)
    others = [name for name in entry.names if name != entry.label]
    text = entry.definition
    if entry.kind in {"places", "outlets"}:
        text = enumerate_words(others[:6])
    elif not text or (entry.text and not found.is_by_name):
        text = _excerpt(entry.text, words)
    return Hit(
        entry.code,
        entry.address,
        highlight(entry.label, words),
        [entry.kick],
        highlight(text, words),
        _("Found by its name") if found.is_by_name else _("Found by its text"),
        found.score,
        is_record=False,
    )


EXCERPT_CHARACTERS = 200


def _excerpt(text: str, words: Sequence[str]) -> str:
    """Return the part of a long text around the first marked word."""
    start = 0
    for piece, is_marked in highlight(text, words).pieces:
        if is_marked:
            break
        start += len(piece)
    else:
        start = 0
    sentence = text.rfind(". ", 0, start)
    first = sentence + 2 if sentence >= 0 else 0
    if start - first > EXCERPT_CHARACTERS // 2:
        first = text.find(" ", start - EXCERPT_CHARACTERS // 2, start) + 1 or start
    cut = text[first : first + EXCERPT_CHARACTERS]
    return cut if first + EXCERPT_CHARACTERS >= len(text) else f"{cut.rsplit(' ', 1)[0]} …"
