"""A place, and what reports say of the number of people there, as sentences (rule 6)."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property

from markupsafe import Markup
from sqlalchemy.orm import Session

from app.dates.wording import in_words
from app.i18n.formats import alternatives, conjunction, enumerate_words
from app.i18n.translate import N_, _, inside
from app.record.filters import EstimateFilters, EventFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory, in_sentence
from app.record.payloads import form_of
from app.record.reads import measures
from app.record.rules.containment import parents_of
from app.record.sql.rows import ListRow
from app.site.components.headcounts import (
    RANGE_PERIOD,
    STOCK_FILTERS,
    headline,
    highest_number,
    is_stock_of,
    last_possible_day,
    month_of,
    newest_of_any_kind,
    newest_parts,
    newest_wholes,
    of_same_month,
    possible_days,
)
from app.site.components.headcounts import (
    nationalities as nationalities_of,
)
from app.site.components.links import NameView, names_in_scripts, short_names
from app.site.components.marks import CheckView, last_check
from app.site.components.text import insert
from app.site.components.urls import PageLink, page_link
from app.site.presenters.estimate import EstimateView
from app.site.presenters.page import NamedView
from app.vocabulary.estimates import Population, Quantifier
from app.vocabulary.kinds import RecordNoun
from app.vocabulary.record import SETTLEMENTS, PlaceKind

MAX_ESTIMATES = 200
"""Newest estimates of a place that are read. The list of estimates has all."""
MAX_WHOLES = 40
"""Of those for the whole of a place, where only the newest of them is shown."""


class PlaceView(NamedView):
    """A place of the directory. Templates read its properties."""

    noun = RecordNoun.PLACE

    @property
    def is_town(self) -> bool:
        return self.form.kind in SETTLEMENTS

    @property
    def names(self) -> list[NameView]:
        return names_in_scripts(self.form.names, self.directory)

    @property
    def short_names(self) -> Sequence[tuple[str, str]]:
        return short_names(self.directory, self.code)

    @cached_property
    def above(self) -> list[str]:
        """Codes of the places that contain it, nearest first, without the world."""
        return [
            code
            for code in parents_of(self.code, self.directory.places)
            if self.directory.kind_of_place(code) is not PlaceKind.WORLD
        ]

    @property
    def crumbs(self) -> list[PageLink]:
        return [page_link(self.directory, "place", code) for code in reversed(self.above)]

    @property
    def regions(self) -> list[PageLink]:
        """Regions that it is part of, without containing it administratively."""
        regions = (code for code in self.form.regions if code in self.directory.places)
        return [page_link(self.directory, "place", code) for code in regions]

    @property
    def detail(self) -> str:
        return enumerate_words(self.directory.label("place", code) for code in self.above)

    @property
    def where(self) -> str:
        """Its kind and location, such as "City in Liaoning, China"."""
        kind, around = self.kind, self.detail
        return _("{kind} in {place}").format(kind=kind, place=around) if around else kind

    @property
    def checked(self) -> CheckView | None:
        """The last check for news."""
        return last_check(self.code, self.directory)


def estimates_at(
    db: Session,
    edition: IndexedEdition,
    directory: Directory,
    codes: Iterable[str],
) -> list[ListRow]:
    """Return the newest estimates of exactly these places. Runs one SQL statement."""
    newest = newest_estimates(db, edition, directory, codes)
    return [*backend.rows_by_seq(db, newest).values()]


def newest_estimates(
    db: Session,
    edition: IndexedEdition,
    directory: Directory,
    codes: Iterable[str],
) -> Sequence[int]:
    """Return the `seq` of the newest estimates of exactly these places."""
    newest = backend.latest_rows(
        db,
        edition,
        EstimateFilters(),
        directory,
        most=MAX_ESTIMATES,
        having=[[("names", code) for code in codes]],
    )
    return newest.seqs


def wholes_at(
    db: Session, edition: IndexedEdition, directory: Directory, codes: Sequence[str]
) -> dict[str, list[ListRow]]:
    """Return the newest estimates for the whole of each place. Runs one SQL statement."""
    counted = EstimateFilters.made_of(STOCK_FILTERS.included, {})
    found = {
        code: backend.latest_rows(
            db, edition, counted, directory, most=MAX_WHOLES, having=[[("whole-at", code)]]
        ).seqs
        for code in codes
    }
    read = backend.rows_by_seq(db, [seq for seqs in found.values() for seq in seqs])
    return {code: [read[seq] for seq in seqs if seq in read] for code, seqs in found.items()}


# The number of people ----------------------------------------------------------------------------

# l10n: a number of people at a time: {start} and {end} are around the answer itself
COUNTED = N_("{start}{amount} {people} were in {place}{end} ({date}), by {speaker}.")
IN_WORDS = N_(
    "{start}The number of {people} in {place} was reported in words only: {amount}{end} ({date}), "
    "by {speaker}."
)
# l10n: {amounts} are those of one month by several speakers, with "or" before the last
DIFFERING = N_(
    "{start}In {date}, reports put the number of {people} in {place} at {amounts}{end}: {reports}."
)
NONE = N_("{start}No estimate in the record is for {place} itself.{end}")
ONLY_OTHERS = N_("{start}No estimate in the record counts all {people} in {place}.{end}")
AT_HOME = N_("{start}The record counts {people} who are abroad, not those in {place}.{end}")
PEOPLE = {
    Population.WORKERS: (N_("workers"), N_("{nationality} workers")),
    Population.NATIONALS: (N_("nationals"), N_("{nationality} nationals")),
    Population.MIGRANTS: (N_("migrants"), N_("{nationality} migrants")),
}
"""Whom an estimate for the whole counts, without and with a nationality."""
SAYS_NO_MORE = re.compile(
    r"((in|of) the (city|province|country|region)|abroad|(who are )?(still )?there)?"
)
"""What remains of a population's words if they say no more than the sentence."""


