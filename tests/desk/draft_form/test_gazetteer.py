"""Places are found by any name in any script; a city of the gazetteer can be added as a place."""

from sqlalchemy import select
from starlette.testclient import TestClient

from app.desk.approved.models import Draft, DraftState
from app.desk.approved.store import save_all
from app.desk.draft_form import gazetteer
from app.desk.draft_form.advice import check_draft
from app.desk.draft_form.catalogue import Catalogue
from app.kinds import PlaceForm
from app.record.names.directory import Directory
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_place
from tests.support.desk_people import person
from tests.support.draft_pages import begin, post, stored

YANJI, TUMEN, CHITA = 2033467, 2034340, 2025339


def china() -> list[PlaceForm]:
    """A country, a province and one of its cities, which shows the province's number."""
    return [
        make_place(11, "china", kind="country", country="CN"),
        make_place(12, "jilin", kind="province", parent="china"),
        make_place(13, "yanji", parent="jilin", geonames=YANJI),
    ]


def directory(*places: PlaceForm) -> Directory:
    return Directory.of(places)


def test_city_is_found_by_any_name() -> None:
    for name in ("Tumen", "tumen", "图们", "T'u-men-shih", "T’u-men-shih"):
        assert TUMEN in [town.geonames for town in gazetteer.find_towns(name)], name
    for text in ("", " ", "x", "ab", "图", "no city has this name", "\n", "\\"):
        assert gazetteer.find_towns(text) == [], text


def test_city_is_added_to_its_province() -> None:
    [place] = gazetteer.places_for(gazetteer.towns()[0][TUMEN], directory(*china()))
    assert (place["code"], place["kind"], place["parent"], place["geonames"]) == (
        "tumen",
        "city",
        "jilin",
        str(TUMEN),
    )
    assert {(row["language"], row["text"]) for row in place["names"]} == {
        ("en", "Tumen"),
        ("zh-Hans", "图们"),
    }


def test_city_of_an_unknown_country_adds_the_country() -> None:
    country, city = gazetteer.places_for(gazetteer.towns()[0][CHITA], directory(*china()))
    assert (country["code"], country["kind"], country["country"]) == ("russia", "country", "RU")
    assert ("ko", "러시아") in {(row["language"], row["text"]) for row in country["names"]}
    assert city["parent"] == "russia", (
        "the parent of a city in an unknown province must be its country"
    )


def test_used_code_gets_a_suffix() -> None:
    [place] = gazetteer.places_for(
        gazetteer.towns()[0][TUMEN], directory(*china(), make_place(14, "tumen"))
    )
    assert place["code"] == "tumen-cn"


def test_button_adds_a_city_once_and_enters_its_code(
    chidi: TestClient, basma: TestClient, desk_world: Settings
) -> None:
    with desk_session(desk_world) as db:
        save_all(db, china())
    at = begin(chidi)
    post(chidi, at, **{"terms.0.code": "图们"})
    assert f'value="town terms.0.code {TUMEN} 图们"' in chidi.get(at).text
    for _ in range(2):
        post(chidi, at, f"town terms.0.code {TUMEN} 图们")
    assert stored(desk_world, at).document["terms"][0]["code"] == "tumen"
    assert "city in Jilin, China" in chidi.get(at).text
    with desk_session(desk_world) as db:
        [place] = db.scalars(select(Draft).where(Draft.kind == "P")).all()
        assert place.state == DraftState.IN_REVIEW
        checked = check_draft(PlaceForm, place.document, Catalogue(db, person(desk_world, "Chidi")))
        assert checked.form is not None, checked.errors
    # Another person gets the same place.
    post(basma, begin(basma), f"town terms.0.code {TUMEN} 图们")
    with desk_session(desk_world) as db:
        assert len(db.scalars(select(Draft).where(Draft.kind == "P")).all()) == 1
