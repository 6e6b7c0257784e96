"""An estimate in words: amount, measure, place, time, speaker and conflicting estimates."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from markupsafe import Markup, escape

from app.dates.wording import in_words
from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _, inside, ngettext
from app.kinds.terms import names_place
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.names.quantity import BOUNDS, amount, measure_in_words, quantity
from app.record.names.status_labels import Age, age
from app.record.names.support_labels import disputed_in_words, kind_of_speaker
from app.record.payloads import EstimatePayload, Stored, form_of
from app.record.sql.rows import ListRow
from app.site.components.headcounts import (
    is_stock,
    month_of,
    nationalities,
    possible_days,
    where_people_are,
    words_of_range,
)
from app.site.components.text import insert, link
from app.site.components.urls import (
    PageLink,
    place_page_address,
)
from app.site.presenters.record import RecordView
from app.vocabulary.citations import Attribution, Stance, speaker_group
from app.vocabulary.estimates import (
    MOVEMENTS,
    Counts,
    EstimateLink,
    FigureForm,
    FigureRole,
    InferredTime,
    Nature,
    Population,
    Unit,
    WholeOrPart,
)
from app.vocabulary.events import Role, TermScope
from app.vocabulary.support import ClaimCertainty, Corroboration


class EstimateView(RecordView):
    """One estimate in words, for lists, tables, charts, pages and previews."""

    def __init__(self, row: ListRow | Version, directory: Directory, at: str = "") -> None:
        """The measure may be as seen from a place (`at`)."""
        super().__init__(row, directory)
        self.at = at

    # The number and what it measures --------------------------------------------------------------

    @cached_property
    def amount(self) -> str:
        """Only the number: "more than 20,000"."""
        return self._marked(amount(self.form))

    @cached_property
    def words(self) -> str:
        """The number with unit and rate: "12,000–15,000 visas a year"."""
        return self._marked(quantity(self.form))

    @property
    def title(self) -> str:
        words = _("{figure}: {what}, {where}").format(
            figure=self.words, what=inside(self.counts), where=self.where
        )
        return words[:1].upper() + words[1:]

    def _marked(self, words: str) -> str:
        # Early editions have a field for a number that no source prints.
        if self.form.get("printed", True) and not self.remark.startswith(OUR_SUM):
            return words
        # l10n: a number that the editors added up
        return _("{amount} (our sum)").format(amount=words)

    @property
    def numbers(self) -> dict[str, Decimal]:
        """Low, point and high, as far as reported."""
        return {
            name: Decimal(str(value))
            for name in BOUNDS
            if (value := self.form.get(name)) is not None
        }

    @property
    def as_printed(self) -> str:
        """Wording in the source; empty if `amount` contains it."""
        words: str = self.form.get("printed_words", "")
        return "" if words.casefold() in self.amount.casefold() else words

    @cached_property
    def counts(self) -> str:
        """Measure and nature: "Arrivals, planned"."""
        return measure_in_words(self.form, where_people_are(self.form, {self.at}))

    @cached_property
    def nature(self) -> Nature:
        return Nature(self.form.get("nature", Nature.OBSERVED))

    @cached_property
    def is_plan(self) -> bool:
        """Whether it is planned, a forecast or a number in a rule, that is, not observed."""
        return self.nature is not Nature.OBSERVED

    @cached_property
    def with_nature(self) -> str:
        """The number as a chart names it: "up to 50,000, forecast"."""
        nature = inside(_(self.nature.label))
        # l10n: a number that nobody observed, and what it is instead
        words = _("{amount}, {nature}") if self.is_plan else "{amount}"
        return words.format(amount=self.amount, nature=nature)

    @property
    def is_part(self) -> bool:
        """Whether it counts only some of the people present. Past editions don't say so."""
        return is_stock(self.form) and self.payload.get("coverage") == WholeOrPart.PART

    @cached_property
    def population(self) -> str:
        """Whom it counts; of a share, with its whole."""
        population = Population(self.form["population"])
        counted = Unit(self.form["unit"]) if population is Population.THINGS else population
        words = self.form.get("population_text") or _(counted.label)
        whole = self.form.get("share_of")
        # l10n: a share and its whole
        return _("{part}, of {whole}").format(part=words, whole=whole) if whole else words

    @property
    def nationalities(self) -> str:
        """The nationalities counted, in words."""
        codes = nationalities(self.form)
        return enumerate_words(self.directory.label("nationality", code) for code in codes)

    @property
    def whom(self) -> str:
        """The population with its nationality, where its words do not name it."""
        unnamed = dict.fromkeys(
            scope_in_words(label, term.get("scope", ""))
            for term in self.form["terms"]
            if term["key"] == "nationality" and term.get("code")
            if (label := self.directory.label("nationality", term["code"])).casefold()
            not in self.population.casefold()
        )
        if not unnamed:
            return self.population
        # l10n: the people counted, and their nationality
        return _("{population} ({nationality})").format(
            population=self.population, nationality=enumerate_words(unnamed)
        )

    @cached_property
    def on_chart(self) -> str:
        """The words of its mark in a chart, for those who point at it or hear it."""
        figure = self.with_nature if self.is_plan else self.words
        if self.is_part:
            figure = _("{figure}, only a part of the people").format(figure=figure)
        return _("{figure}, {time}, {who}").format(figure=figure, time=self.time, who=self.speaker)

    # When and where -------------------------------------------------------------------------------

    @property
    def time(self) -> str:
        # A plan or rule needs no time.
        missing = _("No date given") if self.is_plan else _("Date not known")
        return time_in_words(self.payload) or missing

    @property
    def kick(self) -> list[str]:
        """Whom it counts and when, above its title."""
        return [self.population, self.time]

    @property
    def when(self) -> str:
        """Its time within a sentence; the date of a plan may be that of the report."""
        is_forecast = self.nature is Nature.FORECAST
        is_plain = not self.is_as_of or (self.is_plan and not is_forecast)
        if is_plain or not time_in_words(self.payload):
            return self.time
        if is_forecast:
            # l10n: the time that a forecast is for
            message = _("for {time}")
        elif (
            self.form["counts"] in MOVEMENTS
            and self.form.get("form", FigureForm.NUMBER) == FigureForm.NUMBER
            and not self.form.get("per")
        ):
            # l10n: the date of a total since an unknown start
            message = _("in all by {time}")
        else:
            message = _("as of {time}")
        return message.format(time=self.time)

    @property
    def time_as_printed(self) -> str:
        return str(self.form.get("as_of_text", "") or self.form.get("period_text", ""))

    @property
    def is_as_of(self) -> bool:
        """Whether it has a date; if not, it has a period or no known time."""
        return bool(self.form.get("as_of"))

    @property
    def time_label(self) -> str:
        if not self.is_as_of:
            return _("Period")
        if self.nature is Nature.FORECAST:
            return _("For")
        return _("Date") if self.is_plan else _("As of")

    @property
    def inferred_reason(self) -> str:
        """How we know a part of its time that the source does not give."""
        return str(self.form.get("inferred_reason", ""))

    @cached_property
    def places(self) -> list[PageLink]:
        """Its places, without those that are only pictured."""
        implied_roles = IMPLIED_ROLES.get(Counts(self.form["counts"]), {Role.AT})
        return [
            _place_link(term, Role(term["role"]) in implied_roles, self.directory)
            for term in self.form["terms"]
            if names_place(term)
        ]

    @property
    def where(self) -> str:
        return enumerate_words(place.label for place in self.places)

    @property
    def is_of_several_places(self) -> bool:
        """Whether it is one number for several places."""
        roles = {term["role"] for term in self.form["terms"] if term["key"] == "place"}
        return len(self.places) > 1 and len(roles) == 1

    # Who says so ----------------------------------------------------------------------------------

    @cached_property
    def citation(self) -> Stored | None:
        """The citation whose speaker is shown: the first supporting or mentioning one."""
        citations: list[Stored] = [
            each for each in self.form.get("citations", []) if not each.get("about")
        ]
        # Who denies a number is not its speaker.
        for stance in (Stance.SUPPORTS, Stance.MENTIONS):
            if found := next((c for c in citations if c["stance"] == stance), None):
                return found
        return None

    @property
    def paraphrase(self) -> str:
        return str(self.citation["paraphrase"]) if self.citation else ""

    @cached_property
    def chain(self) -> Sequence[Stored]:
        return self.citation["chain"] if self.citation else []

    @cached_property
    def is_altered(self) -> bool:
        """Whether the outlet that was read changed it, so that the first speaker did not say it."""
        return any(link["type"] == EstimateLink.ALTERS for link in self.form.get("links", []))

    @cached_property
    def speaker(self) -> str:
        """The first speaker. If an outlet changed it, the outlet, and whom it names for it."""
        if not self.chain:
            return _("No speaker cited")
        outlets = enumerate_words(self.read_in)
        speaker = outlets if self._speaks_itself else self._speaker_words(self.chain[0])
        if not self.is_altered or not outlets:
            return speaker
        return _("{outlet}, quoting {speaker}").format(outlet=outlets, speaker=speaker)

    @property
    def _speaks_itself(self) -> bool:
        """Whether what was read is the speaker: its own voice."""
        first = self.chain[0]
        is_own_voice = first["attribution"] == Attribution.OWN_VOICE and not _is_described(first)
        return bool(is_own_voice and self.read_in)

    def _speaker_words(self, step: Stored) -> str:
        if step.get("outlet"):
            return self.directory.label("outlet", step["outlet"])
        if words := step.get("words"):
            attributed = _("not attributed (“{words}”)").format(words=words)
            return words if _is_described(step) else attributed
        return _(Attribution(step["attribution"]).label)

    @property
    def speaker_kind(self) -> str:
        """Empty if `speaker` is the kind itself."""
        if not self.chain or self.is_altered or not _is_described(self.chain[0]):
            return ""
        return kind_of_speaker(self.chain[0]["attribution"], self.chain[0].get("named"))

    @cached_property
    def speaker_group(self) -> str:
        if not self.chain or self.is_altered:
            return "out"
        return speaker_group(self.chain[0]["attribution"], self.chain[0].get("named"))

    def said_by(self, address: str = "") -> Markup:
        """Return the speaker, perhaps linked, the outlet that was read, and how many others."""
        # A name or description, not a kind of speaker.
        is_name = self.chain and (_is_described(self.chain[0]) or self._speaks_itself)
        speaker = self.speaker if is_name else inside(self.speaker)
        outlets = enumerate_words(self.read_in)
        attribution = self.chain[0]["attribution"] if self.chain else ""
        if attribution == Attribution.UNATTRIBUTED and outlets:
            speaker = _("{outlet}, which names nobody for it").format(outlet=outlets)
        said = link(speaker, address) if address else escape(speaker)
        for step in () if self.is_altered else self.chain[1:]:
            # l10n: who says so, and who passed it on to the outlet that was read
            whom = self._speaker_words(step)
            said = insert(_("{speaker}, via {whom}"), speaker=said, whom=whom)
        if outlets and outlets not in speaker:
            # l10n: who says so, and the outlet that was read
            said = insert(_("{speaker}, in {outlet}"), speaker=said, outlet=outlets)
        if not (others := self.other_origins):
            return said
        # l10n: who says so, and how many others say so without having it from them
        message = ngettext(
            "{{speaker}}, and {count} other source",
            "{{speaker}}, and {count} other sources",
            others,
        )
        return insert(message, speaker=said)

    @property
    def is_unseen_document(self) -> bool:
        """Whether the speaker is a document that the editors know from a report only."""
        is_documented = Corroboration.DOCUMENTED in self.payload["corroboration"]
        return self.speaker_group == "doc" and not is_documented

    @cached_property
    def read_in(self) -> dict[str, None]:
        """The outlets in which what the speaker says was read, without those of other speakers.

        In past editions, the sources, if there are several.
        """
        codes = self.payload["outlets"]
        outlets = self.payload.get(
            "outlet_of",
            dict.fromkeys(self.payload["sources"], codes[0]) if len(codes) == 1 else {},
        )
        return dict.fromkeys(
            self.directory.label("outlet", outlets.get(each["source"], each["source"]))
            for each in self.form.get("citations", [])
            if self.citation
            and each["stance"] == self.citation["stance"]
            and self._speaker_words(each["chain"][0]) == self._speaker_words(self.chain[0])
            # What begins elsewhere is counted among the other sources.
            and all(
                (each["id"] in origin["citations"]) == (self.citation["id"] in origin["citations"])
                for origin in self.payload["origins"]
            )
        )

    @property
    def other_origins(self) -> int:
        """Number of sources that support it independently of the speaker."""
        return max(len(self.payload["origins"]) - 1, 0)

    # How sure -------------------------------------------------------------------------------------

    @cached_property
    def conflicts(self) -> list[str]:
        """Ids of estimates that it conflicts with by the rule."""
        return [id for id in self.payload["conflicts"] if id not in self.misfits]

    @cached_property
    def misfits(self) -> list[str]:
        """Ids of estimates that do not fit with it in the editors' judgement."""
        return list(self.payload.get("marked_conflicts", []))

    @cached_property
    def differs(self) -> list[str]:
        return list(self.payload["differs"])

    @cached_property
    def disputed(self) -> str:
        """What is disputed, and who gives which other value; empty if nothing is."""
        ids = {id for ids in self.payload["disputed"].values() for id in ids}
        # l10n: who gives which other value
        values = dict.fromkeys(
            _("{speaker}: {value}").format(
                speaker=self._speaker_words(each["chain"][0]), value=each["value"]
            )
            for each in self.form.get("citations", [])
            if each.get("id") in ids and each.get("value")
        )
        words = disputed_in_words(self.payload, self.directory)
        # l10n: what is disputed, and the other values with their speakers
        message = _("{disputed} ({values})") if values else "{disputed}"
        return message.format(disputed=words, values="; ".join(values))

    @property
    def is_alleged(self) -> bool:
        """Whether no independent source states it firmly."""
        return bool(self.payload.get("certainty") == ClaimCertainty.ALLEGED)

    @property
    def role_code(self) -> FigureRole:
        return FigureRole(self.form.get("role", FigureRole.ORDINARY))

    @property
    def role(self) -> str:
        """Label of the role that the editors gave it; empty for ordinary estimates."""
        return "" if self.role_code is FigureRole.ORDINARY else _(self.role_code.label)

    @property
    def role_reason(self) -> str:
        return str(self.form.get("role_reason", ""))

    @property
    def remark(self) -> str:
        return str(self.form.get("remark", ""))

    @property
    def event(self) -> str:
        """Id of its event; empty if it has none."""
        return str(self.form.get("event", ""))


