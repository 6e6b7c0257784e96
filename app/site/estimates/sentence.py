"""One sentence on what an estimate measures, where, when and of whom, by its form and nature."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.i18n.formats import conjunction, enumerate_words
from app.i18n.translate import N_, _, inside, ngettext
from app.kinds import EstimateForm, Term
from app.record.names.directory import Directory
from app.record.names.measures import measured_label
from app.record.names.quantity import BOUNDS, quantity
from app.record.payloads import PublishedEstimate
from app.site.components.text import TextPart, link_names
from app.site.presenters.estimate import PLACE_ROLES, scope_in_words
from app.vocabulary.estimates import (
    COUNTS_OF_NOBODY,
    MOVEMENTS,
    NATURES_OF_RULES,
    Counts,
    FigureForm,
    Nature,
    Population,
    Quantifier,
    Unit,
)
from app.vocabulary.events import Role, TermKey, TermScope
from app.web.urls import url

SENTENCES = {
    FigureForm.NUMBER: N_("It counts {what} {where} ({when}): {whom}."),
    FigureForm.CHANGE: N_("It is a change in {what} {where} ({when}): {whom}."),
    FigureForm.MEAN: N_("It is a mean of {what} {where} ({when}): {whom}."),
    FigureForm.PERCENT_CHANGE: N_("It is a change in per cent in {what} {where} ({when}): {whom}."),
}
NATURE_PHRASES = {
    Nature.OBSERVED: N_("{what}"),
    Nature.PLANNED: N_("planned {what}"),
    Nature.FORECAST: N_("expected {what}"),
}
SHARE_SENTENCE = N_("{figure} of {whole}: {whom}, {where} ({when}).")
SHARE_WITHOUT_WHOLE = N_("A share of {figure} of an unrecorded whole: {whom}, {where} ({when}).")
SHARES_TO_COME = {
    Nature.PLANNED: N_("Planned, {figure}: {whom}, {where} ({when})."),
    Nature.FORECAST: N_("Expected, {figure}: {whom}, {where} ({when})."),
}
SHARE_OF_WHOLE = N_("{figure} of {whole}")
SHARE_OF_UNKNOWN_WHOLE = N_("{figure} of an unrecorded whole")
LIMIT_SENTENCE = N_("The most that a rule allows is {figure}: {whom}, {where} ({when}).")
MINIMUM_SENTENCE = N_("A rule requires {figure}: {whom}, {where} ({when}).")
THRESHOLD_SENTENCES = {
    Quantifier.AT_LEAST: N_("A rule applies from {figure}: {whom}, {where} ({when})."),
    Quantifier.MORE_THAN: N_("A rule applies above {figure}: {whom}, {where} ({when})."),
    Quantifier.UP_TO: N_("A rule applies up to {figure}: {whom}, {where} ({when})."),
    Quantifier.FEWER_THAN: N_("A rule applies below {figure}: {whom}, {where} ({when})."),
}
OTHER_SENTENCES = {
    (Counts.TIME, Nature.OBSERVED): N_("A length of time of {figure}: {whom}, {where} ({when})."),
    (Counts.TIME, Nature.PLANNED): N_("A planned length of {figure}: {whom}, {where} ({when})."),
    (Counts.TIME, Nature.FORECAST): N_("An expected length of {figure}: {whom}, {where} ({when})."),
    (Counts.AGE, Nature.OBSERVED): N_("An age of {figure}: {whom}, {where} ({when})."),
    (Counts.AGE, Nature.PLANNED): N_("A planned age of {figure}: {whom}, {where} ({when})."),
    (Counts.AGE, Nature.FORECAST): N_("An expected age of {figure}: {whom}, {where} ({when})."),
    (Counts.MONEY, Nature.OBSERVED): N_("{what}, {figure}: {whom}, {where} ({when})."),
    (Counts.MONEY, Nature.PLANNED): N_("{what}, {figure}: {whom}, {where} ({when})."),
    (Counts.MONEY, Nature.FORECAST): N_("{what}, {figure}: {whom}, {where} ({when})."),
}
"""Sentences on time, ages and money: no people are counted."""


@dataclass(frozen=True)
class Surroundings:
    """What a sentence takes from outside the form of its estimate."""

    time: str
    event_title: str = ""
    whole: str = ""
    """The linked estimate that it is a share of, in words."""


def sentence(
    form: EstimateForm, published: PublishedEstimate, around: Surroundings, directory: Directory
) -> str:
    """Return what is measured, then the terms other than places."""
    return " ".join(
        [
            _measured(form, published, around, directory),
            *_terms_in_words(form, directory),
        ]
    )


def _terms_in_words(form: EstimateForm, directory: Directory) -> list[str]:
    return [
        _("{key}: {names}.").format(key=key, names=names)
        for key, names in _other_terms(form, directory)
    ]


def linked_sentence(text: str, form: EstimateForm, directory: Directory) -> list[TextPart]:
    """Return the sentence with links to the actors and laws that the estimate names."""
    named = [("actor", term.code) for term in form.terms if term.key is TermKey.ACTOR]
    addresses = {
        directory.label(noun, code): url(noun, code=code)
        for noun, code in named
        if code in directory.named_records[noun]
    }
    terms = " ".join(_terms_in_words(form, directory))
    return [TextPart(text.removesuffix(terms)), *link_names(terms, addresses)]


def _measured(
    form: EstimateForm, published: PublishedEstimate, around: Surroundings, directory: Directory
) -> str:
    template, figure = _template(form, around), quantity(published)
    if form.nature is Nature.THRESHOLD or (
        form.nature is Nature.LIMIT and form.quantifier is Quantifier.UP_TO
    ):
        figure = _plain_quantity(published)
    if form.nature is Nature.MINIMUM:
        figure = _with_people(quantity(published), published)
    if form.form is FigureForm.SHARE and form.nature is not Nature.OBSERVED:
        figure = _share_with_whole(figure, form.share_of or around.whole)
    words = _(template).format(
        figure=figure,
        whole=form.share_of or around.whole,
        what=_(NATURE_PHRASES.get(form.nature, "{what}")).format(
            what=inside(measured_label(published))
        ),
        where=_where(form, directory),
        when=_when(form, around.time),
        whom=_whom(form, around.event_title),
    )
    return words[:1].upper() + words[1:]


def _template(form: EstimateForm, around: Surroundings) -> str:
    if form.nature is Nature.THRESHOLD and form.quantifier in THRESHOLD_SENTENCES:
        return THRESHOLD_SENTENCES[form.quantifier]
    if form.nature is Nature.LIMIT:
        return LIMIT_SENTENCE
    if form.nature is Nature.MINIMUM:
        return MINIMUM_SENTENCE
    if form.form is FigureForm.SHARE:
        observed = SHARE_SENTENCE if form.share_of or around.whole else SHARE_WITHOUT_WHOLE
        return SHARES_TO_COME.get(form.nature, observed)
    other = OTHER_SENTENCES.get((form.counts, form.nature))
    return other if other and form.form is FigureForm.NUMBER else SENTENCES[form.form]


def _share_with_whole(figure: str, whole: str) -> str:
    """Return a share in a rule or a plan with what it is a share of."""
    return _(SHARE_OF_WHOLE if whole else SHARE_OF_UNKNOWN_WHOLE).format(figure=figure, whole=whole)


def _plain_quantity(published: PublishedEstimate) -> str:
    """Return the number without “at least” or “up to”, which the sentence says: "53 people"."""
    number = next((published[name] for name in BOUNDS if published.get(name) is not None), None)
    if number is None:
        return quantity(published)
    rest = {name: value for name, value in published.items() if name not in BOUNDS}
    form = {**rest, "point": number, "quantifier": Quantifier.EXACT}
    return _with_people(quantity(form), form)


def _with_people(words: str, form: PublishedEstimate) -> str:
    """Return a quantity with its unit also if that is people: "at least 20 people"."""
    if form.get("unit", Unit.PEOPLE) != Unit.PEOPLE or "per" in form:
        return words
    numbers = {form[name] for name in BOUNDS if form.get(name) is not None}
    return f"{words} {ngettext('person', 'people', 1 if numbers == {1} else 2)}"


def _when(form: EstimateForm, time: str) -> str:
    """Return the time; the date of a plan or rule is the day of its report."""
    if not time:
        return _("date not known") if form.nature is Nature.OBSERVED else _("no date given")
    if not form.as_of:
        return time
    if (
        form.nature is Nature.OBSERVED
        and form.counts in MOVEMENTS
        and form.form is FigureForm.NUMBER
    ):
        # l10n: the date of a total since an unknown start
        return _("in all by {time}").format(time=time)
    if form.nature is Nature.OBSERVED:
        return _("as of {time}").format(time=time)
    # l10n: the date of the report, where the estimate has no other
    return _("reported {time}").format(time=time)


def _whom(form: EstimateForm, event_title: str) -> str:
    is_of_things = form.population in {Population.THINGS, Population.NOBODY}
    is_of_event = is_of_things and (
        form.nature in NATURES_OF_RULES or form.counts in COUNTS_OF_NOBODY
    )
    return (
        form.population_text
        or (event_title if is_of_event else "")
        or inside(_(form.population.label))
    )


def _other_terms(form: EstimateForm, directory: Directory) -> Iterable[tuple[str, str]]:
    """Return (label, names) of its terms other than places: nationalities, permits, sectors."""
    rows: dict[str, list[str]] = {}
    for term in form.terms:
        if term.key is not TermKey.PLACE:
            label = _(term.key.label)
            if term.role is not Role.TARGET:
                label = _("{key}, {role}").format(key=label, role=inside(_(term.role.label)))
            rows.setdefault(label, []).append(_counted(term, directory))
    return ((label, enumerate_words(names)) for label, names in rows.items())


def _counted(term: Term, directory: Directory) -> str:
    """Return a term; where others are counted too, with that.

    A sector may only describe one plant, whose people are all counted: it says “mostly” at most.
    """
    name = term_in_words(term, directory)
    is_sure = term.key is TermKey.NATIONALITY or term.scope is TermScope.MOSTLY
    return scope_in_words(name, term.scope) if term.scope and is_sure else name


def term_in_words(term: Term, directory: Directory) -> str:
    if not term.code:
        return term.printed
    name = directory.label(term.key, term.code)
    is_worded_differently = term.printed and term.printed.casefold() != name.casefold()
    return (
        _("{name} (“{printed}”)").format(name=name, printed=term.printed)
        if is_worded_differently
        else name
    )


def _where(form: EstimateForm, directory: Directory) -> str:
    """Return the places by role: "from Dandong to Hunchun", "in Jilin and Liaoning together"."""
    parts = []
    for role, words in ({**PLACE_ROLES, Role.AT: N_("in {place}")}).items():
        named = [
            term_in_words(term, directory)
            for term in form.terms
            if term.key is TermKey.PLACE and term.role is role
        ]
        if named == [directory.label("place", "world")]:
            parts.append(_("worldwide"))
        elif named:
            where = _(words).format(place=conjunction(named))
            parts.append(_("{where} together").format(where=where) if len(named) > 1 else where)
    return " ".join(parts)
