"""The shared block of a sheet: what the whole report has, entered once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.views import FieldChoice
from app.desk.sheets.fields import FieldMaker, FieldView
from app.desk.sheets.form import OWN_VOICE
from app.desk.sheets.inner_fields import speaker_in_words, term_in_words
from app.desk.sheets.text_view import numbered_rows
from app.documents import ROW, Document, date_in_words
from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.kinds import EstimateForm, Term
from app.record.names.directory import LANGUAGES
from app.vocabulary.citations import Naming
from app.vocabulary.events import TermKey
from app.vocabulary.sources import Extent, PublishedBasis
from app.vocabulary.speaker_groups import speaker_group


@dataclass(frozen=True)
class SourceFact:
    label: str
    words: str
    names: Sequence[tuple[str, str]] = ()
    note: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class DayLine:
    letter: str
    words: str


@dataclass(frozen=True)
class SpeakerLine:
    letter: str
    label: str
    group: str
    note: str
    days: Sequence[DayLine]
    rows: str


@dataclass(frozen=True)
class DefaultTick:
    """A usual term."""

    key: str
    label: str
    is_ticked: bool = True


def facts_of_source(catalogue: Catalogue, source: Document, relay_anchor: str) -> list[SourceFact]:
    """Return what is known of the source: outlet, language, day, extent read, what it repeats."""
    outlet = catalogue.meant("outlet", source["outlet"])
    named = catalogue.label(outlet, "outlet") if outlet else source["outlet"]
    basis = PublishedBasis.by_code().get(source["published_basis"])
    language = LANGUAGES.get(source["language"].replace("-", "_"), source["language"])
    missing = _("Not filled in yet")
    return [
        SourceFact(_("Outlet"), named or missing),
        SourceFact(_("Language"), language or missing),
        SourceFact(
            _("Published"),
            date_in_words(source["published"]) or missing,
            note=_(basis.label).lower() if basis else "",
        ),
        _extent_read(source),
        _derived_from(catalogue, source, relay_anchor),
    ]


def _extent_read(source: Document) -> SourceFact:
    read = [copy for copy in source["copies"] if copy["extent"] not in {"", Extent.NONE}]
    extent = Extent.by_code().get(read[0]["extent"]) if read else None
    if extent is None:
        return SourceFact(_("Extent read"), _("No copy that was read yet"))
    return SourceFact(_("Extent read"), _(extent.label), note=date_in_words(read[0]["read_on"]))


def _derived_from(catalogue: Catalogue, source: Document, relay_anchor: str) -> SourceFact:
    parts = []
    for row in source["derived_from"]:
        name = row["source"]
        if not name and row["outlet"]:
            outlet = catalogue.meant("outlet", row["outlet"])
            name = catalogue.label(outlet, "outlet") if outlet else row["outlet"]
        if name:
            parts.append(name)
    if parts:
        return SourceFact(_("Derived from"), enumerate_words(parts))
    return SourceFact(_("Derived from"), _("Not set"), anchor=relay_anchor)


def days_said(document: Document) -> list[SourceFact]:
    """Return the days with their letters as one line; none if there are no days."""
    days = [
        _("{letter}: {day}").format(
            letter=each["letter"], day=date_in_words(each["said"]) or each["said_text"] or "–"
        )
        for each in document["days"]
    ]
    return [SourceFact(_("Days said"), enumerate_words(days))] if days else []


def speaker_lines(catalogue: Catalogue, document: Document, published: str) -> list[SpeakerLine]:
    """Return the speakers with the days on which they spoke and the rows that they have."""
    numbers = numbered_rows(document)
    days = {
        each["letter"]: date_in_words(each["said"]) or each["said_text"]
        for each in document["days"]
    }
    lines = []
    for each in [*document["speakers"], {"letter": OWN_VOICE}]:
        letter = each["letter"]
        said = [*_said_by(document, letter)]
        rows = [numbers[key] for key, _day in said if key in numbers]
        letters = dict.fromkeys(day for _key, day in said)
        shown = [
            DayLine(day, days.get(day, "")) if day else DayLine("", date_in_words(published))
            for day in letters
        ]
        label, group, note = _who(each)
        if through := each.get("through", ""):
            code = catalogue.meant("outlet", through)
            outlet = catalogue.label(code, "outlet") if code else through
            passed_on = _("passed on by {outlet}").format(outlet=outlet)
            note = _("{note}; {more}").format(note=note, more=passed_on) if note else passed_on
        lines.append(
            SpeakerLine(
                letter,
                label,
                group,
                note,
                [day for day in shown if day.words or day.letter],
                enumerate_words(str(number) for number in dict.fromkeys(rows)),
            )
        )
    return lines


def _who(speaker: Document) -> tuple[str, str, str]:
    if speaker["letter"] == OWN_VOICE:
        return _("Outlet’s own report"), "out", ""
    naming = Naming.by_code().get(speaker["named"])
    group = speaker_group(speaker["attribution"], speaker["named"] or None)
    note = _(naming.label).lower() if naming and speaker["words"] else ""
    return speaker_in_words(speaker), group, note


def _said_by(document: Document, letter: str) -> Iterator[tuple[str, str]]:
    """Yield row key and day letter of all that a speaker says."""
    for row in document["rows"]:
        if (row["speaker"] or OWN_VOICE) == letter:
            yield row[ROW], row["day"]
        for link in row["links"]:
            if link["speaker"] == letter:
                yield row[ROW], link["day"]


def default_fields(make: FieldMaker, document: Document) -> list[FieldView]:
    """Return the fields of default places, nationality and population."""
    nationality, population = document["nationality"], document["population"]
    row, none = {"key": TermKey.NATIONALITY.value}, _("None")
    return [
        make.names("places", _("Places"), document["places"]),
        make.code("nationality", _("Nationality"), nationality, Term, "code", row=row, empty=none),
        make.code(
            "population",
            _("Population of estimates"),
            population,
            EstimateForm,
            "population",
            empty=none,
        ),
    ]


def default_ticks(make: FieldMaker, document: Document) -> list[DefaultTick]:
    """Return the default terms with their ticks."""
    return [
        DefaultTick(term[ROW], term_in_words(make.catalogue, term), bool(term["ticked"]))
        for term in document["defaults"]
    ]


def default_choices(make: FieldMaker) -> list[tuple[str, list[FieldChoice]]]:
    """Return the terms that may be usual in a report, by heading."""
    headings = {
        TermKey.SECTOR: _("Industry"),
        TermKey.PAPER: _("Visa or permit"),
        TermKey.GROUP: _("Group of workers"),
    }
    return [
        (heading, [FieldChoice(f"{key}:{form.code}", form.label) for form in codes])
        for key, heading in headings.items()
        if (codes := make.catalogue.codes(key.value))
    ]