OUR_SUM = "No source prints this number"
"""How the remark on a number begins that the editors added up."""
INFERRED_TIMES = {
    InferredTime.YEAR: N_("{time} (year inferred by us)"),
    InferredTime.DAY: N_("{time} (day inferred by us)"),
    InferredTime.ALL: N_("{time} (date inferred by us)"),
}


def time_in_words(payload: EstimatePayload) -> str:
    """Return moment or period in words, marked if we inferred a part of it; "" if unknown."""
    time, inferred = payload["time_words"], payload["form"].get("inferred")
    if not time or not inferred:
        return time
    return _(INFERRED_TIMES[InferredTime(inferred)]).format(time=time)


SCOPES_IN_WORDS: dict[str, str] = {
    TermScope.MOSTLY: N_("mostly {name}"),
    TermScope.DESCRIBES: N_("{name} among others"),
}


def scope_in_words(name: str, scope: str) -> str:
    """Return a nationality with what its scope says: "mostly Haitian", "Haitian among others"."""
    words = SCOPES_IN_WORDS.get(scope)
    return _(words).format(name=name) if words else name


IMPLIED_ROLES = {Counts.ARRIVALS: {Role.AT, Role.TO}, Counts.DEPARTURES: {Role.AT, Role.FROM}}
"""Roles that the measure implies, such as "to" for arrivals. For other measures only "at"."""

