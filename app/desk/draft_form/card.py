"""The compact view of a draft: at most nine fields, which say most of an entry.

Some are fields of the form that are moved up. Others set several of them, such as one
statement for title, summary and paraphrase; their names begin with `card.`, and each is shown only
where it can say exactly what the document says. All other fields follow below.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from app.desk.draft_form.advice import may_be_one
from app.desk.draft_form.catalogue import Catalogue, Match, figure_in_words
from app.desk.draft_form.date_reading import read_date
from app.desk.draft_form.fields import (
    CARD,
    Box,
    CardFields,
    DraftSheet,
    FieldChoice,
    Offer,
    mark_chosen,
    nationality_choices,
)
from app.documents import ROW, YES, Document, blank, clean, parts_of, set_text, value_at
from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _
from app.kinds import (
    ChainStep,
    EstimateForm,
    EventForm,
    Form,
    JoinedSources,
    SourceForm,
    Stage,
    Term,
)
from app.kinds.events import MAX_TITLE_CHARACTERS, PLANNABLE, UNKNOWN, UNSTATED
from app.record.names.quantity import BOUNDS
from app.record.rules.stages import limit_of_first_report
from app.vocabulary.citations import USUAL_NAMING, Attribution, Counting, Naming
from app.vocabulary.estimates import (
    CHANGES,
    COUNTS_OF_NOBODY,
    MOMENTARY,
    NATURES_OF_RULES,
    FigureForm,
    Nature,
    Unit,
)
from app.vocabulary.events import ENDS, NoNationality, Role, Side, Step, TermKey, TypeNature
from app.web.forms import with_prefix

WAS = f"{CARD}was."
"""Before the name of a field: what it held when the page was opened."""
OWN_VOICE = "O"
"""The letter of the outlet's own voice. It is in no list of speakers."""
NOBODY = "X"
"""The letter of a report that does not say from whom it has a statement. In no list, either."""
OTHER_SPEAKER = "other"
"""Chosen where no speaker of the report fits: the chain is then below, under “All fields”."""
PUBLIC_STEP = [name for name in ChainStep.model_fields if name != "exact_words"]

MODES: dict[type[Form], dict[str, str]] = {
    EventForm: {
        "on": N_("On"),
        "ongoing": N_("Ongoing on"),
        "now": N_("When it was published"),
        "since": N_("Since"),
        "until": N_("Until"),
        "due": N_("To be done by"),
        "unknown": N_("Not known"),
    },
    EstimateForm: {
        "usual": N_("On, in or over"),
        "now": N_("When it was published"),
        "since": N_("Since"),
        "until": N_("Until"),
        "unknown": N_("Not known"),
    },
}
TIMES: dict[type[Form], tuple[str, str]] = {
    EventForm: ("happened", "attested"),
    EstimateForm: ("period", "as_of"),
}
"""The field of a time that may be open at one end, and that of a moment."""


PER_CENT = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?) ?[%％]")
STATE = {Attribution.GOVERNMENT, Attribution.NAMED_OFFICIAL}
"""A minister and the ministry may be one speaker."""
SAME_WORDS = {
    "yes": (N_("Yes: one source"), Counting.ONE_VOICE, N_("One speaker, quoted in both reports.")),
    "no": (N_("No: two sources"), Counting.TWO_VOICES, N_("Another speaker, or another occasion.")),
    "unknown": (N_("I don’t know: count them once"), Counting.ONE_VOICE, N_("Perhaps the same.")),
}
"""Each answer, with the decision that it makes and its reason."""


@dataclass(frozen=True)
class CardSpeaker:
    """A speaker of the report: the letter, the words, and the chain that the letter enters."""

    letter: str
    label: str
    steps: Sequence[Document]


