"""Wordings of actors without a page, grouped by likeness, with the actor each group may mean."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from sqlalchemy import func, select, true

from app.desk.approved.models import Record, rows_of_document
from app.desk.draft_form.catalogue import Catalogue
from app.record.search import plain_text
from app.vocabulary.actors import ActorKind
from app.vocabulary.events import TermKey
from app.vocabulary.kinds import CITING_KINDS

MIN_LIKENESS = 0.84
"""How alike two wordings must be, from 0 to 1, for difflib."""
MAX_WORDINGS = 500
"""The most frequent wordings that are compared: their number grows with the square."""
MAX_RECORDS = 8
"""Records linked beside one wording."""
SMALL_WORDS = frozenset({"the", "a", "an", "of", "in", "for", "and", "s", "to", "said"})


@dataclass(frozen=True)
class Wording:
    """What sources call an actor, and the records in which no actor is chosen for it."""

    text: str
    records: Sequence[str]


@dataclass(frozen=True)
class WordingGroup:
    """Wordings that look like one, most frequent first, and the code of an actor like them."""

    wordings: Sequence[Wording]
    suggested: str

    @property
    def count(self) -> int:
        return sum(len(wording.records) for wording in self.wordings)

    @property
    def records(self) -> list[str]:
        return list(dict.fromkeys(id for wording in self.wordings for id in wording.records))


def wording_groups(catalogue: Catalogue) -> list[WordingGroup]:
    """Return the groups, those with a suggestion or several wordings first."""
    wordings = _wordings_without_actor(catalogue)
    known = _known_wordings(catalogue)
    groups = [
        WordingGroup(
            sorted(group, key=lambda each: (-len(each.records), each.text)),
            _suggested(catalogue, group, known),
        )
        for group in _alike(wordings)
    ]
    return sorted(
        groups,
        key=lambda group: (not group.suggested, len(group.wordings) == 1, -group.count),
    )


def _wordings_without_actor(catalogue: Catalogue) -> list[Wording]:
    records: dict[str, list[str]] = defaultdict(list)
    for printed, code, id in _printed_actors(catalogue):
        if not code and id not in records[printed]:
            records[printed].append(id)
    found = [Wording(printed, ids) for printed, ids in records.items()]
    return sorted(found, key=lambda each: -len(each.records))[:MAX_WORDINGS]


def _printed_actors(catalogue: Catalogue) -> Iterable[tuple[str, str, str]]:
    """Return wording, code and record of each actor that a record names in a source's words."""
    terms = rows_of_document(Record.document["terms"])
    term = terms.c.value
    statement = (
        select(term["printed"].astext, func.coalesce(term["code"].astext, ""), Record.id)
        .select_from(Record)
        .join(terms, true())
        .where(
            Record.kind.in_(CITING_KINDS),
            term["key"].astext == TermKey.ACTOR,
            term.has_key("printed"),
        )
    )
    return catalogue.db.execute(statement.order_by(func.length(Record.id), Record.id)).all()


def _known_wordings(catalogue: Catalogue) -> dict[str, str]:
    """Return codes by names of actors, and by wordings that mean one actor elsewhere."""
    codes: dict[str, set[str]] = defaultdict(set)
    for printed, code, _id in _printed_actors(catalogue):
        if code:
            codes[_key(printed)].add(code)
    known = {key: one for key, meant in codes.items() if len(meant) == 1 for one in meant}
    for actor in catalogue.directory.actors.values():
        known |= {_key(name.text): actor.code for name in actor.names}
    return known


def _suggested(catalogue: Catalogue, group: Iterable[Wording], known: Mapping[str, str]) -> str:
    """Return the only actor that the wordings may mean.

    A company is suggested by its exact name only: a firm without a name must not be given one.
    """
    codes: set[str] = set()
    actors = catalogue.directory.actors
    for wording in group:
        key = _key(wording.text)
        if key in known:
            codes.add(known[key])
            continue
        codes |= {
            code
            for other, code in known.items()
            if code in actors
            and actors[code].kind is not ActorKind.COMPANY
            and _likeness(key, other) >= MIN_LIKENESS
        }
    return codes.pop() if len(codes) == 1 else ""


def _alike(wordings: Sequence[Wording]) -> list[list[Wording]]:
    """Return the wordings in groups, each with at least one other that is like it."""
    keys = [_key(wording.text) for wording in wordings]
    groups: list[list[int]] = []
    for number, key in enumerate(keys):
        near = [
            group
            for group in groups
            if any(_likeness(key, keys[other]) >= MIN_LIKENESS for other in group)
        ]
        groups = [group for group in groups if group not in near]
        groups.append([*(other for group in near for other in group), number])
    return [[wordings[number] for number in group] for group in groups]


def _key(text: str) -> str:
    """Return the words of a wording in one form, sorted and without small words."""
    words = plain_text(text).replace("’", "'").replace("'s", " ").split()
    return " ".join(sorted(word.strip(".,") for word in words if word not in SMALL_WORDS))


def _likeness(one: str, other: str) -> float:
    if one == other:
        return 1
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < MIN_LIKENESS or matcher.quick_ratio() < MIN_LIKENESS:
        return 0
    return matcher.ratio()
