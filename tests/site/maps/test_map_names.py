"""Names of countries, seas and capitals on the map."""

import pytest

from app.i18n import formats
from app.i18n.formats import country_name
from app.site.maps import city_dots
from app.site.maps.city_dots import LANGUAGES, CityDot, MapDrawing, gazetteer, maps

DANDONG = CityDot("dandong", "Dandong", (), 40.13, 124.39, 35, "/cities/dandong")
HUNCHUN = CityDot("hunchun", "Hunchun", (), 42.86, 130.37, 11, "/cities/hunchun")
KUWAIT = CityDot("kuwait", "Kuwait City", (), 29.37, 47.98, 4, "/cities/kuwait")


def names_on(drawing: MapDrawing, kind: str) -> set[str]:
    return {name.text for name in drawing.names if name.kind == kind}


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
    for module in (formats, city_dots):
        monkeypatch.setattr(module, "reader_language", lambda: language)
    drawing = maps([DANDONG, HUNCHUN], f"Cities in {language}")[0].wide
    country_name.cache_clear()
    seoul = next(each for each in gazetteer() if each.names[0] == "Seoul").name(language)
    china = {"en": "China", "ko": "중국", "zh": "中国", "ja": "中国", "ru": "Китай"}[language]
    assert seoul in names_on(drawing, "capital")
    assert china in names_on(drawing, "country")


def test_every_name_has_points_and_each_language() -> None:
    for each in gazetteer():
        assert each.points and (each.code or all(each.names)), each
        assert all(-90 < lat < 90 and -180 < lon < 180 for lat, lon, _width in each.points)
    sea = next(each for each in gazetteer() if each.kind == "sea")
    # An unknown language has English names.
    assert (sea.name("fr"), sea.name("ko_KR")) == (sea.names[0], sea.names[1])