@dataclass(frozen=True)
class CardReport:
    """What a report says once for all of its entries."""

    source: str = ""
    published: str = ""
    speakers: Sequence[CardSpeaker] = ()
    places: Sequence[str] = ()
    """Its usual places: offered, never written, since a sentence may be about another."""
    nationality: str = ""
    usual: Sequence[Document] = ()
    """Its default terms as rows, each with a tick on every card."""
    approved: Collection[str] = ()
    """Ids of the citations that the record has already: nothing is asked about them."""

    def letter_of(self, chain: Sequence[Document]) -> str:
        """Return the letter whose chain this is; "" while nobody chose a speaker."""
        steps = public_steps(chain)
        for speaker in self.speakers:
            if public_steps(speaker.steps) == steps:
                return speaker.letter
        # “Another speaker” adds a blank step, too.
        is_chosen = any(map(any, steps)) or any(row[ROW] == key_of("other") for row in chain)
        return OTHER_SPEAKER if is_chosen else ""


def public_steps(chain: Sequence[Document]) -> list[list[str]]:
    return [[step.get(name, "") for name in PUBLIC_STEP] for step in chain]


def key_of(*parts: str) -> str:
    """Return the same row key for the same parts, so that a page that saves twice adds one row."""
    return hashlib.blake2s("/".join(parts).encode(), digest_size=4).hexdigest()


def term_row(key: str, code: str, role: str, printed: str = "") -> Document:
    row = blank(Term, key=key, code=code, role=role, printed=printed)
    return {ROW: key_of(key, code or printed, role), **row}


def is_plain(term: Document, key: str, role: str, printed: str = "", side: str = "") -> bool:
    """Whether a term says no more than its code and these texts."""
    said = blank(Term, key=key, code=term["code"], role=role, printed=printed, side=side)
    return {**term, ROW: ""} == {ROW: "", **said}


def _named(term: Document) -> tuple[str, str]:
    return term["key"], term["code"] or term["printed"]


def cited(document: Document, source: str) -> int | None:
    """Return the position of the citation of a report; None if it is not cited."""
    rows = enumerate(document.get("citations", ()))
    of_report = (at for at, row in rows if row["source"] == source and not row["about"])
    return next(of_report, None) if source else None


# Reading ----------------------------------------------------------------------------------------


def read(form: type[Form], document: Document, report: CardReport) -> CardFields:
    """Return what the compact fields of an event or estimate hold; other kinds have none."""
    if form not in MODES:
        return CardFields()
    texts: dict[str, str] = {}
    taken: set[str] = set()
    anchors: dict[str, str] = {}
    paths = text_paths(form, document, report)
    if paths:
        texts["statement"] = value_at(document, paths[0])
        anchors |= {
            path: "statement" for path in paths if value_at(document, path) == texts["statement"]
        }
    open_ended, moment = TIMES[form]
    if time := _read_time(form, document, report.published):
        texts["mode"], texts["when"] = time
        if not texts["when"] and (texts.get("statement") or document.get("quantifier")):
            # Without a date it is saved as one whose date is not known.
            texts["mode"] = "unknown"
        taken |= {open_ended, moment, *(["deadline"] if texts["mode"] == "due" else [])}
        anchors |= dict.fromkeys(taken, "when")
    places = _plain_places(document)
    texts["where"] = ", ".join(row["code"] for _at, row in places if row["code"])
    anchors |= {f"terms.{at}": "where" for at, _row in places}
    named = _of_key(document, TermKey.NATIONALITY)
    named = [each for each in named if each[1]["role"] != Role.EXEMPT]
    if (
        all(is_plain(row, TermKey.NATIONALITY, Role.TARGET) for _at, row in named)
        and len(named) < 2
    ):
        code = "".join(row["code"] for _at, row in named)
        texts["nationality"] = code or document.get("no_nationality", "")
        anchors |= {f"terms.{at}": "nationality" for at, _row in named}
        anchors["no_nationality"] = "nationality"
    if form is EventForm:
        doers = _doers(document)
        rows = [row for _at, row in doers] or [blank(Term, role="")]
        row, parts = rows[0], {(each["role"], each["side"]) for each in rows}
        if len(parts) == 1 and (not doers or all(map(_is_plain_doer, rows))):
            texts["by"] = ", ".join(each["code"] or each["printed"] for each in rows)
            texts["by.as"] = f"{row['role']}:{row['side']}" if row["role"] else ""
            anchors |= {f"terms.{at}.role": "by.as" for at, _row in doers}
            anchors |= {f"terms.{at}": "by" for at, _row in doers}
    for number, usual in enumerate(report.usual):
        found = [row for row in document["terms"] if _named(row) == _named(usual)]
        if all(is_plain(row, usual["key"], usual["role"], usual["printed"]) for row in found):
            texts[f"tick.{number}"] = YES if found else ""
    for at, name, other in same_words(document, report):
        texts[name] = _answer(document, at, other)
        anchors[f"citations.{at}.same"] = name
    for at, name in says_of(document, report):
        texts[name] = report.letter_of(document["citations"][at]["chain"])
        if texts[name] != OTHER_SPEAKER:
            anchors[f"citations.{at}.chain"] = name
    if (status := _status(form, document, report)) is not None:
        texts["status"] = status
        anchors["stages"] = "status"
    return CardFields(texts, frozenset(taken), anchors)


