"""What support a row gives its record, why, and what to choose instead (rules 3 and 4).

The rules are those of publishing (`app/record/rules/independence.py`), applied to the record as it
would be with the row and without it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.desk.draft_form.advice import is_asked
from app.desk.draft_form.catalogue import Catalogue
from app.desk.sheets import expanding
from app.desk.sheets.expanding import SheetReport
from app.desk.sheets.form import StatementKind
from app.desk.sheets.from_forms import target_of
from app.documents import ROW, Document, validate
from app.i18n.translate import _, ngettext
from app.kinds import Citation, OutletForm, SourceForm
from app.record.rules.independence import (
    BACKGROUND,
    UNNAMED_OUTLET,
    citation_nodes,
    citations_read,
    corroboration,
    estimate_support,
    event_support,
    independent_sources,
)
from app.vocabulary.citations import CitationKind, Stance
from app.vocabulary.estimates import Nature
from app.vocabulary.events import Step, TypeNature
from app.vocabulary.kinds import RecordKind, RecordNoun
from app.vocabulary.support import Corroboration


@dataclass(frozen=True)
class RowSupport:
    """What a row counts for."""

    code: str
    """The level of the record with the row (`Corroboration`), or the row's stance if it is none."""
    lead: str
    why: str = ""
    advice: str = ""
    is_weak: bool = False
    """Whether the row adds nothing to the number of independent sources."""

    @property
    def sentence(self) -> str:
        return " ".join(filter(None, (self.lead, self.why, self.advice)))


def support_of(catalogue: Catalogue, row: Document, report: SheetReport) -> RowSupport:
    """Return what an event, estimate or citation row counts for as it is typed now."""
    document = _record_with(catalogue, row, report)
    if document is None:
        return RowSupport(
            Corroboration.NONE.value,
            _("Adds no support yet."),
            _("No record is chosen."),
            _("Choose one by its id or its title."),
            is_weak=True,
        )
    kind = expanding.kind_of(document)
    key = expanding.citation_key(row)
    typed = next(each for each in document["citations"] if each[ROW] == key)
    citations = [(each[ROW], form) for each in document["citations"] if (form := _form(each))]
    own = next((form for place, form in citations if place == key), None)
    if typed["stance"] != Stance.SUPPORTS:
        return _without_support(Stance(typed["stance"]))
    if own is None:
        return RowSupport(
            Corroboration.NONE.value,
            _("Adds no support yet."),
            _("The speaker is incomplete."),
            _("Choose a speaker, or the outlet itself."),
            is_weak=True,
        )
    forms = [form for _place, form in citations]
    supporting = _support(catalogue, kind, document, forms)
    if own not in supporting:
        return _not_counted(kind, typed, own)
    sources = _sources(catalogue, forms)
    if own not in citations_read([own], sources):
        return RowSupport(
            Corroboration.UNREAD.value,
            _("Adds no support."),
            _("Every copy of this report is marked as not read."),
            _("Read a copy, and record that under “Copies” of the report."),
            is_weak=True,
        )
    return _counted(catalogue, own, supporting, sources)


def _record_with(catalogue: Catalogue, row: Document, report: SheetReport) -> Document | None:
    """Return the document of the record with the row; None if the row names no record."""
    if row["kind"] != StatementKind.CITATION:
        return expanding.expand(row, report)
    target = target_of(row, report)
    own = next(
        (
            other
            for other in report.sheet["rows"]
            if other["kind"] != StatementKind.CITATION
            and (other[ROW] == _cited_row(row) or (target and other["record"] == target))
        ),
        None,
    )
    document = expanding.expand(own, report) if own else catalogue.document(target)
    if document is None or "citations" not in document:
        return None
    return expanding.cite(row, report, document)


def _cited_row(row: Document) -> str:
    return next((link["to"] for link in row["links"] if link["relation"] == "citation-of"), "")


def _form(citation: Document) -> Citation | None:
    """Return a citation that is complete but for its words; None if not."""
    filled = {**citation, "paraphrase": citation["paraphrase"] or "–"}
    return validate(Citation, filled).form


def _support(
    catalogue: Catalogue, kind: RecordKind, document: Document, citations: Sequence[Citation]
) -> list[Citation]:
    if kind == RecordKind.ESTIMATE:
        is_plan = document["nature"] not in {"", Nature.OBSERVED}
        return estimate_support(citations, is_plan=is_plan)
    type = catalogue.code("type", document["type"])
    return event_support(
        citations,
        is_plan={stage["step"] for stage in document["stages"]} == {Step.PLANNED.value},
        is_statement=type is not None and type.nature is TypeNature.STATEMENT,
    )


def _sources(catalogue: Catalogue, citations: Sequence[Citation]) -> dict[str, SourceForm]:
    """Return the sources of citations, and those that they derive from."""
    found: dict[str, SourceForm] = {}
    pending = [citation.source for citation in citations]
    while pending:
        id = pending.pop()
        document = catalogue.document(id) if id and id not in found else None
        if document is None or id[0] != RecordKind.SOURCE:
            continue
        if form := validate(SourceForm, document, catalogue.understand).form:
            found[id] = form
            pending += [parent.source for parent in form.derived_from]
    return found