class PlaceAnswer:
    """How many people are in a place, by the newest estimate for the whole of it."""

    def __init__(
        self,
        db: Session,
        edition: IndexedEdition,
        directory: Directory,
        code: str,
        rows: Sequence[ListRow] | None = None,
    ) -> None:
        """`rows`: the newest estimates of the place, if they are read."""
        self.db, self.edition, self.directory, self.code = db, edition, directory, code
        self.on = edition.at.date()
        self.rows = estimates_at(db, edition, directory, [code]) if rows is None else rows
        # How many events are in the place and the places within it.
        here = EventFilters.made_of({"place": (code,)}, {})
        self.events = backend.match(db, edition, here, directory).counts()
        wholes = newest_wholes(self.rows, code)
        self.whole = headline(wholes)
        # Of several nationalities, that which the page is about.
        first = self._own(wholes) or self.whole
        self.others = [self.view(row) for row in wholes if row is not first]
        month = of_same_month(first, self.rows, code) if first else []
        # The newest estimate for the whole, then the others of its month.
        self.figures = [self.view(row) for row in month]

    @property
    def are_all(self) -> bool:
        """False if the place has more estimates than were read."""
        return len(self.rows) < MAX_ESTIMATES

    @cached_property
    def _recorded(self) -> list[str]:
        """The nationalities recorded here, the one with most records first."""
        found = Counter(dict(self.events.within.get("nationality", {})))
        found.update(code for row in self.rows for code in nationalities_of(form_of(row)))
        coded = {form.code for form in self.directory.codes.values() if form.list == "nationality"}
        return [code for code, count in found.most_common() if count and code in coded]

    @cached_property
    def chosen(self) -> list[str]:
        """The nationality to ask for rules of, where it is not that of the whole record."""
        known = self._recorded
        return [] if not known or {*measures.people_of(self.edition)} & {*known} else known[:1]

    @cached_property
    def nationalities(self) -> list[str]:
        """Those that the answer is about."""
        return self.chosen or measures.people_of(self.edition)

    @property
    def other_nationalities(self) -> list[str]:
        return [code for code in self._recorded if code not in self.nationalities]

    def _own(self, wholes: Iterable[ListRow]) -> ListRow | None:
        """Return the estimate of the people that the answer is about."""
        people = tuple(self.nationalities)
        return next((row for row in wholes if nationalities_of(form_of(row)) == people), None)

    def view(self, row: ListRow) -> EstimateView:
        return EstimateView(row, self.directory, at=self.code)

    @property
    def place(self) -> str:
        if self.directory.kind_of_place(self.code) is PlaceKind.WORLD:
            return _("all countries together")
        return in_sentence(self.directory.label("place", self.code))

    @property
    def is_home(self) -> bool:
        """Whether the people of the record are from here."""
        return self.directory.is_home_of(self.code, self.nationalities)

    @property
    def lead(self) -> Markup:
        """The answer, as one sentence."""
        if not self.figures:
            labels = [self.directory.label("nationality", each) for each in self.nationalities]
            people = _people(Population.WORKERS, conjunction(labels))
            none = ONLY_OTHERS if self.rows else NONE
            return self._sentence(AT_HOME if self.is_home else none, people=people)
        figure = self.figures[0]
        if len(self.figures) > 1:
            return self._sentence(
                DIFFERING,
                date=in_words(month_of(figure.row)),
                people=people_of(figure),
                amounts=alternatives(dict.fromkeys(each.amount for each in self.figures)),
                reports=Markup("; ").join(map(self._report, self.figures)),
            )
        amount = figure.amount
        is_number = figure.form["quantifier"] != Quantifier.WORDS
        return self._sentence(
            COUNTED if is_number else IN_WORDS,
            amount=amount[:1].upper() + amount[1:] if is_number else amount,
            people=people_counted(figure),
            date=figure.time,
            speaker=figure.said_by(figure.address),
        )

    @property
    def more(self) -> list[Markup]:
        """What a reader must know of the number before using it, as sentences."""
        return [*self.doubts, *self.beyond]

    @property
    def doubts(self) -> Iterator[Markup]:
        """Why a reader must doubt the number, as sentences."""
        if len(self.figures) == 1 and self.figures[0].is_alleged:
            yield self._sentence(N_("It is alleged: no report states it firmly."))
        for words in filter(None, dict.fromkeys(figure.disputed for figure in self.figures)):
            yield self._sentence("{red}{disputed}{end}.", disputed=words)
        shown = {figure.id for figure in self.figures}
        rivals = {id for figure in self.figures for id in figure.payload["conflicts"]} - shown
        for row in self.rows:
            if row.id in rivals:
                yield self._number(N_("{red}In conflict with it{end}: {number}."), row)

    @property
    def beyond(self) -> Iterator[Markup]:
        """What other numbers tell that the answer does not, as sentences."""
        yield from self._of_larger()
        if self.figures and self.figures[0].form.get("point") == 0:
            above = [row for row in self.rows if highest_number(row) > 0]
            for row in newest_wholes(above, self.code)[:1]:
                yield self._number(N_("The last number above zero: {number}."), row)
        last = last_possible_day(self.figures[0].form) if self.figures else None
        if last and last < self.on - RANGE_PERIOD:
            yield self._sentence(N_("The record has no newer number for the whole place."))
            yield from self._newest(last)
        for other in self.others:
            yield self._number(N_("Counted apart: {number}."), other.row)
        if self.figures:
            return
        yield from self._newest()
        if not (newest_of_any_kind(self.rows) or self.is_home):
            yield self._sentence(N_("That does not mean that nobody works there."))

    def _of_larger(self) -> Iterator[Markup]:
        """Yield the number of the nearest larger place that has one, if this place has none."""
        above = () if self.figures or self.is_home else PlaceView(self.code, self.directory).above
        found = wholes_at(self.db, self.edition, self.directory, above)
        for code in above:
            if row := self._own(newest_wholes(found[code], code)):
                label = in_sentence(self.directory.label("place", code))
                words = self._in_words(row, code)
                yield self._sentence(
                    N_("For {larger} as a whole: {number}."), larger=label, number=words
                )
                return

    def _newest(self, after: date | None = None) -> Iterator[Markup]:
        """Yield the newest number of some of the people, and of another kind, after a day."""
        of_any_kind = newest_of_any_kind(self.rows)
        for message, rows in (
            (
                N_("The newest number of some of them: {number}."),
                newest_parts(self.rows, self.code)[:1],
            ),
            (
                N_("The newest number of another kind: {number}."),
                [of_any_kind]
                if of_any_kind and not is_stock_of(form_of(of_any_kind), self.code)
                else [],
            ),
        ):
            for row in rows:
                first = possible_days(form_of(row)).first
                if after is None or (first and first > after):
                    yield self._number(message, row)

    def _report(self, figure: EstimateView) -> Markup:
        message = _("{speaker} ({amount})")
        if figure.is_alleged:
            # l10n: who gives which number, without stating it firmly
            message = _("{speaker} ({amount}, alleged)")
        amount = figure.amount
        if is_limited(figure):
            # l10n: a number, and whom alone it counts: "1,749 North Koreans who work legally"
            amount = _("{amount} {people}").format(amount=amount, people=figure.whom)
        return insert(message, amount=amount, speaker=figure.said_by(figure.address))

    def _number(self, message: str, row: ListRow) -> Markup:
        return self._sentence(message, number=self._in_words(row))

    def _in_words(self, row: ListRow, at: str = "") -> Markup:
        view = EstimateView(row, self.directory, at=at or self.code)
        is_here = is_stock_of(view.form, at or self.code)
        words = (
            _("{amount}, {whom}, {date}, by {speaker}")
            if is_here
            else _("{measure}: {amount}, {whom}, {date}, by {speaker}")
        )
        return insert(
            words,
            amount=view.words,
            measure=inside(view.counts),
            whom=view.whom,
            date=view.time,
            speaker=view.said_by(view.address),
        )

    def _sentence(self, message: str, **parts: str) -> Markup:
        red = Markup('<b class="dbt">')
        return insert(_(message), red=red, place=self.place, **parts)

    @property
    def text(self) -> str:
        """The answer without markup, for descriptions and previews."""
        return str(self.lead.striptags())


def people_of(figure: EstimateView) -> str:
    """Return whom an estimate for the whole counts: "North Korean workers"."""
    population = Population(figure.form["population"])
    return _people(population, figure.nationalities) if population in PEOPLE else figure.whom


def is_limited(figure: EstimateView) -> bool:
    """Whether the words for its population say more than `people_of`."""
    people = people_of(figure)
    rest = figure.population.removeprefix(people).removeprefix(people.split()[-1])
    return "population_text" in figure.form and not SAYS_NO_MORE.fullmatch(rest.strip())


def people_counted(figure: EstimateView) -> str:
    """Return whom it counts, within a sentence: "North Korean workers who stay officially"."""
    if not is_limited(figure):
        return people_of(figure)
    return f"{figure.whom}," if ", " in figure.whom else figure.whom


def _people(population: Population, nationality: str) -> str:
    alone, with_nationality = PEOPLE[population]
    return _(with_nationality).format(nationality=nationality) if nationality else _(alone)
