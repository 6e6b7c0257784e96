"""The page `/actors`: every body on record that acts, with what it is named in."""

from collections.abc import Sequence

from app.filtering import DroppedParameter
from app.i18n.translate import N_, _, ngettext
from app.record.filters import ActorListFilters, EstimateFilters, EventFilters, SourceFilters
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
from app.vocabulary.actors import ActorKind
from app.web.urls import url

WORDING = NamedListWording(
    page="actors",
    title=N_("Actors"),
    lede=N_(
        "Governments, offices, firms and other bodies that sources name in events and "
        "estimates. Counts include bodies under an actor."
    ),
    found=lambda count: ngettext("{count} actor", "{count} actors", count),
    search=N_("Search actors"),
    columns=[N_("Events"), N_("Estimates"), N_("Sources")],
)


def actors(
    edition: IndexedEdition,
    query: tuple[ActorListFilters, Sequence[DroppedParameter]],
    directory: Directory,
) -> NamedList:
    """Return the list. Runs no SQL: the directory has the names, the index the counts."""
    uses = uses_by_code(edition, (EventFilters, EstimateFilters, SourceFilters), "actor")
    rows = []
    for code, actor in directory.actors.items():
        label = directory.label("actor", code)
        rows.append(
            NamedListRow(
                code=code,
                label=label,
                address=url("actor", code=code),
                names=[
                    (name.language, name.text)
                    for name in actor.names
                    if name.text != label and not name.text.isascii()
                ][:2],
                all_names=[name.text for name in actor.names],
                kind=_(actor.kind.label),
                detail=directory.label("actor", actor.parent)
                if actor.parent
                else COUNTRIES.get(actor.country, actor.country),
                terms={
                    "kind": frozenset({str(actor.kind)}),
                    "actor": frozenset(directory.with_ancestors("actor", code)),
                },
                uses=uses(code),
            )
        )
    parents = {actor.parent for actor in directory.actors.values()} & directory.actors.keys()
    offered = {
        "kind": kinds_in_use(ActorKind, (actor.kind for actor in directory.actors.values())),
        "actor": codes_by_label("actor", parents, directory),
    }
    named = codes_named(query[0].one("q"), WORDING.page, directory)
    return named_list(query, rows, WORDING, offered, named, directory=directory, edition=edition.no)
