"""The kinds of records with names: what files, the API and the dataset say of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.filtering import Filters
from app.i18n.translate import N_
from app.kinds import ActorForm, LawForm, OutletForm, PageForm, PlaceForm
from app.record.filters import ActorFilters, LawFilters, OutletFilters, PageFilters, PlaceFilters
from app.record.payloads import form_of
from app.site.export.column_readers import ColumnRow, columns
from app.site.export.column_types import Column
from app.vocabulary.actors import FOLLOW_THE_MONEY, ActorKind
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import NOUN_OF_KIND


@dataclass(frozen=True)
class NamedRecords:
    """One kind of records with names."""

    kind: str
    title: str
    description: str
    about: str
    """What the README of the dataset says."""
    filters: type[Filters]
    columns: Sequence[Column[ColumnRow]]
    example: str
    """A code, for examples."""

    @property
    def path(self) -> str:
        """Name of their list in addresses and of their table in the dataset."""
        return f"{NOUN_OF_KIND[self.kind]}s"

    @property
    def one(self) -> str:
        """Name of a row in the OpenAPI description."""
        return NOUN_OF_KIND[self.kind].label


NAMED_RECORDS = (
    NamedRecords(
        RecordKind.PLACE,
        N_("Places"),
        N_(
            "All places in the record, from the world to a workplace, with their names in all "
            "scripts."
        ),
        "Cities, provinces, countries and other places, as a tree.",
        PlaceFilters,
        columns(
            PlaceForm,
            "id code name kind parent regions country latitude longitude",
            "precision_km geonames added changed remark operator",
        ),
        "jilin",
    ),
    NamedRecords(
        RecordKind.OUTLET,
        N_("Outlets"),
        N_("The publishers of sources, with their reliability."),
        "Publishers of sources.",
        OutletFilters,
        columns(
            OutletForm,
            "id code kind country languages belongs_to reliability",
            "reliability_reason reliability_on added changed name",
        ),
        "daily-nk",
    ),
    NamedRecords(
        RecordKind.ACTOR,
        N_("Actors"),
        N_(
            "Governments, offices, firms and other bodies that act or are affected. Private people "
            "are not listed."
        ),
        "Governments, offices, firms and other bodies that act, as a tree.",
        ActorFilters,
        columns(
            ActorForm,
            "id code name kind",
            Column(
                "schema",
                "The schema of its kind in FollowTheMoney.",
                lambda row: FOLLOW_THE_MONEY[ActorKind(form_of(row)["kind"])],
            ),
            "parent country wikidata opensanctions lei isni reply reply_on",
            "reply_url remark added changed",
        ),
        "government-of-china",
    ),
    NamedRecords(
        RecordKind.LAW,
        N_("Laws"),
        N_("Resolutions, treaties, laws, decrees, notices and agreements in the record."),
        "Resolutions, treaties, laws, decrees, notices and agreements.",
        LawFilters,
        columns(
            LawForm,
            "id code name kind symbol issuer parent adopted in_force",
            "text_url remark added changed",
        ),
        "unscr-2397",
    ),
    NamedRecords(
        RecordKind.PAGE,
        N_("Pages"),
        N_("Texts of the site that editors write: the overview, and who publishes the record."),
        "Texts of the site that editors write.",
        PageFilters,
        columns(
            PageForm,
            "id code name kind language body places added changed",
        ),
        "about",
    ),
)
