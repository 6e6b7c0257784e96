"""References in citation styles: the text that the manuals require, and pages and files."""

import re
from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.dates import edtf
from app.site.references.csl_styles import STYLES, print_references
from app.site.references.formats import DATASET, GENRES, Reference
from app.vocabulary.sources import SourceKind
from app.worker_pool import POOL, READERS
from tests.support.held_places import held_places


def make_reference(**given: Any) -> Reference:
    made: dict[str, Any] = {
        "key": "Key-S1",
        "genre": GENRES[SourceKind.NEWS],
        "lead": "",
        "tail": "",
        "after": "",
        "url": "",
        "author": "",
        "issued": edtf.Days(date(2019, 12, 20), date(2019, 12, 20)),
        "note": "",
        "language": "en",
    }
    return Reference(**made | given)


VIEW = make_reference(
    genre=DATASET,
    title="25 events: in China; in 2019",
    author="Sojourn",
    within="Sojourn",
    edition="3",
    url="https://s.org/?a&b",
)
FIGURE = make_reference(
    genre=DATASET,
    title="13,221 entries",
    said="said by Russian statistics",
    author="Sojourn",
    within="Sojourn",
    edition="3",
)
KOREAN = make_reference(
    title="“단둥 내 북한 노동자들 귀국 중”",
    translation="Going home",
    author="정서영",
    within="Daily NK",
    language="ko",
)
NO_BYLINE = make_reference(title="Why are they going home?", within="Radio Free Asia")
LIKELY = make_reference(title="Рабочие уезжают", within="Interfax", language="ru", is_about=True)
UNDATED = make_reference(
    title="中华人民共和国出境入境管理法", within="NPC", language="zh", issued=edtf.Days()
)
REPORT = make_reference(
    genre=GENRES[SourceKind.UN_DOCUMENT],
    title="Final report",
    author="Panel of Experts",
    within="UNSC",
)

REFERENCES = [VIEW, FIGURE, KOREAN, NO_BYLINE, LIKELY, UNDATED, REPORT]

# Checked against the manuals: APA 7, Chicago 18, MLA 9, Cite Them Right 12. Chicago and MLA
# capitalise English titles, titles in other languages stay unchanged, and Harvard has British
# quotation marks.
EXPECTED = {
    "apa": [
        "Sojourn. (2019). 25 events: in China; in 2019 (Version 3) [Dataset]. https://s.org/?a&b",
        "Sojourn. (2019). 13,221 entries; said by Russian statistics (Version 3) [Dataset].",
        "정서영. (2019, December 20). “단둥 내 북한 노동자들 귀국 중” [Going home]. Daily NK.",
        "Radio Free Asia. (2019, December 20). Why are they going home? Radio Free Asia.",
        "Interfax. (ca. 2019, December 20). Рабочие уезжают. Interfax.",
        "NPC. (n.d.). 中华人民共和国出境入境管理法. NPC.",
        "Panel of Experts. (2019). Final report. UNSC.",
    ],
    "chicago": [
        "Sojourn. 2019. “25 Events: In China; in 2019.” Version 3. December 20. https://s.org/?a&b.",
        "Sojourn. 2019. “13,221 Entries; Said by Russian Statistics.” Version 3. December 20.",
        "정서영. 2019. “‘단둥 내 북한 노동자들 귀국 중’ [Going home].” Daily NK, December 20.",
        "Radio Free Asia. 2019. “Why Are They Going Home?” Radio Free Asia, December 20.",
        "Interfax. [2019?]. “Рабочие уезжают.” Interfax, December 20.",
        "NPC. n.d. “中华人民共和国出境入境管理法.” NPC.",
        "Panel of Experts. 2019. Final Report. UNSC.",
    ],
    "chicago-notes": [
        "Sojourn. “25 Events: In China; in 2019.” Version 3. December 20, 2019. https://s.org/?a&b.",
        "Sojourn. “13,221 Entries; Said by Russian Statistics.” Version 3. December 20, 2019.",
        "정서영. “‘단둥 내 북한 노동자들 귀국 중’ [Going home].” Daily NK, December 20, 2019.",
        "Radio Free Asia. “Why Are They Going Home?” Radio Free Asia, December 20, 2019.",
        "Interfax. “Рабочие уезжают.” Interfax, [December 20, 2019?].",
        "NPC. “中华人民共和国出境入境管理法.” NPC, n.d.",
        "Panel of Experts. Final Report. UNSC, 2019.",
    ],
    "mla": [
        "Sojourn. “25 Events: In China; in 2019.” Version 3, 20 Dec. 2019, https://s.org/?a&b.",
        "Sojourn. “13,221 Entries; Said by Russian Statistics.” Version 3, 20 Dec. 2019.",
        "정서영. “‘단둥 내 북한 노동자들 귀국 중’ [Going home].” Daily NK, 20 Dec. 2019.",
        "Radio Free Asia. “Why Are They Going Home?” Radio Free Asia, 20 Dec. 2019.",
        "Interfax. “Рабочие уезжают.” Interfax, Circa 20 Dec. 2019.",
        "NPC. “中华人民共和国出境入境管理法.” NPC.",
        "Panel of Experts. Final Report. UNSC, 20 Dec. 2019.",
    ],
    "harvard": [
        "Sojourn (2019) ‘25 events: in China; in 2019’. Available at: https://s.org/?a&b.",
        "Sojourn (2019) ‘13,221 entries; said by Russian statistics’.",
        "정서영 (2019) ‘“단둥 내 북한 노동자들 귀국 중” [Going home]’, Daily NK, 20 December.",
        "Radio Free Asia (2019) ‘Why are they going home?’, Radio Free Asia, 20 December.",
        "Interfax (2019) ‘Рабочие уезжают’, Interfax, 20 December.",
        "NPC (no date) ‘中华人民共和国出境入境管理法’, NPC.",
        "Panel of Experts (2019) Final report. UNSC.",
    ],
}