def says_of(document: Document, report: CardReport) -> Iterator[tuple[int, str]]:
    """Yield the citations of the report, each with the name of the field for who says it."""
    first = cited(document, report.source)
    for at, row in enumerate(document["citations"] if first is not None else ()):
        if row["source"] == report.source:
            yield at, "says" if at == first else f"says.{row[ROW]}"


def same_words(document: Document, report: CardReport) -> Iterator[tuple[int, str, CardSpeaker]]:
    """Yield citations whose speaker may be another report's, the asking field, and who."""
    for at, name in says_of(document, report):
        citation = document["citations"][at]
        [step, *_rest] = citation["chain"] or [blank(ChainStep)]
        for other in report.speakers if citation["id"] not in report.approved else ():
            both = (step, other.steps[0])
            words, others = (each["words"].casefold() for each in both)
            is_asked = (
                other.letter.startswith("=") and words != others and all(map(_is_named, both))
            )
            if is_asked and (
                {each["attribution"] for each in both} <= STATE or may_be_one(words, others)
            ):
                yield at, name.replace("says", "same"), other
                break


def _is_named(step: Document) -> bool:
    return (step["named"] or USUAL_NAMING.get(step["attribution"])) == Naming.NAMED


def _decision(citation: Document, other: CardSpeaker, answer: str) -> Document:
    """Return the decision that an answer makes. Readers see its reason."""
    _label, how, reason = SAME_WORDS[answer]
    member, id = citation["id"], other.letter.removeprefix("=")
    texts = {"how": how.value, "member": member, "other": id, "reason": _(reason)}
    return {ROW: key_of("same", member, id), **blank(JoinedSources, **texts)}


def _answer(document: Document, at: int, other: CardSpeaker) -> str:
    rows, citation = document["joined_sources"], document["citations"][at]
    return next((each for each in SAME_WORDS if _decision(citation, other, each) in rows), "")


def unanswered(form: type[Form], document: Document, report: CardReport) -> dict[str, str]:
    """Return errors for speakers of whom it is still to be decided whether they are one."""
    asked = same_words(document, report) if form in MODES else ()
    return {
        f"citations.{at}.same": _("Choose one of these.")
        for at, _name, other in asked
        if not _answer(document, at, other)
    }


def _status(form: type[Form], document: Document, report: CardReport) -> str | None:
    """Return the status that the report gives an event; None if the card can't say it."""
    at = cited(document, report.source)
    if form is not EventForm or at is None:
        return None
    if not document["stages"]:
        return ""
    [row, *others] = document["stages"]
    citation = document["citations"][at]
    is_plain = {**row, ROW: ""} == {**_stage(document, citation, row["step"], report), ROW: ""}
    return str(row["step"]) if is_plain and not others else None


