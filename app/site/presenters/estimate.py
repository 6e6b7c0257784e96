"""An estimate in words: amount, measure, place, time, speaker and conflicting estimates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.dates.wording import in_words
from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _
from app.kinds.terms import names_place
from app.record.filters import EstimateFilters
from app.record.models import Version
from app.record.names.age import Age, age
from app.record.names.directory import Directory
from app.record.names.measures import measure_in_words
from app.record.names.quantity import amount, quantity
from app.record.names.speaker_labels import kind_of_speaker
from app.record.payloads import (
    EstimatePayload,
    PublishedChainStep,
    PublishedCitation,
    PublishedEstimate,
    PublishedTerm,
    estimate_payload,
    form_of,
)
from app.record.sql.rows import ListRow
from app.site.components.headcounts import month_of, possible_days, where_people_are, words_of_range
from app.site.components.links import PlaceLink, place_link
from app.site.components.marks import disputed_fields
from app.site.components.urls import (
    PageLink,
    outlet_page_link,
    record_address,
)
from app.vocabulary.citations import Attribution, Stance
from app.vocabulary.estimates import (
    Counts,
    EstimateLink,
    FigureRole,
    InferredTime,
    Nature,
    Population,
)
from app.vocabulary.events import Role, TermScope
from app.vocabulary.speaker_groups import speaker_group
from app.vocabulary.support import ClaimCertainty, Corroboration

# View models -------------------------------------------------------------------------------------


class EstimateView:
    """One estimate in words, for lists, tables and charts."""

    def __init__(self, row: ListRow | Version, directory: Directory, at: str = "") -> None:
        """The measure may be as seen from a place (`at`)."""
        payload = estimate_payload(row)
        form = payload["form"]
        citation = shown_citation(form)
        chain = citation["chain"] if citation else []
        role = FigureRole(form.get("role", FigureRole.ORDINARY))
        places = estimate_places(Counts(form["counts"]), form["terms"], directory)
        is_altered = any(link["type"] == EstimateLink.ALTERS for link in form.get("links", []))
        read_in = _outlets_or_sources(payload, directory)
        marked = payload.get("marked_conflicts", [])
        population = _population(form)
        group = "out"
        if chain and not is_altered:
            group = speaker_group(chain[0]["attribution"], chain[0].get("named"))
        self.id = row.id
        self.address = record_address(row.id)
        # Only the number: "more than 20,000".
        self.amount = amount(form)
        # The number with unit and rate: "12,000–15,000 visas a year".
        self.words = quantity(form)
        # Wording in the source; empty if `amount` contains it.
        self.as_printed = _source_wording(form)
        # Measure and nature: "Arrivals, planned".
        self.counts = measure_in_words(form, where_people_are(form, {at}))
        self.population = population
        # The population with its nationality, where its words do not name it.
        self.whom = _whom(population, form["terms"], directory)
        self.time = time_in_words(payload) or _no_time(form)
        self.time_as_printed = form.get("as_of_text", "") or form.get("period_text", "")
        # Whether it has a date; if not, it has a period or no known time.
        self.is_as_of = bool(form.get("as_of"))
        # Whether its date is the day of the report of a plan or rule.
        self.is_told = bool(form.get("as_of")) and not _is_observed(form)
        # How we know a part of its time that the source does not give.
        self.inferred_reason = form.get("inferred_reason", "")
        self.places = places
        # Whether it is one number for several places.
        self.is_of_several_places = (
            len(places) > 1 and len({t["role"] for t in form["terms"] if t["key"] == "place"}) == 1
        )
        self.speaker = _first_speaker(chain, payload, directory, read_in if is_altered else ())
        self.speaker_kind = _speaker_kind(chain[0]) if chain and not is_altered else ""
        self.speaker_group = group
        # Whether the speaker is a document that the editors know from a report only.
        self.is_unseen_document = (
            group == "doc" and Corroboration.DOCUMENTED not in payload["corroboration"]
        )
        # The speakers after the first, towards the outlet that was read.
        self.via = [] if is_altered else [_speaker_words(step, (), directory) for step in chain[1:]]
        # Outlets of the supporting sources, or of all sources in past editions.
        self.read_in = read_in
        # Number of reports if they have it from others than the first, whose speaker is shown.
        self.reports = _differing_reports(form)
        # Whether `speaker` is a name or description, not a kind such as “learnt by the outlet”.
        self.names_speaker = bool(chain) and (
            _is_described(chain[0])
            or (chain[0]["attribution"] == Attribution.OWN_VOICE and len(payload["outlets"]) == 1)
        )
        self.sources = len(payload["sources"])
        # Estimates that it conflicts with by the rule; `differs`: those that it only differs
        # from.
        self.conflicts = [
            PageLink(id, record_address(id)) for id in payload["conflicts"] if id not in marked
        ]
        # Estimates that do not fit with it in the editors' judgement.
        self.misfits = [PageLink(id, record_address(id)) for id in marked]
        self.differs = [PageLink(id, record_address(id)) for id in payload["differs"]]
        self.disputed = disputed_fields(payload, directory)
        # Whether no independent source states it firmly.
        self.is_alleged = payload.get("certainty") == ClaimCertainty.ALLEGED
        # Whether the outlet that was read changed it, so that `speaker` did not say it.
        self.is_altered = is_altered
        # Label of the role that the editors gave it; empty for ordinary estimates.
        self.role = "" if role is FigureRole.ORDINARY else _(role.label)
        self.role_code = role
        self.role_reason = form.get("role_reason", "")
        self.remark = form.get("remark", "")
        # Id of its event; empty if it has none.
        self.event = form.get("event", "")

    @property
    def time_label(self) -> str:
        if self.is_told:
            return _("Reported")
        return _("As of") if self.is_as_of else _("Period")


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


def _is_observed(form: PublishedEstimate) -> bool:
    return bool(form.get("nature", Nature.OBSERVED) == Nature.OBSERVED)


def _no_time(form: PublishedEstimate) -> str:
    """Return the words for a missing time, which a plan or rule does not need."""
    return _("Date not known") if _is_observed(form) else _("No date given")


def _source_wording(form: PublishedEstimate) -> str:
    words = form.get("printed_words", "")
    return "" if words.casefold() in amount(form).casefold() else words


def _population(form: PublishedEstimate) -> str:
    """Return whom it counts; of a share, with its whole."""
    words = form.get("population_text") or _(Population(form["population"]).label)
    whole = form.get("share_of")
    # l10n: a share and its whole
    return _("{part}, of {whole}").format(part=words, whole=whole) if whole else words


SCOPES_IN_WORDS: dict[str, str] = {
    TermScope.MOSTLY: N_("mostly {name}"),
    TermScope.DESCRIBES: N_("{name} among others"),
}


def scope_in_words(name: str, scope: str) -> str:
    """Return a nationality with what its scope says: "mostly Haitian", "Haitian among others"."""
    words = SCOPES_IN_WORDS.get(scope)
    return _(words).format(name=name) if words else name


def _whom(population: str, terms: Sequence[PublishedTerm], directory: Directory) -> str:
    """Return the words of a population, with its nationality if they do not name it."""
    scopes = {
        term.get("code", ""): term.get("scope", "")
        for term in terms
        if term["key"] == "nationality"
    }
    labels = [(directory.label("nationality", code), scopes[code]) for code in scopes if code]
    unnamed = [
        scope_in_words(label, scope)
        for label, scope in labels
        if label.casefold() not in population.casefold()
    ]
    if not unnamed:
        return population
    # l10n: the people counted, and their nationality
    return _("{population} ({nationality})").format(
        population=population, nationality=enumerate_words(unnamed)
    )


# Measure and places -----------------------------------------------------------------------------


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


def estimate_places(
    counts: Counts, terms: Iterable[PublishedTerm], directory: Directory
) -> list[PlaceLink]:
    """Return links to the places of an estimate, without places that are only pictured."""
    implied_roles = IMPLIED_ROLES.get(counts, {Role.AT})
    return [
        _place_link(term, Role(term["role"]) in implied_roles, directory)
        for term in terms
        if names_place(term)
    ]


def _place_link(term: PublishedTerm, is_implied: bool, directory: Directory) -> PlaceLink:
    code = term.get("code", "")
    name = directory.label("place", code) if code else term["printed"]
    label = name if is_implied else _(PLACE_ROLES[Role(term["role"])]).format(place=name)
    return place_link(code, EstimateFilters, directory, label) if code else PlaceLink(label, "", ())


# Speakers ---------------------------------------------------------------------------------------


def shown_citation(form: PublishedEstimate) -> PublishedCitation | None:
    """Return the citation whose speaker is shown: the first supporting or mentioning one."""
    citations: list[PublishedCitation] = [
        each for each in form.get("citations", []) if not each.get("about")
    ]
    # Who denies a number is not its speaker.
    for stance in (Stance.SUPPORTS, Stance.MENTIONS):
        if found := next((c for c in citations if c["stance"] == stance), None):
            return found
    return None


def _first_speaker(
    chain: Sequence[PublishedChainStep],
    payload: EstimatePayload,
    directory: Directory,
    altered_by: Sequence[PageLink],
) -> str:
    """Return the first speaker. If an outlet changed it, the outlet, and whom it names for it."""
    if not chain:
        return _("No speaker cited")
    speaker = _speaker_words(chain[0], payload["outlets"], directory)
    if not altered_by:
        return speaker
    outlets = enumerate_words(link.label for link in altered_by)
    return _("{outlet}, quoting {speaker}").format(outlet=outlets, speaker=speaker)


def _outlets_or_sources(payload: EstimatePayload, directory: Directory) -> list[PageLink]:
    """Return links to the outlets of supporting sources, in past editions perhaps to the sources.

    Their rows do not tell which outlet published which source. Listing all outlets would present
    an outlet that disputes the estimate as supporting it.
    """
    citations = payload["form"].get("citations", [])
    supporting = dict.fromkeys(c["source"] for c in citations if c["stance"] == Stance.SUPPORTS)
    outlets = payload["outlets"]
    if supporting and len(supporting) < len(payload["sources"]):
        outlets = payload.get("supporting_outlets", [])
        if not outlets:
            return [PageLink(id, record_address(id)) for id in supporting]
    return [outlet_page_link(directory, code) for code in outlets]


def _differing_reports(form: PublishedEstimate) -> int:
    """Return the number of supporting reports, or 1 if all have it from the same speakers."""
    chains = {
        citation["source"]: [
            (step["attribution"], step.get("words", ""), step.get("outlet", ""))
            for step in citation["chain"]
        ]
        for citation in reversed(form.get("citations", []))
        if citation["stance"] == Stance.SUPPORTS
    }
    found = list(chains.values())
    return len(found) if any(chain != found[0] for chain in found) else 1


def _is_described(step: PublishedChainStep) -> bool:
    """Whether the source says who speaks: with “reportedly” alone it doesn't."""
    has_words = step.get("words") and step["attribution"] != Attribution.UNATTRIBUTED
    return bool(has_words or step.get("outlet"))


