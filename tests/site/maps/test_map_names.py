"""Names of countries, seas and capitals on the map, and the grid of countries."""

import numpy as np
import pytest

from app import paths
from app.i18n import formats
from app.i18n.formats import country_name
from app.site.maps import map_names
from app.site.maps.boxes import project
from app.site.maps.city_dots import CityDot, MapDrawing, maps
from app.site.maps.country_areas import SEA, country_areas
from app.site.maps.place_names import CAPITALS, LANGUAGES, SEAS

DANDONG = CityDot("dandong", "Dandong", (), 40.13, 124.39, 35, "/cities/dandong")
HUNCHUN = CityDot("hunchun", "Hunchun", (), 42.86, 130.37, 11, "/cities/hunchun")
KUWAIT = CityDot("kuwait", "Kuwait City", (), 29.37, 47.98, 4, "/cities/kuwait")


def names_on(drawing: MapDrawing, kind: str) -> set[str]:
    return {name.text for name in drawing.names if name.kind == kind}


def test_grid_has_country_of_each_point() -> None:
    areas = country_areas(paths.COUNTRIES)
    for latitude, longitude, code in [
        (41.5, 123.0, "CN"),
        (39.3, 126.5, "KP"),
        (36.5, 128.0, "KR"),
        (60.0, 100.0, "RU"),
        (29.3, 47.6, "KW"),
        (36.0, 123.3, None),
        (-80.0, 0.0, None),
    ]:
        x, y = project(latitude, longitude)
        (found,) = areas.at(np.array([x]), np.array([y])).tolist()
        assert (None if found == SEA else areas.codes[found]) == code, (latitude, longitude)


def test_map_names_countries_seas_and_capitals() -> None:
    view = maps([DANDONG, HUNCHUN], "Cities")[0]
    assert {"China", "North Korea", "South Korea"} <= names_on(view.wide, "country")
    assert {"Pyongyang", "Seoul"} <= names_on(view.wide, "capital")
    assert "Yellow Sea" in names_on(view.wide, "sea")
    # A narrow one names host and home country.
    assert {"China", "North Korea"} <= names_on(view.narrow, "country")


def test_capital_that_has_a_dot_is_not_named_twice() -> None:
    drawing = maps([KUWAIT], "Cities")[0].wide
    assert "Kuwait City" not in names_on(drawing, "capital")
    assert "Kuwait City" in {placed.dot.label for placed in drawing.dots}


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_in_the_language_of_the_reader(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    country_name.cache_clear()
    for module in (formats, map_names):
        monkeypatch.setattr(module, "reader_language", lambda: language)
    drawing = maps([DANDONG, HUNCHUN], f"Cities in {language}")[0].wide
    country_name.cache_clear()
    seoul = next(each for each in CAPITALS if each.names[0] == "Seoul").name(language)
    china = {"en": "China", "ko": "중국", "zh": "中国", "ja": "中国", "ru": "Китай"}[language]
    assert seoul in names_on(drawing, "capital")
    assert china in names_on(drawing, "country")


def test_every_sea_and_capital_has_a_name_in_each_language() -> None:
    areas = country_areas(paths.COUNTRIES)
    for each in (*SEAS, *CAPITALS):
        assert all(each.names) and len(each.names) == len(LANGUAGES)
    for capital in CAPITALS:
        x, y = project(capital.latitude, capital.longitude)
        around = np.array([(x + dx, y + dy) for dx in (-25, 0, 25) for dy in (-25, 0, 25)])
        is_on_land = (areas.at(*around.T) != SEA).any()
        # Too small for the outline.
        assert is_on_land or capital.names[0] in {"Singapore", "Valletta"}, capital.names[0]
    for sea in SEAS:
        x, y = project(sea.latitude, sea.longitude)
        (found,) = areas.at(np.array([x]), np.array([y])).tolist()
        assert found == SEA, sea.names[0]
    # An unknown language has English names.
    assert SEAS[0].name("fr") == SEAS[0].names[0]
    assert SEAS[0].name("ko_KR") == SEAS[0].names[1]
