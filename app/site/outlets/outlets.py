"""The page `/outlets`: every outlet on record, with its sources and what they are cited for."""

from collections.abc import Sequence

from app.filtering import DroppedParameter
from app.i18n.translate import N_, _, ngettext
from app.record.filters import EstimateFilters, EventFilters, OutletListFilters, SourceFilters
from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory
from app.site.entries.entries import codes_named
from app.site.lists.named_list import (
    NamedList,
    NamedListRow,
    NamedListWording,
    codes_by_label,
    kinds_in_use,
    named_list,
    uses_by_code,
)
from app.site.outlets.page import COUNTRIES
from app.vocabulary.sources import OutletKind
from app.web.urls import url

WORDING = NamedListWording(
    page="outlets",
    title=N_("Outlets"),
    lede=N_(
        "All publishers of sources, and all outlets that others quote as the first to report. "
        "Each page has the outlet’s reliability, with the reason."
    ),
    found=lambda count: ngettext("{count} outlet", "{count} outlets", count),
    search=N_("Search outlets"),
    columns=[N_("Sources"), N_("Events"), N_("Estimates")],
)


def outlets(
    edition: IndexedEdition,
    query: tuple[OutletListFilters, Sequence[DroppedParameter]],
    directory: Directory,
) -> NamedList:
    """Return the list. Runs no SQL: the directory has the names, the index the counts."""
    uses = uses_by_code(edition, (SourceFilters, EventFilters, EstimateFilters), "outlet")
    rows = []
    for code, outlet in directory.outlets.items():
        label = directory.label("outlet", code)
        rows.append(
            NamedListRow(
                code=code,
                label=label,
                address=url("outlet", code=code),
                names=[
                    (name.language, name.text)
                    for name in outlet.names
                    if name.text != label and not name.text.isascii()
                ][:2],
                all_names=[name.text for name in outlet.names],
                kind=_(outlet.kind.label),
                detail=directory.label("outlet", outlet.belongs_to)
                if outlet.belongs_to
                else COUNTRIES.get(outlet.country, outlet.country),
                terms={
                    "kind": frozenset({str(outlet.kind)}),
                    "lang": frozenset(language.lower() for language in outlet.languages),
                },
                uses=uses(code),
            )
        )
    languages = {language for row in rows for language in row.terms["lang"]}
    offered = {
        "kind": kinds_in_use(OutletKind, (outlet.kind for outlet in directory.outlets.values())),
        "lang": codes_by_label("language", languages, directory),
    }
    named = codes_named(query[0].one("q"), WORDING.page, directory)
    return named_list(query, rows, WORDING, offered, named, directory=directory, edition=edition.no)
