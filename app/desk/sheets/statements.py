"""The statement that an estimate row is offered: its number, place and time in words.

An editor sees it before accepting the row. It follows the row's fields until it is edited.
"""

from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.date_words import words
from app.desk.draft_form.documents import ROW, Document
from app.desk.draft_form.figure_words import figure_in_words
from app.desk.sheets.expanding import SheetReport, expand_terms
from app.desk.sheets.form import StatementKind, StatementState
from app.desk.sheets.taking import places_of
from app.i18n.formats import conjunction
from app.i18n.translate import N_, _, inside
from app.vocabulary.estimates import Counts, FigureForm, Nature, Population, Quantifier, Unit
from app.vocabulary.events import TermKey

PRESENT = {
    Nature.OBSERVED: N_("{number} in {place}"),
    Nature.PLANNED: N_("{number} planned in {place}"),
    Nature.FORECAST: N_("{number} expected in {place}"),
}
ARRIVALS = {
    Nature.OBSERVED: N_("{number} came to {place}"),
    Nature.PLANNED: N_("{number} are to come to {place}"),
    Nature.FORECAST: N_("{number} are expected in {place}"),
}
DEPARTURES = {
    Nature.OBSERVED: N_("{number} left {place}"),
    Nature.PLANNED: N_("{number} are to leave {place}"),
    Nature.FORECAST: N_("{number} are expected to leave {place}"),
}
SENTENCES = {
    **dict.fromkeys((Counts.PRESENT, Counts.PAPERS, Counts.SITES, Counts.PLACES), PRESENT),
    Counts.ARRIVALS: ARRIVALS,
    Counts.DEPARTURES: DEPARTURES,
}
"""Numbers of rules, shares, money and others are no sentence without words of a person."""
PEOPLE = {
    Population.WORKERS: N_("workers"),
    Population.NATIONALS: N_("nationals"),
    Population.MIGRANTS: N_("migrants"),
    Population.PERMIT_HOLDERS: N_("permit holders"),
    Population.OVERSTAYERS: N_("overstayers"),
    Population.STUDENTS: N_("students and trainees"),
}


def drafted_statement(catalogue: Catalogue, document: Document, row: Document) -> str:
    """Return “About 6,000 North Korean workers in Hunchun, June 2019”.

    Returns "" for a row whose number, place or measure gives no sentence.
    """
    sentence = _sentence(row)
    number = _number(catalogue, document, row) if sentence else ""
    places = [_place(catalogue, each) for each in places_of(document, row)]
    if not number or not places:
        return ""
    statement = _(sentence).format(number=number, place=conjunction(places))
    if when := words(row["when"]):
        statement = _("{statement}, {when}").format(statement=statement, when=when)
    return statement[:1].upper() + statement[1:]


def follow_values(catalogue: Catalogue, before: Document, after: Document) -> Document:
    """Return the document after a change, where unedited statements follow their fields."""
    old = {row[ROW]: row for row in before["rows"]}

    def followed(row: Document) -> Document:
        was = old.get(row[ROW])
        statement = row["statement"]
        if was is None or not statement or statement != was["statement"]:
            return row
        if drafted_statement(catalogue, before, was) != statement:
            return row
        return {**row, "statement": drafted_statement(catalogue, after, row)}

    return {**after, "rows": [followed(row) for row in after["rows"]]}


def fill_statements(catalogue: Catalogue, document: Document, accepting: str = "") -> Document:
    """Return the document with a drafted statement in each accepted row that has none.

    `accepting` is the key of a row that is about to be accepted.
    """
    rows = [
        {**row, "statement": drafted_statement(catalogue, document, row)}
        if (row["state"] == StatementState.ACCEPTED or row[ROW] == accepting)
        and not row["statement"].strip()
        and not row["paraphrase"].strip()
        else row
        for row in document["rows"]
    ]
    return {**document, "rows": rows}


def _sentence(row: Document) -> str:
    counts = Counts.by_code().get(row["type"])
    nature = Nature.by_code().get(row["nature"], Nature.OBSERVED)
    is_number = row["form"] in {"", FigureForm.NUMBER} and not row["per"]
    is_estimate = row["kind"] == StatementKind.ESTIMATE
    if not is_estimate or not is_number or row["quantifier"] in {"", Quantifier.WORDS}:
        return ""
    return SENTENCES[counts].get(nature, "") if counts in SENTENCES else ""


def _number(catalogue: Catalogue, document: Document, row: Document) -> str:
    unit = row["unit"] or Unit.PEOPLE
    figure = {**row, "counts": row["type"], "unit": unit, "form": FigureForm.NUMBER.value}
    if not any(row[name] for name in ("low", "point", "high")):
        return ""
    number, _measure = figure_in_words(figure)
    terms = expand_terms(row, SheetReport(document))
    if unit != Unit.PEOPLE:
        papers = [_label(catalogue, term) for term in terms if term["key"] == TermKey.PAPER]
        kinds = conjunction(inside(each) for each in papers)
        return f"{number} ({kinds})" if kinds else number
    whose = [_label(catalogue, term) for term in terms if term["key"] == TermKey.NATIONALITY]
    population = Population.by_code().get(row["population"] or document["population"])
    who = PEOPLE.get(population, N_("people")) if population else N_("people")
    return " ".join([number, *whose[:1], _(who)])


def _label(catalogue: Catalogue, term: Document) -> str:
    form = catalogue.code(term["key"], term["code"])
    return form.label if form else str(term["code"])


def _place(catalogue: Catalogue, name: str) -> str:
    code = catalogue.meant("place", name)
    return catalogue.label(code, "place") if code else name