def test_style_prints_what_its_manual_requires() -> None:
    assert EXPECTED.keys() == set(STYLES)
    for code, expected in EXPECTED.items():
        printed = [print_references([each], code)[0].text for each in REFERENCES]
        assert printed == expected, code


def test_bibliography_is_sorted_by_its_style() -> None:
    lines = print_references([VIEW, REPORT, NO_BYLINE, REPORT], "apa")
    assert [line.reference for line in lines] == [REPORT, REPORT, NO_BYLINE, VIEW]
    assert [line.url for line in lines][-1] == VIEW.url and print_references([], "mla") == []


def test_american_styles_put_marks_inside_quotes() -> None:
    for title, expected in [
        ("He said “go”", "Interfax. “He Said ‘go.’” Interfax, 20 Dec. 2019."),
        ("„Geht“, sagte er", "Interfax. “„Geht“, sagte er.” Interfax, 20 Dec. 2019."),
        ("To be continued …", "Interfax. “To Be Continued …” Interfax, 20 Dec. 2019."),
    ]:
        language = "de" if title.startswith("„") else "en"
        [line] = print_references(
            [make_reference(title=title, within="Interfax", url="", language=language)], "mla"
        )
        assert (line.text, line.url) == (expected, "")


# Pages and files ----------------------------------------------------------------------------------


def test_view_and_its_sources_are_cited_in_chosen_style(client: TestClient) -> None:
    page = client.get("/cite?of=/events/E5&style=apa", follow_redirects=True)
    assert page.url.query == b"of=/events/E5?edition=1&style=apa"
    for address, name in [
        ("/cite.txt?of=/events/E5?edition=1&style=apa", "sojourn-E5-apa-edition-1.txt"),
        (
            "/bibliography.txt?of=/events/E5?edition=1&style=apa",
            "sojourn-E5-sources-apa-edition-1.txt",
        ),
    ]:
        file = client.get(address)
        assert file.headers["content-disposition"] == f'attachment; filename="{name}"'
        assert address.replace("&", "&amp;") in page.text
        for line in file.text.splitlines():
            assert line.split(" https://")[0] in re.sub(r"</?span[^>]*>", "", page.text)
    assert "(Version 1) [Dataset]" in page.text and 'aria-current="true">APA' in page.text
    figure = client.get("/cite.txt?of=/estimates/M84&style=chicago").text
    assert "Said by Russian Statistics" in figure


def test_unknown_style_redirects_page_and_is_422_for_file(client: TestClient) -> None:
    """A page redirects to the default style; a file is a 422."""
    page = client.get("/cite?of=/events/E5&style=turabian", follow_redirects=True)
    assert page.url.query == b"of=/events/E5?edition=1"
    for address in (
        "/cite.txt?of=/events/E5&style=turabian",
        "/bibliography.bib?of=/events/E5&style=apa",
    ):
        answer = client.get(address)
        assert (answer.status_code, answer.json()["errors"][0]["key"]) == (422, "style")


def test_long_list_in_a_style_is_cut_and_names_the_whole_file(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.site.cite.page.MOST_STYLED", 3)
    *printed, last = client.get(
        "/bibliography.txt?of=/sources?edition=1&style=apa"
    ).text.splitlines()
    whole = re.fullmatch(
        r"These are the first 3 of ([0-9]+) sources. All sources: http://testserver(/\S+)", last
    )
    assert whole and len([line for line in printed if line]) == 3
    assert len(client.get(whole[2]).json()) == int(whole[1]) > 3


def test_references_in_a_style_with_full_queue_are_503(client: TestClient) -> None:
    styled = "/bibliography.txt?of=/events/E1&style=mla", "/cite?of=/events/E1?edition=1&style=mla"
    with held_places(POOL.admitted[READERS]):
        for address in styled:
            answer = client.get(address)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
        assert client.get("/bibliography.txt?of=/events/E1").status_code == 200
