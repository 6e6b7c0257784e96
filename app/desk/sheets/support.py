"""What support a row gives its record, why, and what to choose instead (rules 3 and 4).

The rules are those of publishing (`app/record/rules/independence.py`), applied to the record as it
would be with the row and without it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.desk.draft_form import documents
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import ROW, Document
from app.desk.draft_form.event_question import is_asked
from app.desk.sheets import expanding
from app.desk.sheets.expanding import SheetReport
from app.desk.sheets.form import StatementKind
from app.desk.sheets.from_forms import target_of
from app.forms import Citation, OutletForm, SourceForm
from app.i18n.translate import _, ngettext
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
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import RecordNoun
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
            _("Counts for nothing yet."),
            _("The record that it speaks of is not chosen."),
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
            _("Counts for nothing yet."),
            _("Who says it is not complete."),
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
            _("Counts for nothing."),
            _("Nobody has read this report: each of its copies is marked as not read."),
            _("Read one, and say so under “Copies” of the report."),
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
    return documents.validate(Citation, filled).form


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
        if form := documents.validate(SourceForm, document, catalogue.understand).form:
            found[id] = form
            pending += [parent.source for parent in form.derived_from]
    return found


# In words ---------------------------------------------------------------------------------------


def _without_support(stance: Stance) -> RowSupport:
    leads = {
        Stance.DISPUTES: _("Disputes it, and adds no support."),
        Stance.MENTIONS: _("Adds no support."),
        Stance.WITHDRAWS: _("Takes back what was cited, and adds no support."),
    }
    why = _("It speaks of it without vouching for it.") if stance is Stance.MENTIONS else ""
    advice = (
        _("Choose “Supports” if the report says that it is so.")
        if stance is Stance.MENTIONS
        else ""
    )
    return RowSupport(stance.value, leads[stance], why, advice, is_weak=True)


def _not_counted(kind: RecordKind, typed: Document, own: Citation) -> RowSupport:
    """Return why a citation that supports is not counted for its record (rule 4)."""
    lead = _("Counts for nothing.")
    if own.kind in BACKGROUND:
        why = _("A cause or a background does not say that it happened.")
    elif kind == RecordKind.EVENT and is_asked(typed) and own.reports_event is None:
        lead = _("Counts for this field; for the event it is not decided.")
        why = _("It speaks of one field of the event.")
        return RowSupport(
            Corroboration.NONE.value,
            lead,
            why,
            _("Say whether it also reports the event itself."),
            is_weak=True,
        )
    elif kind == RecordKind.EVENT and is_asked(typed):
        lead = _("Counts for this field, and not for the event.")
        why = _("You said that it does not report the event itself.")
    elif own.kind is CitationKind.FORECAST:
        why = _("A forecast does not say that it happened.")
    else:
        why = _("What somebody says about it does not report it.")
    usual = CitationKind(expanding.usual_about(kind))
    advice = _("Choose “{kind}” under “Speaks of” if the report itself says so.").format(
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
        lead = _("Is its first support: {level}.").format(level=_(level.label))
        if level is Corroboration.SINGLE_ANONYMOUS:
            why = _("Nobody who says so is named.")
            advice = _(
                "Name the speaker if the report does, or choose the outlet itself if it "
                "says so in its own words."
            )
            return RowSupport(code, lead, why, advice)
        return RowSupport(code, lead)
    if len(origins) > len(before):
        lead = ngettext(
            "Adds an independent source: %(num)s then.",
            "Adds an independent source: %(num)s then.",
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
            return _("This report is counted already for {id}.").format(id=other.source), ""
        if of_sources:
            why = _("This report passes on {id}, which is counted already.").format(
                id=of_sources[0]
            )
            return why, _("Choose “Own words” if it asked for itself.")
        if UNNAMED_OUTLET in shared:
            return _("It passes on an outlet that it does not name."), _(
                "Name that outlet if you know it."
            )
        if names := sorted(name for kind, name in shared if kind == "speaker"):
            return _("The same speaker, “{name}”, is counted already.").format(name=names[0]), ""
        if names := sorted(name for kind, name in shared if kind == "outlet"):
            label = catalogue.label(names[0], RecordNoun.OUTLET.value)
            return _("{outlet} is counted already.").format(outlet=label), _(
                "Choose who told it under “Attributed to” if it passes on another outlet."
            )
    return _("It joins sources that were counted apart."), ""
