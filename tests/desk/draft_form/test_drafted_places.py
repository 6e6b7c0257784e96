"""Places that are still drafts: their codes, and finding one within another."""

import pytest

from app.desk.approved.draft_models import DraftState
from app.desk.approved.store import save_all
from app.desk.draft_form import documents
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import blank, blank_row
from app.desk.draft_form.plain_codes import code_of_name
from app.desk.draft_form.region_members import region_without_members
from app.desk.drafts import commands
from app.forms import Name, PlaceForm
from app.record.names.directory import Directory
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_outlet, make_place
from tests.support.desk_people import make_people, person


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Québec", "quebec"),
        ("Île Zêta", "ile-zeta"),
        ("Łódź", "lodz"),
        ("Nghi Lộc", "nghi-loc"),
        ("L’Île-d’Orléans", "lile-dorleans"),
        ("Sinŭiju", "sinuiju"),
        ("丹东", ""),
        ("Dandong 丹东", ""),
        ("Хабаровск", ""),
    ],
)
def test_code_is_proposed_for_names_with_accents(name: str, code: str) -> None:
    assert code_of_name(name) == code


@pytest.mark.parametrize("above", ["Zétabec", "zetabec", "zétabec", "Nowhere yet"])
def test_new_place_is_found_within_a_new_place(database: Settings, above: str) -> None:
    make_people(database, "Chidi")
    chidi = person(database, "Chidi")
    places = [("zetabec", "Zétabec", ""), ("ile-zeta", "Île Zêta", above)]
    with desk_session(database) as db:
        for code, name, parent in places:
            names = [blank_row(Name, text=name, language="en", preferred="yes")]
            document = blank(PlaceForm, code=code, kind="region", names=names, parent=parent)
            draft = commands.begin(db, chidi, name, "P", document=document)
            draft.state = DraftState.IN_REVIEW
        db.flush()
        catalogue = Catalogue(db, chidi)
        assert catalogue.meant("place", "Île Zêta") == "ile-zeta"
        expected = "" if above == "Nowhere yet" else "zetabec"
        assert catalogue.directory.places["ile-zeta"].parent == expected


def test_places_and_outlets_are_found_by_id(database: Settings) -> None:
    make_people(database, "Chidi")
    chidi = person(database, "Chidi")
    with desk_session(database) as db:
        save_all(db, [make_place(1, "zetabec"), make_outlet(21, "hoy")])
        names = [blank_row(Name, text="Île Zêta", language="en")]
        document = blank(PlaceForm, code="ile-zeta", kind="region", names=names)
        draft = commands.begin(db, chidi, "new", "P", document=document)
        db.flush()
        catalogue = Catalogue(db, chidi)
        assert catalogue.meant("place", "p1") == "zetabec"
        assert catalogue.meant("place", draft.record) == "ile-zeta"
        assert catalogue.meant("outlet", "O21") == "hoy"
        assert catalogue.meant("outlet", "P1") == catalogue.meant("place", "P99") == ""


def test_draft_with_a_taken_code_does_not_rename_the_place(database: Settings) -> None:
    make_people(database, "Chidi")
    chidi = person(database, "Chidi")
    with desk_session(database) as db:
        save_all(db, [make_place(1, "zetabec", names=[{"text": "Zétabec"}])])
        names = [blank_row(Name, text="Testville", language="en", preferred="yes")]
        document = blank(PlaceForm, code="zetabec", kind="city", names=names)
        commands.begin(db, chidi, "twin", "P", document=document)
        db.flush()
        catalogue = Catalogue(db, chidi)
        assert catalogue.match("place", "zetabec").label == "Zétabec"
        assert catalogue.meant("place", "Testville") == ""


def test_english_name_with_an_accent_is_shown_once() -> None:
    names = [
        Name(text="Québec", language="en", preferred=True),
        Name(text="Québec", language="fr"),
        Name(text="魁北克", language="zh"),
    ]
    place = make_place(1, "quebec", names=names)
    assert Directory.of([place]).names_of_place("quebec") == [("zh", "魁北克")]


def test_new_region_asks_for_its_members(database: Settings) -> None:
    make_people(database, "Chidi")
    gulf = make_place(1, "gulf-states", kind="region")
    with desk_session(database) as db:
        chidi = person(database, "Chidi")
        document = documents.document_of(gulf)
        [caution] = region_without_members(Catalogue(db, chidi), PlaceForm, document)
        assert "Add it to “Regions” of each member" in caution.words
        save_all(db, [gulf, make_place(2, "kuwait", kind="country", regions=["gulf-states"])])
        assert list(region_without_members(Catalogue(db, chidi), PlaceForm, document)) == []