def _stage(document: Document, citation: Document, step: str, report: CardReport) -> Document:
    """Return a status by a citation, at the time of the event.

    A day after the report is the one that it was planned or announced for. Without a day of its own
    a status has only that of its report: it was so by then.
    """
    day = document["attested"] or document["happened"].removesuffix("/..").removeprefix("../")
    reported = citation["said"] or report.published
    # Its words may be read later.
    day = read_date(day, reported).sole or day
    times = {"date": day}
    if not day or (step in PLANNABLE and limit_of_first_report(day, reported)):
        times = {"planned_for": day, "first_reported": reported}
        times |= {"date": UNKNOWN} if step in ENDS else {}
    row = blank(Stage, step=step, citation=citation["id"], **times)
    return {ROW: key_of("status", citation["id"]), **row}


def text_paths(form: type[Form], document: Document, report: CardReport) -> list[str]:
    """Return the fields that the statement fills in, while they say the same."""
    at = cited(document, report.source)
    paraphrase = [] if at is None else [f"citations.{at}.paraphrase"]
    return ["title", "summary", *paraphrase] if form is EventForm else paraphrase


def _read_time(form: type[Form], document: Document, published: str) -> tuple[str, str] | None:
    """Return how the card says a time; None if only “All fields” can."""
    open_ended, moment = TIMES[form]
    time = document[open_ended]
    if time and document[moment]:
        return None
    if published and document[moment] == published:
        return "now", published
    if time.endswith("/.."):
        return "since", time.removesuffix("/..")
    if time.startswith("../"):
        return "until", time.removeprefix("../")
    if form is EventForm:
        if not (time or document[moment]) and document["deadline"] not in {"", UNSTATED}:
            return "due", document["deadline"]
        return "ongoing" if document[moment] else "on", time or document[moment]
    unusual = {open_ended, moment} - {usual_time(document)}
    return None if document[unusual.pop()] else ("usual", time or document[moment])


def usual_time(document: Document) -> str:
    """Return the field that an estimate like this usually has its time in: `as_of` or `period`."""
    if document["nature"] in NATURES_OF_RULES:
        return "as_of"
    is_state = document["counts"] in MOMENTARY and document["nature"] in {"", Nature.OBSERVED}
    return "as_of" if is_state and document["form"] not in {*CHANGES, FigureForm.MEAN} else "period"


def _of_key(document: Document, key: str) -> list[tuple[int, Document]]:
    return [(at, row) for at, row in enumerate(document["terms"]) if row["key"] == key]


def _doers(document: Document) -> list[tuple[int, Document]]:
    """Return who ordered an event or carried it out; a role may be still to choose."""
    return [each for each in _of_key(document, TermKey.ACTOR) if each[1]["role"] in ("", *DOING)]


def _is_plain_doer(row: Document) -> bool:
    """Whether it says no more than a code or words, a role and a side."""
    words = "" if row["code"] else row["printed"]
    return is_plain(row, TermKey.ACTOR, row["role"], words, row["side"])


def _plain_places(document: Document) -> list[tuple[int, Document]]:
    """Return the places without more than a code; the blank row of a new draft is one of them."""
    places = _of_key(document, TermKey.PLACE)
    plain = [(at, row) for at, row in places if is_plain(row, TermKey.PLACE, Role.AT)]
    return plain if len(places) == 1 else [(at, row) for at, row in plain if row["code"]]


# Writing ----------------------------------------------------------------------------------------