PLACE_ROLES = {
    # l10n: a place after a measure, such as "people involved at Helong"
    Role.AT: N_("at {place}"),
    Role.FROM: N_("from {place}"),
    Role.TO: N_("to {place}"),
    Role.VIA: N_("through {place}"),
    Role.LIVED: N_("living in {place}"),
    Role.GATHERED: N_("gathered in {place}"),
}


def _place_link(term: Stored, is_implied: bool, directory: Directory) -> PageLink:
    code = term.get("code", "")
    name = directory.label("place", code) if code else term["printed"]
    label = name if is_implied else _(PLACE_ROLES[Role(term["role"])]).format(place=name)
    return PageLink(label, place_page_address(directory, code) if code else "")


def _is_described(step: Stored) -> bool:
    """Whether the source says who speaks: with “reportedly” alone it doesn't."""
    has_words = step.get("words") and step["attribution"] != Attribution.UNATTRIBUTED
    return bool(has_words or step.get("outlet"))


class Headline(NamedTuple):
    figures: Sequence[EstimateView]
    """The newest estimate, then the others of its month."""
    words: str
    time: str
    age: Age | None


def headline_view(
    rows: Sequence[ListRow | Version], on: date, directory: Directory, at: str = ""
) -> Headline:
    """Return the headline of estimates of one month, the newest one first."""
    figures = [EstimateView(row, directory, at) for row in rows]
    month = month_of(rows[0]) if len(rows) > 1 else ""
    return Headline(
        figures,
        words_of_range(rows),
        in_words(month) if month else figures[0].time,
        age(possible_days(form_of(rows[0])), on),
    )


BACKWARD_LABELS = {
    EstimateLink.PART_OF: N_("Includes"),
    EstimateLink.SUM_OF: N_("Is counted in"),
    EstimateLink.REMAINDER_OF: N_("Has the remainder"),
    EstimateLink.SHARE_OF: N_("Has the share"),
    EstimateLink.COMPARED_WITH: N_("Is compared with"),
    EstimateLink.ROUNDS: N_("Is rounded as"),
    EstimateLink.CORRECTS: N_("Is corrected by the same source to"),
    EstimateLink.REVISES: N_("Is replaced by the same speaker with"),
    EstimateLink.REPEATS: N_("Is repeated by"),
    EstimateLink.ALTERS: N_("Is repeated, with a change, as"),
    EstimateLink.CONFLICTS_WITH: N_("Conflicts, in the editors’ judgement, with"),
}
