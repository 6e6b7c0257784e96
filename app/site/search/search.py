"""The page of the search over everything: cards, and groups of hits, best match first."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from fastapi import Request
from fastapi.routing import APIRoute
from markupsafe import Markup
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.i18n.formats import conjunction, enumerate_words
from app.i18n.translate import N_, _
from app.kinds import FORMS, ChainStep
from app.record.filters import LISTS, EventFilters, SearchFilters, SourceFilters
from app.record.index import IndexSearch
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.names.support_labels import disputed_in_words, reports_label, shown_labels
from app.record.payloads import cited_payload, event_payload, form_of
from app.record.reads.lexicon import lexicon_of
from app.record.reads.measures import people_of
from app.record.search import SearchUnit
from app.record.sql.rows import ListRow
from app.record.words.query import PartKind, Query, QueryPart, is_too_common, parse, set_apart
from app.record.words.stems import ASKS_FOR_SOURCES, ASKS_FOR_STATEMENTS, stems
from app.site.cards import CARD_KEYS, Card, card_of
from app.site.components.links import address_of_places
from app.site.components.text import has_marks, highlight
from app.site.components.urls import PageLink, address, record_address, with_filters
from app.site.dataset import Dataset
from app.site.entries import (
    EXPLANATIONS,
    GROUP_OF_NOUN,
    FoundEntry,
    entries_of,
    of_kind,
)
from app.site.export.responses import json_response
from app.site.lists.summary import WordResult, count_in_words, nearest_words, too_common
from app.site.presenters.citations import attributed
from app.site.presenters.estimate import EstimateView
from app.site.presenters.event import EventView
from app.site.presenters.source import SourceView
from app.site.presenters.title import title_language
from app.site.search.direct import DateInQuery, Direct, find_direct, split_date
from app.site.search.ranking import RankedRow, Ranking
from app.vocabulary.kinds import CITING_KINDS, NAMED_LISTS, RecordKind, RecordNoun
from app.web.state import app_state
from app.web.urls import absolute_url, url

# Hits -------------------------------------------------------------------------------------------


class Hit(NamedTuple):
    """One result."""

    id: str
    """Id of a record; a code otherwise."""
    address: str
    title: Markup
    kick: Sequence[str]
    """What it is and when; the first is printed in bold."""
    text: Markup
    score: float
    language: str = ""
    """Of the title, if it is not English."""
    support: Sequence[tuple[str, str]] = ()
    disputed: str = ""
    reports: str = ""
    is_record: bool = True
    lacks: str = ""
    """The words of the query that it lacks."""


def words_marked(query: Query) -> list[str]:
    """Return the words of a query, with their equivalents, that hits mark."""
    return [word for part in query.wanted for word in _words_of(part)]


def _words_of(part: QueryPart) -> list[str]:
    return [unit.words for unit in part.units]


def _passages(
    row: ListRow, notes: Sequence[str], sources: Mapping[str, ListRow], directory: Directory
) -> Iterable[tuple[str, str]]:
    """Yield the texts of a record beside its title and summary, each alone and with its speaker."""
    for note in notes:
        yield note, note
    counted = {id for origin in row.payload.get("origins", ()) for id in origin["citations"]}
    citations = row.payload["form"].get("citations", ())
    for citation in sorted(citations, key=lambda each: each["id"] not in counted):
        outlet = _outlet(citation["source"], sources, directory)
        speaker = ChainStep.model_validate(citation["chain"][0])
        for text in (citation["paraphrase"], citation.get("quote", ""), citation.get("value", "")):
            yield text, attributed(speaker, outlet, text, directory)
    for id in row.payload.get("sources", ()):
        form = form_of(sources[id]) if id in sources else {}
        for title in filter(None, (form.get("title_en"), form.get("title"))):
            yield title, f"{_outlet(id, sources, directory)}: {title}"


def _outlet(source: str, sources: Mapping[str, ListRow], directory: Directory) -> str:
    form = form_of(sources[source]) if source in sources else {}
    return directory.label("outlet", form["outlet"]) if form else source


def record_hit(
    row: ListRow,
    score: float,
    query: Query,
    directory: Directory,
    sources: Mapping[str, ListRow] = MappingProxyType({}),
) -> Hit:
    """Return the hit of a record; `sources` are those that it cites, by id."""
    title, kick, texts = _texts(row, directory)
    text, *notes = texts.splitlines() or [""]
    passages = list(_passages(row, notes, sources, directory))
    # Words of a source may deny it: they do not stand alone.
    printed = [text]
    for part in query.wanted:
        words = _words_of(part)
        if not any(has_marks(each, words) for each in (title, *printed)):
            printed += [said for alone, said in passages if has_marks(alone, words)][:1]
    marked = words_marked(query)
    has_support = row.id[0] in CITING_KINDS
    return Hit(
        row.id,
        record_address(row.id),
        highlight(title, marked),
        kick,
        highlight(". ".join(each.removesuffix(".") for each in printed if each), marked),
        score,
        title_language(row.payload["form"]),
        shown_labels(cited_payload(row)) if has_support else (),
        disputed_in_words(event_payload(row), directory) if has_support else "",
        reports_label(cited_payload(row)) if has_support else "",
    )


def _texts(row: ListRow, directory: Directory) -> tuple[str, list[str], str]:
    """Return the title of a record, what it is and when, and its texts, one a line."""
    if row.id[0] == RecordKind.ESTIMATE:
        view = EstimateView(row, directory)
        said = (view.form.get(name, "") for name in ("printed_words", "population_text", "remark"))
        speaker = _("by {speaker}").format(speaker=view.said_by().striptags())
        return view.title, [*view.kick, speaker], "\n".join(filter(None, said))
    if row.id[0] == RecordKind.SOURCE:
        source = SourceView(row, directory)
        kick = [source.outlet.label, source.when, source.language]
        return source.form["title"], list(filter(None, kick)), source.form.get("title_en", "")
    event = EventView(row, directory, date.max)
    return event.form["title"], event.kick, event.form["summary"]


def entry_hit(found: FoundEntry, query: Query) -> Hit:
    entry, words = found.entry, words_marked(query)
    others = [name for name in entry.names if name != entry.label]
    text = _line_with_most(entry.text, query)
    if entry.kind in {"places", "outlets"}:
        text = enumerate_words(others[:6])
    return Hit(
        entry.code,
        entry.address,
        highlight(entry.label, words),
        [entry.kick],
        highlight(text, words),
        found.score,
        is_record=False,
    )


def _line_with_most(text: str, query: Query) -> str:
    """Return the line with most parts of a query, whole: half an article may say the opposite."""
    return max(
        text.splitlines(),
        key=lambda line: sum(has_marks(line, _words_of(part)) for part in query.wanted),
        default="",
    )


# Cards ------------------------------------------------------------------------------------------


MAX_CARDS = 2


def cards_of(
    db: Session, edition: IndexedEdition, query: Query, directory: Directory
) -> list[Card]:
    """Return the cards of what the words name, in the order of the words.

    They say nothing if the query asks for more: then its results are what is asked for.
    """
    named = dict.fromkeys(
        (key, code)
        for part in query.wanted
        if part.kind is PartKind.NAME
        for key, code in part.terms
        if key in CARD_KEYS and code in directory.named_records[key]
    )
    is_said = not _asks_for_more(query, edition)
    return [
        card_of(db, edition, key, code, directory, is_said=is_said)
        for key, code in list(named)[:MAX_CARDS]
    ]


GENERIC = frozenset(stems("worker labourer laborer people rules"))
"""Words that ask for what a card says."""


def _asks_for_more(query: Query, edition: IndexedEdition) -> bool:
    """Whether a query has other words than a name and what the card of one is about."""
    people = [("nationality", code) for code in people_of(edition)]
    return not all(
        any(term[0] in CARD_KEYS or term in people for term in part.terms)
        or GENERIC.issuperset(stems(part.words))
        for part in query.wanted
    )


# Words that nothing has --------------------------------------------------------------------------


def _missing(ranking: Ranking, typed: str, part: QueryPart) -> WordResult:
    def link(word: str) -> PageLink:
        instead = SearchFilters.made_of({"q": [typed.replace(part.words, word)]}, {})
        return PageLink(word, with_filters(url("search"), instead))

    words = nearest_words(ranking.db, ranking.edition, ranking.directory, part)
    return WordResult(part, [], list(map(link, words)))


# The page ---------------------------------------------------------------------------------------


HITS_PER_KIND = 5
ENOUGH_HITS = 5
"""With fewer hits for all words, those for some of the words follow."""
MAX_PARTIAL_HITS = 8


class HitGroup(NamedTuple):
    """The hits of one kind."""

    key: str
    title: str
    total: int
    list_address: str
    """Address of the filtered list; empty if the kind has none."""
    hits: Sequence[Hit]
    with_all: int = 0
    """How many have all of the words."""


class SearchResult(NamedTuple):
    """What a search found."""

    query: Query = Query()
    kinds: Sequence[HitGroup] = ()
    """All groups, in the order of the menu."""
    partial: Sequence[Hit] = ()
    """Hits with some of the words, if few have all."""
    missing: Sequence[WordResult] = ()
    """The parts of the query that nothing in the record has."""
    date: DateInQuery | None = None


RECORD_GROUPS = {
    RecordKind.EVENT: ("events", N_("Events")),
    RecordKind.ESTIMATE: ("estimates", N_("Estimates")),
    RecordKind.SOURCE: ("sources", N_("Sources")),
}
ENTRY_GROUPS = {
    **{name: FORMS[noun.kind].WORDS.title for name, noun in NAMED_LISTS.items()},
    "codebook": N_("Codebook"),
    "help": N_("Help"),
}
KIND_OF_LETTER = {kind.value: key for kind, (key, _title) in RECORD_GROUPS.items()}


def find(db: Session, edition: IndexedEdition, typed: str, directory: Directory) -> SearchResult:
    words, date = split_date(set_apart(typed))
    query = IndexSearch(db, directory).read(words)
    if date:
        printed = [SearchUnit(date.text, is_quoted=True)] if date.text else []
        in_days = QueryPart(date.words, [SearchUnit(date.words), *printed], PartKind.DATE)
        query = Query([*query.parts, in_days])
    ranking = Ranking(db, edition, directory, query, words, date.days if date else None)
    # No place or outlet has a date, so none has all of a query with one.
    entries = [
        each
        for each in entries_of(directory).find(query)
        if each.has_all
        or ranking.tells(each.parts)
        or any(each.entry.term in query.parts[number].terms for number in each.parts)
    ]
    kinds = [
        *_record_groups(ranking),
        *_entry_groups(entries, query, "" if date else words),
    ]
    if not query.parts:
        return SearchResult(query, kinds)
    full = sum(1 for group in kinds for hit in group.hits if hit.is_record)
    # A word is missing if a search for it alone finds nothing.
    missing = [
        _missing(ranking, typed, part)
        for part, count in zip(query.parts, ranking.counts, strict=True)
        if not (part.is_excluded or count or entries_of(directory).find(Query([part])))
    ]
    return SearchResult(
        query,
        kinds,
        _partial_hits(ranking) if full < ENOUGH_HITS else [],
        missing,
        date,
    )


LEADS = (
    (ASKS_FOR_SOURCES, SourceFilters, N_("Texts read in full on {place}"), {"has": ["full-text"]}),
    (
        ASKS_FOR_STATEMENTS,
        EventFilters,
        N_("Statements on {place}, newest first"),
        {"type": ["statement"], "sort": ["-happened"]},
    ),
)
"""The words of a question, and the list to which they lead."""


class SiteSearch(Dataset[SearchFilters]):
    """A search over everything. It is answered, but never stored, cached or logged."""

    name = "search"
    heading = N_("Search")
    filter_class = SearchFilters
    template = "site/search/page.html"
    endings = (".json",)
    route_class = APIRoute
    headers = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}

    def link(self, ending: str = "") -> str:
        return self.address_of(self.filters, ending)

    @property
    def words(self) -> str:
        return self.filters.one("q")

    @cached_property
    def direct(self) -> Direct | None:
        """What an id, or the address of a source, leads to."""
        return find_direct(self.db, self.edition, self.words, self.directory)

    @cached_property
    def is_too_common(self) -> bool:
        """Whether the words are in nearly every text, so that nothing is searched."""
        return not self.direct and is_too_common(parse(self.words, self.directory))

    @cached_property
    def _as_typed(self) -> SearchResult:
        if self.direct:
            return SearchResult(kinds=self._groups_of_direct(self.direct))
        if self.is_too_common:
            return SearchResult()
        return find(self.db, self.edition, self.words, self.directory)

    @cached_property
    def read_as(self) -> Mapping[str, str]:
        """Names of the record, by the word with a wrong letter, or with two in a long one.

        Any other word that nothing has stays absent, as does another country.
        """
        lexicon, found = lexicon_of(self.db, self.edition, self.directory), {}
        for part in (each.part for each in self._as_typed.missing):
            near = lexicon.nearest(part.words, 1)
            named = parse(near[0], self.directory).parts if near else ()
            if [each.kind for each in named] == [PartKind.NAME]:
                found[part.words] = near[0]
        return found

    @cached_property
    def found(self) -> SearchResult:
        """What the words find, misspelled names as they are read."""
        if not self.read_as:
            return self._as_typed
        words = self.words
        for typed, name in self.read_as.items():
            words = words.replace(typed, name)
        return find(self.db, self.edition, words, self.directory)

    @property
    def groups(self) -> list[HitGroup]:
        """Groups with hits, best first: those with all words, and what explains the site last."""
        found = (group for group in self.found.kinds if group.hits)
        return sorted(
            found,
            key=lambda group: (
                group.key in EXPLANATIONS,
                not group.with_all,
                -max(hit.score for hit in group.hits),
            ),
        )

    @cached_property
    def cards(self) -> Sequence[Card]:
        return cards_of(self.db, self.edition, self.found.query, self.directory)

    @property
    def date(self) -> str:
        """The date in the query, in words."""
        return self.found.date.in_words if self.found.date else ""

    @property
    def leads(self) -> list[PageLink]:
        """What a question asks for: to compare places, events of a time, texts, statements."""
        places = [card.view for card in self.cards if card.view.noun == RecordNoun.PLACE]
        found = []
        if len(places) > 1:
            compared = address_of_places([place.code for place in places])
            labels = conjunction(place.label for place in places)
            found.append(PageLink(_("Compare {places}").format(places=labels), compared))
        date = self.found.date
        if date and date.days.first and date.days.last:
            days = [[day.isoformat()] for day in (date.days.first, date.days.last)]
            period = dict(zip(EventFilters.PERIODS[0], days, strict=True))
            for place in places:
                events = EventFilters.made_of({"place": [place.code], **period}, {})
                matching = backend.match(self.db, self.edition, events, self.directory)
                label = _("{events} in {place}, {time}").format(
                    events=count_in_words(RecordKind.EVENT, matching.counts().total),
                    place=place.label,
                    time=date.in_words,
                )
                found.append(PageLink(label, address(events)))
        for asked, lists, label, filters in LEADS:
            for place in places if asked.search(self.words) else ():
                listed = lists.made_of({"place": [place.code], **filters}, {})
                found.append(PageLink(_(label).format(place=place.label), address(listed)))
        return found

    @property
    def literal_address(self) -> str:
        """Address of the search for exactly these words; empty if this is it."""
        literal = self._as_typed.query.literal
        if literal in {"", self.words}:
            return ""
        return self.address_of(self.filters.with_(q=literal))

    @property
    def hint(self) -> str:
        """What to type instead of words that were not searched."""
        return too_common(self.words) if self.is_too_common else ""

    @property
    def total(self) -> int:
        """Number of records and entries that have all of the words."""
        return sum(group.with_all for group in self.found.kinds)

    @property
    def is_without_result(self) -> bool:
        return bool(self.words) and not self.total and not self.is_too_common

    @property
    def missing(self) -> Sequence[WordResult]:
        return self._as_typed.missing

    @property
    def is_without_record(self) -> bool:
        """Whether only names, codes or help have the words."""
        records = {key for key, _title in RECORD_GROUPS.values()}
        found = {group.key for group in self.groups}
        return bool(self.total) and not found & records

    # An id, or the address of a source ------------------------------------------------------------

    def _groups_of_direct(self, direct: Direct) -> list[HitGroup]:
        hits = [record_hit(row, 1.0, Query(), self.directory) for row in direct.rows]
        if id := direct.citation:
            hits = [hit._replace(address=f"{hit.address}#{id}") for hit in hits]
        kinds = []
        for kind, (key, title) in RECORD_GROUPS.items():
            of_kind = [hit for hit in hits if hit.id[0] == kind]
            count = len(of_kind)
            kinds.append(HitGroup(key, _(title), count, "", of_kind, count))
        entries = [
            FoundEntry(entry, 1.0, [0], has_all=True)
            for entry in entries_of(self.directory).all
            if entry.term in direct.entries
        ]
        return [*kinds, *_entry_groups(entries, Query())]

    # JSON -----------------------------------------------------------------------------------------

    def file(self, request: Request, ending: str) -> Response:  # noqa: ARG002 - there is only JSON
        return json_response(request, self.as_json(request), self.edition)

    def as_json(self, request: Request) -> dict[str, Any]:
        hits = [(hit, group.key) for group in self.groups for hit in group.hits]
        hits += [(hit, KIND_OF_LETTER[hit.id[0]]) for hit in self.found.partial]
        hits.sort(key=lambda each: (each[1] in EXPLANATIONS, -each[0].score))
        return {
            "edition": self.edition.no,
            "query": self.filters.by_name(),
            "licence": app_state(request).settings.licence,
            "permalink": absolute_url(request, self.lasting_address),
            "total": self.total,
            "cards": [
                {"kind": GROUP_OF_NOUN[card.view.noun], "id": card.view.code} for card in self.cards
            ],
            "nearest": {
                each.part.words: [link.label for link in each.nearest]
                for each in self.found.missing
                if each.nearest
            },
            "read_as": self.read_as,
            "hint": self.hint,
            "missing": [each.part.words for each in self.missing],
            "also": {part.words: part.equivalents for part in self.found.query.also},
            "kinds": {
                group.key: {
                    "title": group.title,
                    "total": group.total,
                    "list": absolute_url(request, group.list_address)
                    if group.list_address
                    else None,
                }
                for group in self.found.kinds
            },
            "best": [
                {
                    "kind": kind,
                    "id": hit.id,
                    "title": hit.title.striptags(),
                    "what": list(hit.kick),
                    "text": hit.text.striptags(),
                    "page": absolute_url(request, hit.address),
                }
                for hit, kind in hits
            ],
        }


def _record_groups(ranking: Ranking) -> Iterable[HitGroup]:
    for kind, (key, title) in RECORD_GROUPS.items():
        total = len(ranking.with_all(kind))
        is_list = total and not ranking.has_printed_dates(kind)
        listed = address(ranking.filters(kind)) if is_list else ""
        hits = _hits(ranking, ranking.rank(kind, HITS_PER_KIND, is_partial=False))
        yield HitGroup(key, _(title), total, listed, hits, total)


def _hits(ranking: Ranking, ranked: Sequence[RankedRow]) -> list[Hit]:
    rows = backend.rows_by_seq(ranking.db, [each.seq for each in ranked])
    parts, directory = ranking.query.parts, ranking.directory
    cited = {each["source"] for row in rows.values() for each in form_of(row).get("citations", ())}
    sources = backend.rows_by_id(ranking.db, ranking.edition, sorted(cited))
    return [
        record_hit(
            rows[each.seq],
            each.score,
            Query([parts[at] for at in each.parts]),
            directory,
            sources,
        )._replace(lacks=_words_lacking(ranking.query, each))
        for each in ranked
        if each.seq in rows
    ]


def _words_lacking(query: Query, row: RankedRow) -> str:
    parts = [part for number, part in enumerate(query.parts) if number not in row.parts]
    return enumerate_words(f"“{part.words}”" for part in parts if not part.is_excluded)


def _partial_hits(ranking: Ranking) -> list[Hit]:
    ranked = [row for kind in LISTS for row in ranking.rank(kind, HITS_PER_KIND, is_partial=True)]
    ranked = sorted(ranked, key=lambda row: -row.score)[:MAX_PARTIAL_HITS]
    return _hits(ranking, ranked)


def _entry_groups(found: Sequence[FoundEntry], query: Query, words: str = "") -> Iterable[HitGroup]:
    """Yield the groups of entries. `words`: the query by which their lists find the same."""
    for key, title in ENTRY_GROUPS.items():
        those = of_kind(found, key)
        hits = [entry_hit(each, query) for each in those[:HITS_PER_KIND]]
        with_all = sum(each.has_all for each in those)
        listed = ""
        if those and words and key in GROUP_OF_NOUN.values():
            listed = with_filters(url(key), SearchFilters.made_of({"q": [words]}, {}))
        yield HitGroup(key, _(title), len(those), listed, hits, with_all)