# In words ---------------------------------------------------------------------------------------


def _without_support(stance: Stance) -> RowSupport:
    leads = {
        Stance.DISPUTES: _("Disputes it. Adds no support."),
        Stance.MENTIONS: _("Adds no support."),
        Stance.WITHDRAWS: _("Retracts an earlier statement. Adds no support."),
    }
    why = _("The report mentions it without confirming it.") if stance is Stance.MENTIONS else ""
    advice = (
        _("Choose “Supports” if the report says that it is true.")
        if stance is Stance.MENTIONS
        else ""
    )
    return RowSupport(stance.value, leads[stance], why, advice, is_weak=True)


def _not_counted(kind: RecordKind, typed: Document, own: Citation) -> RowSupport:
    """Return why a citation that supports is not counted for its record (rule 4)."""
    lead = _("Adds no support.")
    if own.kind in BACKGROUND:
        why = _("A cause or background does not report that the event happened.")
    elif kind == RecordKind.EVENT and is_asked(typed) and own.reports_event is None:
        lead = _("Supports this field. Its support for the event is not decided.")
        why = _("The citation is about one field of the event.")
        return RowSupport(
            Corroboration.NONE.value,
            lead,
            why,
            _("Say whether it also reports the event itself."),
            is_weak=True,
        )
    elif kind == RecordKind.EVENT and is_asked(typed):
        lead = _("Supports this field, but not the event.")
        why = _("You chose that it does not report the event itself.")
    elif own.kind is CitationKind.FORECAST:
        why = _("A forecast does not report that the event happened.")
    else:
        why = _("A statement about the event does not report it.")
    usual = CitationKind(expanding.usual_about(kind))
    advice = _("Choose “{kind}” under “About” if the report itself says so.").format(
        kind=_(usual.label)
    )
    return RowSupport(Corroboration.NONE.value, lead, why, advice, is_weak=True)


def _counted(
    catalogue: Catalogue,
    own: Citation,
    supporting: Sequence[Citation],
    sources: Mapping[str, SourceForm],
) -> RowSupport:
    """Return what a citation that counts adds to the independent sources (rule 3)."""
    outlets = {
        code: form
        for code, form in catalogue.directory.named_records[RecordNoun.OUTLET].items()
        if isinstance(form, OutletForm)
    }
    read = citations_read(supporting, sources)
    others = [citation for citation in read if citation is not own]
    before = independent_sources(others, sources, outlets)
    origins = independent_sources(read, sources, outlets)
    level = corroboration(origins, supporting, sources, outlets)
    code = level.value
    if not before:
        lead = _("This is its first support: {level}.").format(level=_(level.label))
        if level is Corroboration.SINGLE_ANONYMOUS:
            why = _("No speaker is named.")
            advice = _(
                "Name the speaker if the report does. Choose the outlet if it reports this itself."
            )
            return RowSupport(code, lead, why, advice)
        return RowSupport(code, lead)
    if len(origins) > len(before):
        lead = ngettext(
            "Adds an independent source. %(num)s in total.",
            "Adds an independent source. %(num)s in total.",
            len(origins),
        ) % {"num": len(origins)}
        return RowSupport(code, lead)
    lead = _("Adds no independent source.")
    why, advice = _shared_words(catalogue, own, others, sources, outlets)
    return RowSupport(code, lead, why, advice, is_weak=True)


def _shared_words(
    catalogue: Catalogue,
    own: Citation,
    others: Sequence[Citation],
    sources: Mapping[str, SourceForm],
    outlets: Mapping[str, OutletForm],
) -> tuple[str, str]:
    """Return what a citation shares with one that counts already, and what would be counted."""
    mine = citation_nodes(own, sources, outlets)
    for other in others:
        shared = mine & citation_nodes(other, sources, outlets)
        of_sources = sorted(name for kind, name in shared if kind == "source")
        if own.source in of_sources and other.source == own.source:
            return _("This report is already counted for {id}.").format(id=other.source), ""
        if of_sources:
            why = _("This report repeats {id}, which is already counted.").format(id=of_sources[0])
            return why, _("Count it apart, with your reason, if the outlet did its own reporting.")
        if UNNAMED_OUTLET in shared:
            return _("The report repeats an outlet that it does not name."), _(
                "Enter that outlet if you know it."
            )
        if names := sorted(name for kind, name in shared if kind == "speaker"):
            return _("The same speaker, “{name}”, is already counted.").format(name=names[0]), ""
        if names := sorted(name for kind, name in shared if kind == "outlet"):
            label = catalogue.label(names[0], RecordNoun.OUTLET.value)
            return _("{outlet} is already counted.").format(outlet=label), _(
                "If it repeats another outlet, choose that outlet under “Attributed to”."
            )
    return _("It combines sources that were counted apart."), ""
