"""The files of a city, and the pictures of its chart."""

import csv
import io
import re
from xml.etree import ElementTree

from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.site.charts.glyphs import picture
from tests.support.html import rows_on

PNG = b"\x89PNG\r\n\x1a\n"
SVG = "{http://www.w3.org/2000/svg}"


def test_page_json_and_csv_have_same_estimates_in_order(client: TestClient) -> None:
    for address in ("/cities/dandong", "/places/russia"):
        on_page = rows_on(client.get(address).text)
        table = client.get(f"{address}.csv")
        rows = csv.DictReader(io.StringIO(table.content.decode("utf-8-sig")))
        body = client.get(f"{address}.json").json()
        assert [figure["id"] for figure in body["figures"]] == on_page
        assert [row["id"] for row in rows] == on_page
        assert table.headers["x-sojourn-edition"] == "1"
        assert table.headers["x-sojourn-licence"] == "CC BY 4.0"
    body = client.get("/cities/hunchun.json").json()
    assert {"edition", "id", "code", "name", "names", "lies_in", "events", "figures"} <= set(body)
    assert body["lies_in"] == ["yanbian", "jilin", "china"]
    drawn = {figure["id"]: (figure["key"], figure["is_drawn"]) for figure in body["figures"]}
    assert drawn["M1"] == ("a", True) and not drawn["M4"][1]


def test_svg_is_self_contained_with_provenance(client: TestClient) -> None:
    for address in ("/cities/dandong", "/places/russia", "/cities/hunchun"):
        answer = client.get(f"{address}.svg?edition=1")
        assert answer.headers["content-type"].startswith("image/svg+xml")
        assert re.fullmatch(
            r'attachment; filename="sojourn-[a-z]+-edition-1\.svg"',
            answer.headers["content-disposition"],
        )
        root = ElementTree.fromstring(answer.text)  # noqa: S314 - our own
        text = " ".join(root.itertext())
        assert "Sojourn, edition 1 (" in text and "CC BY 4.0" in text
        assert f"{address}?edition=1" in text
        assert root.find(f"{SVG}title") is not None and root.find(f"{SVG}desc") is not None
        for outward in ("var(", "href", "url("):
            assert outward not in answer.text
        drawn = [f for f in client.get(f"{address}.json").json()["figures"] if f["is_drawn"]]
        assert len(root.findall(f".//{SVG}g[@class]")) == len(drawn)


def test_svg_has_public_address_if_configured(published: Settings) -> None:
    with TestClient(
        create_app(published.model_copy(update={"public_url": "https://sojourn.example.org/"}))
    ) as client:
        assert (
            "https://sojourn.example.org/cities/hunchun?edition=1"
            in client.get("/cities/hunchun.svg").text
        )


def test_png_has_twice_the_size(client: TestClient) -> None:
    answer = client.get("/cities/hunchun.png")
    assert answer.headers["content-type"] == "image/png"
    assert answer.content.startswith(PNG)
    width, height = (int.from_bytes(answer.content[at : at + 4], "big") for at in (16, 20))
    root = ElementTree.fromstring(client.get("/cities/hunchun.svg").text)  # noqa: S314 - our own
    assert (width, height) == (2 * int(root.attrib["width"]), 2 * int(root.attrib["height"]))


def test_png_without_system_fonts_has_all_glyphs() -> None:
    """Fonts come only from our packages. Missing glyphs all render as the same box."""

    def drawn(sign: str) -> bytes:
        return picture(
            '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">'
            f'<text x="5" y="30" font-size="24" font-family="sans-serif">{sign}</text></svg>'
        )

    unknown = {drawn("\ue000"), drawn("\U0010fffd"), drawn(" ")}
    signs = "단둥훈춘丹东珲春图们łżéñЖбя≠“–…−あ한"
    pictures = [drawn(sign) for sign in signs]
    assert not unknown & set(pictures)
    assert len(set(pictures)) == len(signs)
