"""Machine-readable descriptions of pages: JSON-LD (schema.org) and Dublin Core."""

import re
from typing import Any

import extruct
from starlette.testclient import TestClient

from app.settings import Settings
from app.site.references.json_ld import start_of
from tests.conftest import desk_session
from tests.make import make_event, publish_all
from tests.site.test_cite import CHINA_2019, VIEWS, a_record

REQUIRED = {
    "Dataset": "name description url identifier license creator version distribution",
    "Event": "name description url identifier location startDate subjectOf",
    "Claim": "name text url identifier about appearance creditText",
    "WebPage": "name url identifier license creator version",
}
TYPES = dict.fromkeys(VIEWS, "Dataset") | {
    "/events/E5": "Event",
    "/estimates/M84": "Claim",
    "/sources/S4": "WebPage",
    "/outlets/daily-nk": "WebPage",
}


def json_ld_of(page: str) -> dict[str, Any]:
    [said] = extruct.extract(page, base_url="http://testserver", syntaxes=["json-ld"])["json-ld"]
    thing: dict[str, Any] = said
    return thing


def test_page_has_json_ld_of_its_type(client: TestClient) -> None:
    for of, kind in TYPES.items():
        said = json_ld_of(client.get(of, follow_redirects=True).text)
        assert (said["@context"], said["@type"]) == ("https://schema.org", kind), of
        assert {*REQUIRED[kind].split()} <= said.keys() and all(said.values()), of


def test_dataset_links_to_permanent_files(client: TestClient) -> None:
    for of in (CHINA_2019, "/cities/dandong", "/cities?place=jilin", "/status?place=dandong"):
        said = json_ld_of(client.get(of).text)
        assert 50 <= len(said["description"]) <= 5_000
        assert said["license"] == "https://creativecommons.org/licenses/by/4.0/"
        for file in said["distribution"]:
            answer = client.get(file["contentUrl"])
            kind = answer.headers["content-type"]
            assert answer.status_code == 200 and kind.startswith(file["encodingFormat"])
            assert "edition=1" in file["contentUrl"]
        assert client.get(said["mainEntityOfPage"]).status_code == 200


def test_event_date_in_json_ld_is_as_coarse_as_known(client: TestClient) -> None:
    for item in client.get("/events.json?limit=1000").json()["items"]:
        said = json_ld_of(client.get(f"/events/{item['id']}").text)
        written = item["happened"]
        if re.fullmatch(r"\d{4}(-\d\d){0,2}[~?%]?", written):
            assert said["startDate"] == written.rstrip("~?%"), written
        assert re.fullmatch(r"(\d{4}(-\d\d){0,2})?", said.get("startDate", "")), written


def test_start_of_interval_is_its_first_date() -> None:
    assert start_of("../2017-10-19") == ""
    assert start_of("2017-04/2017-10-19") == "2017-04"


def test_claim_is_credited_to_its_speaker(client: TestClient) -> None:
    said = json_ld_of(client.get("/estimates/M84").text)
    speaker = "by Russian statistics, via Radio Free Asia, via Yonhap, in Euromaidan Press"
    assert said["creditText"] == speaker, "outlets that quote others are not named"
    assert "creator" not in said


def test_json_ld_of_unknown_licence_links_to_about_page(published: Settings) -> None:
    from app.main import create_app

    with TestClient(create_app(published.model_copy(update={"licence": "Ask us"}))) as client:
        assert json_ld_of(client.get("/events").text)["license"] == "http://testserver/about"


def test_title_in_json_ld_cannot_close_the_script_element(database: Settings) -> None:
    title = '</script><script>alert(1)</script><!-- "&amp;\u2028'
    with a_record(database) as client:
        with desk_session(database) as desk:
            publish_all(desk, make_event(1, title=title.strip()))
        page = client.get("/events/E1").text
        assert json_ld_of(page)["name"] == title.strip()
        assert page.count("<script") == 3
        assert "<script>" not in page and "alert(1)</script>" not in page
