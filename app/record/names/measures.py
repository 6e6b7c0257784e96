"""What an estimate measures, in words: people present, permits revoked, fees, planned arrivals."""

from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _, inside
from app.record.payloads import PublishedEstimate
from app.record.rules.whereabouts import Whereabouts
from app.vocabulary.estimates import Counts, FigureForm, Nature, PapersWere

MEASURES_ELSEWHERE = {
    (Counts.PRESENT, Whereabouts.FROM): N_("People from here, elsewhere"),
    (Counts.PRESENT, Whereabouts.TO): N_("People elsewhere, on their way here"),
    (Counts.PRESENT, Whereabouts.THROUGH): N_("People elsewhere, through here"),
    (Counts.ARRIVALS, Whereabouts.FROM): N_("Arrivals elsewhere, from here"),
    (Counts.ARRIVALS, Whereabouts.THROUGH): N_("Arrivals elsewhere, through here"),
    (Counts.DEPARTURES, Whereabouts.TO): N_("Departures elsewhere, to here"),
    (Counts.DEPARTURES, Whereabouts.THROUGH): N_("Departures elsewhere, through here"),
}
"""Measures as seen from a place where the people counted are not (rule 6)."""


PAPERS = {
    PapersWere.ISSUED: N_("Visas and permits issued"),
    PapersWere.VALID: N_("Visas and permits in force"),
    PapersWere.REFUSED: N_("Visas and permits refused"),
    PapersWere.REVOKED: N_("Visas and permits revoked"),
}
PAPERS_TO_COME = {
    PapersWere.ISSUED: N_("Visas and permits to be issued"),
    PapersWere.VALID: N_("Visas and permits to be in force"),
    PapersWere.REFUSED: N_("Visas and permits to be refused"),
    PapersWere.REVOKED: N_("Visas and permits to be revoked"),
}


def papers_label(were: str, nature: str = Nature.OBSERVED) -> str:
    """Return the measure of papers, with what was or is to be done; "" says that nobody says."""
    if not were:
        return _(Counts.PAPERS.label)
    labels = PAPERS if nature == Nature.OBSERVED else PAPERS_TO_COME
    return _(labels[PapersWere(were)])


def measure_label(counts: Counts, where: Whereabouts = Whereabouts.HERE) -> str:
    """Return the label of a measure, as seen from a place."""
    return _(MEASURES_ELSEWHERE.get((counts, where), counts.label))


def measured_label(form: PublishedEstimate, where: Whereabouts = Whereabouts.HERE) -> str:
    """Return what an estimate measures, as seen from a place; for papers what was done."""
    counts = Counts(form["counts"])
    if counts is Counts.PAPERS:
        return papers_label(form.get("papers_were", ""), form.get("nature", Nature.OBSERVED))
    return measure_label(counts, where)


def measure_in_words(form: PublishedEstimate, where: Whereabouts = Whereabouts.HERE) -> str:
    """Return measure, nature and form: "People present", "Arrivals, planned", "…, share"."""
    nature, kind = (
        Nature(form.get("nature", Nature.OBSERVED)),
        FigureForm(form.get("form", FigureForm.NUMBER)),
    )
    is_share = kind is FigureForm.SHARE
    # What a share is of, its population says: it is no share of people present or departures.
    parts = [_(kind.label) if is_share else measured_label(form, where)]
    if nature is not Nature.OBSERVED:
        parts.append(inside(_(nature.label)))
    if kind is not FigureForm.NUMBER and not is_share:
        parts.append(inside(_(kind.label)))
    return enumerate_words(parts)