def write(
    form: type[Form], document: Document, posted: Mapping[str, str], report: CardReport
) -> Document:
    """Return the document of a posted form with what its compact fields say."""
    typed = {name: clean(text) for name, text in with_prefix(posted, CARD).items()}
    if not typed or form not in MODES:
        return document
    document = deepcopy(document)
    if "was.when" in typed:
        # Only the card sends the time.
        _write_time(form, document, typed["was.mode"], typed["was.when"])
    status = _status(form, document, report)
    # What was not changed on the card may have been changed under “All fields”.
    changed = {name for name, text in typed.items() if text != typed.get(f"was.{name}", "")}
    if "statement" in typed:
        for path in text_paths(form, document, report):
            if value_at(document, path) == typed.get("was.statement", ""):
                set_text(document, path, typed["statement"])
    if "when" in typed:
        mode, when = typed["mode"], typed["when"].strip()
        if mode in {"now", "unknown"} and "when" in changed:
            # A date that was typed is never dropped.
            mode = next(iter(MODES[form]))
        elif mode == "now":
            when = report.published
        if typed.get("was.mode") == "due":
            document["deadline"] = ""
        _write_time(form, document, mode, when)
    terms = document["terms"]
    if "where" in changed:
        plain = [row for _at, row in _plain_places(document)]
        kept = {row["code"]: row for row in plain if row["code"]}
        names = list(dict.fromkeys(parts_of(typed["where"])))
        new = [term_row(TermKey.PLACE, n, Role.AT) for n in names if n not in kept]
        blanks = [] if names else [row for row in plain if not row["code"]]
        gone = [row for row in plain if row["code"] not in names and row not in blanks]
        terms = [*new, *(row for row in terms if row not in gone)]
    if "nationality" in changed:
        answer = typed["nationality"].strip()
        is_none = answer in NoNationality.by_code()
        terms = _with_nationality(terms, "" if is_none else answer)
        if form is EventForm:
            document["no_nationality"] = answer if is_none else ""
    if changed & {"by", "by.as"}:
        now = {**read(form, document, report).texts, **typed}
        name, (role, _colon, side) = now["by"].strip(), now["by.as"].partition(":")
        others = [row for row in terms if all(row is not doer for _at, doer in _doers(document))]
        doer = term_row(TermKey.ACTOR, name, role) | {"side": side}
        terms = [*others, doer] if name or role else others
    for number, usual in enumerate(report.usual):
        is_ticked, was = bool(typed.get(f"tick.{number}")), typed.get(f"was.tick.{number}")
        if was is not None and is_ticked != bool(was):
            has = [row for row in terms if _named(row) == _named(usual)]
            if is_ticked and not has:
                terms = [*terms, usual]
            elif not is_ticked:
                terms = [row for row in terms if row not in has]
    document["terms"] = terms
    for position, name in says_of(document, report):
        if name in changed:
            _write_speaker(document["citations"][position], typed[name], report)
    for position, name, other in same_words(document, report):
        if typed.get(name) in SAME_WORDS:
            row = _decision(document["citations"][position], other, typed[name])
            others = [each for each in document["joined_sources"] if each[ROW] != row[ROW]]
            document["joined_sources"] = [*others, row]
    if changed & {"status", "mode", "when"} and "status" in typed:
        at = cited(document, report.source)
        if at is not None and status is not None:
            stage = _stage(document, document["citations"][at], typed["status"], report)
            document["stages"] = [stage] if typed["status"] else []
    if form is EstimateForm and document["counts"] in COUNTS_OF_NOBODY:
        # Money or time has no population: it is what the statement says.
        was, words = (typed.get(n, "").removesuffix(".") for n in ("was.statement", "statement"))
        if document["population_text"] in {"", was}:
            document["population_text"] = words
    for name in BOUNDS if form is EstimateForm else ():
        if found := PER_CENT.fullmatch(document[name].strip()):
            document[name] = str(Decimal(found[1]).scaleb(-2))
            document["unit"] = Unit.RATIO.value
    if document.get("unit") == Unit.RATIO and document["form"] == FigureForm.NUMBER:
        document["form"] = FigureForm.SHARE.value
    return document


def _with_nationality(terms: Sequence[Document], code: str) -> list[Document]:
    covered = (TermKey.NATIONALITY, Role.TARGET)
    others = [row for row in terms if (row["key"], row["role"]) != covered]
    return [*others, term_row(TermKey.NATIONALITY, code, Role.TARGET)] if code else others