def _speaker_words(step: PublishedChainStep, outlets: Sequence[str], directory: Directory) -> str:
    """Return the speaker in words. For an outlet's own voice, the outlet if only one was read."""
    if step.get("outlet"):
        return directory.label("outlet", step["outlet"])
    if words := step.get("words"):
        return words if _is_described(step) else _("not attributed (“{words}”)").format(words=words)
    if step["attribution"] == Attribution.OWN_VOICE and len(outlets) == 1:
        return directory.label("outlet", outlets[0])
    return _(Attribution(step["attribution"]).label)


def _speaker_kind(step: PublishedChainStep) -> str:
    """Return the kind of speaker; empty if `_speaker_words` returns the kind itself."""
    return kind_of_speaker(step["attribution"], step.get("named")) if _is_described(step) else ""


@dataclass(frozen=True)
class Headline:
    figures: Sequence[EstimateView]
    """The newest estimate, then the others of its month."""
    words: str
    time: str
    age: Age | None

    @property
    def newest(self) -> EstimateView:
        return self.figures[0]

    @property
    def doubts(self) -> Sequence[str]:
        """What is alleged or disputed in it, in words."""
        alleged = [_("Alleged")] if any(each.is_alleged for each in self.figures) else []
        disputed = (field.words for each in self.figures for field in each.disputed)
        return alleged + [
            _("Disputed: {what}").format(what=what) for what in dict.fromkeys(disputed)
        ]


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


FORWARD_LABELS = {
    EstimateLink.PART_OF: N_("Is part of"),
    EstimateLink.SUM_OF: N_("Is the sum of"),
    EstimateLink.REMAINDER_OF: N_("Is what remains of"),
    EstimateLink.SHARE_OF: N_("Is a share of"),
    EstimateLink.COMPARED_WITH: N_("Is compared with"),
    EstimateLink.ROUNDS: N_("Rounds"),
    EstimateLink.CORRECTS: N_("Is a correction by the same source of"),
    EstimateLink.REVISES: N_("Is a later number by the same speaker for"),
    EstimateLink.REPEATS: N_("Repeats"),
    EstimateLink.ALTERS: N_("Repeats, with a change,"),
    EstimateLink.CONFLICTS_WITH: N_("Conflicts, in the editors’ judgement, with"),
}
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
