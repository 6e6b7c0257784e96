"""The page `/laws`: every resolution, treaty, law and notice that entries name."""

from collections.abc import Sequence

from app.dates.wording import in_words
from app.filtering import NONE, DroppedParameter
from app.i18n.translate import N_, _, ngettext
from app.record.filters import EventFilters, LawListFilters, SourceFilters
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
from app.vocabulary.laws import LawKind
from app.web.urls import url

WORDING = NamedListWording(
    page="laws",
    title=N_("Laws"),
    lede=N_(
        "Resolutions, treaties, laws, decrees, notices and agreements in the record. Counts "
        "include laws under a law."
    ),
    found=lambda count: ngettext("{count} law", "{count} laws", count),
    search=N_("Search laws"),
    columns=[N_("Events"), N_("Sources")],
)


def laws(
    edition: IndexedEdition,
    query: tuple[LawListFilters, Sequence[DroppedParameter]],
    directory: Directory,
) -> NamedList:
    """Return the list. Runs no SQL: the directory has the names, the index the counts."""
    uses = uses_by_code(edition, (EventFilters, SourceFilters), "law")
    rows = []
    for code, law in directory.laws.items():
        label = directory.label("law", code)
        rows.append(
            NamedListRow(
                code=code,
                label=label,
                address=url("law", code=code),
                names=[
                    (name.language, name.text)
                    for name in law.names
                    if name.text != label and name.preferred
                ][:1],
                all_names=[law.symbol, *(name.text for name in law.names)],
                kind=_(law.kind.label),
                detail=in_words(law.adopted, lasts=False) if law.adopted else "",
                terms={
                    "kind": frozenset({str(law.kind)}),
                    "actor": frozenset(directory.with_ancestors("actor", law.issuer) or {NONE}),
                    "law": frozenset(directory.with_ancestors("law", code)),
                },
                uses=uses(code),
            )
        )
    parents = {law.parent for law in directory.laws.values()} & directory.laws.keys()
    issuers = {law.issuer for law in directory.laws.values()} & directory.actors.keys()
    offered = {
        "kind": kinds_in_use(LawKind, (law.kind for law in directory.laws.values())),
        "actor": codes_by_label("actor", issuers, directory),
        "law": codes_by_label("law", parents, directory),
    }
    named = codes_named(query[0].one("q"), WORDING.page, directory)
    return named_list(query, rows, WORDING, offered, named, directory=directory, edition=edition.no)