def with_actor_read(catalogue: Catalogue, document: Document) -> Document:
    """Return a document whose actor on the card is in words where no record has the name.

    Whose part in a statement was not chosen made it.
    """
    type_, document = catalogue.code("type", document["type"]), deepcopy(document)
    for _at, row in _doers(document):
        if type_ and type_.nature is TypeNature.STATEMENT and not row["role"]:
            row["role"] = Role.SAYS.value
        name, several = row["code"].strip(), parts_of(row["code"])
        if not (name and _is_plain_doer(row)) or catalogue.meant("actor", name):
            continue
        if len(several) > 1 and all(catalogue.meant("actor", each) for each in several):
            row["code"], *others = several
            terms = [term_row(TermKey.ACTOR, each, row["role"]) for each in others]
            document["terms"] += [each | {"side": row["side"]} for each in terms]
        else:
            row |= {"code": "", "printed": name}
    return document


def _write_time(form: type[Form], document: Document, mode: str, when: str) -> None:
    open_ended, moment = TIMES[form]
    document[open_ended] = document[moment] = ""
    if mode == "unknown" or not when:
        return
    if mode == "usual":
        document[usual_time(document)] = when
    elif mode == "now":
        # Of an amount or a length, only a rate or a share is as of a day.
        is_amount = document.get("counts") in COUNTS_OF_NOBODY and usual_time(document) != moment
        is_plain = is_amount and not document["per"] and document["form"] != FigureForm.SHARE
        document[open_ended if is_plain else moment] = when
    elif mode == "due":
        document["deadline"] = when
    elif mode == "ongoing":
        document[moment] = when
    elif mode in {"since", "until"}:
        # A mark of the text may be open already, as “since 2006” is.
        when = when.removesuffix("/..").removeprefix("../")
        # What began in the 1980s began on some day of them.
        first, _slash, last = when.partition("/")
        begins = f"[{first}..{last}]" if last else when
        document[open_ended] = f"{begins}/.." if mode == "since" else f"../{last or when}"
    else:
        document[open_ended] = when


def _write_speaker(citation: Document, letter: str, report: CardReport) -> None:
    if letter != report.letter_of(citation["chain"]):
        chains: dict[str, Sequence[Document]] = {s.letter: s.steps for s in report.speakers}
        chains[OTHER_SPEAKER] = [{ROW: key_of("other"), **blank(ChainStep)}]
        if letter in chains:
            citation["chain"] = deepcopy([*chains[letter]])


# Showing ----------------------------------------------------------------------------------------

CARD_STEPS = (Step.PLANNED, Step.ANNOUNCED, Step.IN_FORCE, Step.ENDED, Step.DONE)
ESTIMATE_NUMBER = (
    ("counts", "papers_were", "nature"),
    ("quantifier", "point", "unit"),
    ("low", "high", "per", "form"),
    ("share_of", "printed_words"),
)
"""Beside each other, in the order of a sentence: about 2,000 people."""
DOING = (Role.ORDERS, Role.CARRIES_OUT, Role.SAYS)
TITLES = {
    "statement": N_("What it says"),
    "mode": N_("When"),
    "when": N_("Date"),
    "where": N_("Where"),
    "nationality": N_("Nationality"),
    "by": N_("By whom"),
    "by.as": N_("Its part"),
    "status": N_("Status"),
    "says": N_("Who says it"),
    "same": N_("The same words"),
}
DERIVED_FIELDS = ("derived_from.0.outlet", "derived_from.0.source", "derived_from.0.how")
SOURCE_FIELDS: tuple[tuple[str, ...], ...] = (
    ("outlet", "author"),
    ("published", "published_basis"),
    ("title", "title_basis"),
    ("title_en", "language"),
)


def card_of(sheet: DraftSheet, report: CardReport, *, is_change: bool) -> CardFields:
    """Return the compact fields of a draft; none for kinds without a card.

    That of a change for a report is about its citation.
    """
    form, document = sheet.form, sheet.document
    card, at = read(form, document, report), cited(document, report.source)
    rows: Iterable[Sequence[Box]] = ()
    if form is SourceForm:
        fields = [*SOURCE_FIELDS]
        fields += [("copies.0.extent", "copies.0.read_on")] if document["copies"] else []
        fields += [DERIVED_FIELDS] if document["derived_from"] else []
        rows = [[sheet.box_at(name) for name in names] for names in fields]
    elif is_change and at is not None and card.texts:
        asked = ("says", "same")
        says = {name: text for name, text in card.texts.items() if name.startswith(asked)}
        card = replace(card, texts=says, taken=frozenset())
        rows = CardMaker(sheet, report, card, at).of_citation()
    elif card.texts:
        rows = CardMaker(sheet, report, card, at).of_record()
    filled = [boxes for boxes in rows if boxes]
    shown = {box.path for boxes in filled for box in boxes}
    return replace(card, rows=filled, taken=card.taken | shown)


@dataclass(frozen=True)
class CardMaker:
    """Makes the compact fields of an event or estimate."""

    sheet: DraftSheet
    report: CardReport
    card: CardFields
    at: int | None
    """The position of the citation of the report."""

    # Layouts -------------------------------------------------------------------------------------

    def of_record(self) -> Iterator[Sequence[Box]]:
        sheet, texts = self.sheet, self.card.texts
        is_estimate = sheet.form is EstimateForm
        if "statement" in texts:
            yield [self._statement()]
        by = [*self._by()] if "by" in texts else []
        for names in ESTIMATE_NUMBER if is_estimate else [("type",)]:
            yield [*(sheet.box_at(name) for name in names), *by]
        status = [self._status()] if "status" in texts else []
        yield [*status, *(self._when() if "when" in texts else ())]
        population = [sheet.box_at("population")] if is_estimate else []
        yield [self._where(), *population, *self._whom()]
        yield from self._said()

    def of_citation(self) -> Iterator[Sequence[Box]]:
        yield from self._statement_of(self.at)
        yield [self.sheet.box_at(f"citations.{self.at}.happened")]
        yield from self._said()

    def _statement_of(self, at: int | None) -> Iterator[Sequence[Box]]:
        """Yield what a citation says, and what it supports: the record may say more."""
        sheet, path = self.sheet, f"citations.{at}"
        said = sheet.document.get("title") or enumerate_words(figure_in_words(sheet.document))
        hint = _("Does the report say all of “{title}”? If only a part, choose that under “About”.")
        stance = replace(sheet.box_at(f"{path}.stance"), hint=hint.format(title=said))
        asked = [n for n in ("kind", "reports_event") if n not in sheet.form.NOT_ASKED]
        yield [sheet.box_at(f"{path}.paraphrase")]
        yield [stance, *(sheet.box_at(f"{path}.{name}") for name in asked)]

    # Fields --------------------------------------------------------------------------------------

    def _box(self, name: str, kind: str, hint: str = "", title: str = "", **more: Any) -> Box:
        value = self.card.texts[name]
        box = Box(f"{CARD}{name}", title or _(TITLES[name]), hint, kind, value, **more)
        error = next(
            (why for path, why in self.sheet.errors.items() if self.card.anchor(path) == box.path),
            "",
        )
        if error and kind != "choice" and not value.strip():
            error = _("Fill this in.")
        return self.sheet.with_error(box, error)

    def _statement(self) -> Box:
        hint = _("In your own words, in at most {count} characters.")
        if self.sheet.form is EstimateForm:
            hint = _(
                "In at most {count} characters. Empty for people, if the fields say all of it."
            )
        hint = hint.format(count=MAX_TITLE_CHARACTERS)
        title = _("What happened") if self.at is None else _("What the report says")
        return self._box("statement", "long", hint, title, most=MAX_TITLE_CHARACTERS)

    def _when(self) -> list[Box]:
        mode, when = self.card.texts["mode"], self.card.texts["when"]
        choices = [FieldChoice(code, _(label)) for code, label in MODES[self.sheet.form].items()]
        reading = read_date(when, self.sheet.published)
        return [
            self._box("mode", "choice", choices=mark_chosen(choices, mode)),
            self._box("when", "date", reading=reading),
        ]

    def _where(self) -> Box:
        """Return the field of the places, separated by commas, each by any of its names."""
        box = self._box("where", "name", _("Separate values with commas."))
        if box.value:
            return self.sheet.with_names(box, "place", parts_of(box.value))
        catalogue = self.sheet.catalogue
        known = filter(None, (catalogue.meant("place", name) for name in self.report.places))
        matches = (catalogue.match("place", code) for code in known)
        return replace(box, offers=[Offer(f"set {box.path} {m.code}", m) for m in matches])

    def _whom(self) -> Iterator[Box]:
        catalogue, texts = self.sheet.catalogue, self.card.texts
        if "nationality" in texts:
            choices = nationality_choices(catalogue, self.sheet.form)
            # A sentence may be about nobody: that of the report is first, but not chosen.
            choices.sort(key=lambda each: each.code != self.report.nationality)
            marked = mark_chosen(choices, texts["nationality"])
            yield self._box("nationality", "choice", choices=marked)
        for number, usual in enumerate(self.report.usual):
            if f"tick.{number}" in texts:
                label = catalogue.directory.label(usual["key"], usual["code"])
                yield self._box(f"tick.{number}", "mark", title=label)

    def _by(self) -> Iterator[Box]:
        """Yield who did it, by a name, a city or the report's words, and in which role."""
        hint = _("Actors by name, or else the report’s own words. Empty if not stated.")
        box = self._box("by", "name", hint)
        name = box.value.strip()
        several = parts_of(name)
        is_list = any(self.sheet.catalogue.meant("actor", each) for each in several)
        said = [s.label for s in self.report.speakers if s.steps[0]["words"]]
        offers = [Offer(f"set {box.path} {words}", Match("", words)) for words in said]
        named = self.sheet.with_names(box, "actor", several if is_list else [name])
        yield named if name else replace(box, offers=offers)
        choices = [FieldChoice("", _("Choose one") if name else _("Not stated"))]
        for role in DOING:
            label = _(role.label)
            choices.append(FieldChoice(f"{role}:", label, label))
            for side in Side:
                words = _("{role}: {side}").format(role=label, side=_(side.label))
                choices.append(FieldChoice(f"{role}:{side}", words, label))
        marked = mark_chosen(choices, self.card.texts["by.as"])
        yield self._box("by.as", "choice", choices=marked)

    def _status(self) -> Box:
        steps = [FieldChoice(step.value, _(step.label)) for step in CARD_STEPS]
        choices = [FieldChoice("", _("Not said")), *steps]
        hint = _("Of a rule: whether the report has it as a plan, or as in force.")
        marked = mark_chosen(choices, self.card.texts["status"])
        return self._box("status", "choice", hint, choices=marked)

    def _said(self) -> Iterator[Sequence[Box]]:
        """Yield who says the statement, with its certainty, and each further statement."""
        # What a derived report passes on is another's: its own voice is chosen under “All fields”.
        unusual = OWN_VOICE if self.sheet.catalogue.parents(self.report.source) else ""
        other = FieldChoice(OTHER_SPEAKER, _("Another speaker, under “All fields”"))
        for at, name in says_of(self.sheet.document, self.report):
            chosen = self.card.texts[name]
            speakers = [
                FieldChoice(each.letter, each.label)
                for each in self.report.speakers
                if each.letter == chosen or each.letter != unusual
            ]
            choices = [replace(c, is_chosen=c.code == chosen) for c in (*speakers, other)]
            if at != self.at:
                yield from self._statement_of(at)
            says = self._box(name, "letters", title=_(TITLES["says"]), choices=choices)
            yield [says, self.sheet.box_at(f"citations.{at}.certainty")]
        for _at, name, speaker in same_words(self.sheet.document, self.report):
            answers = [FieldChoice(code, _(label)) for code, (label, *_how) in SAME_WORDS.items()]
            title = _("{speaker}: the same words?").format(speaker=speaker.label)
            marked = mark_chosen(answers, self.card.texts[name])
            yield [self._box(name, "choice", title=title, choices=marked)]
