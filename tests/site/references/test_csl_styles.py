"""References in citation styles: the text that the manuals require, and pages and files."""

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from app.dates import edtf
from app.site.references.csl_styles import STYLES, print_references
from app.site.references.formats import DATASET, GENRES, Reference
from app.vocabulary.sources import SourceKind
from app.worker_pool import POOL, READERS

if TYPE_CHECKING:
    from playwright.sync_api import Page


def make_reference(**given: Any) -> Reference:
    made: dict[str, Any] = {
        "key": "Key-S1",
        "genre": GENRES[SourceKind.NEWS],
        "lead": "",
        "tail": "",
        "after": "",
        "url": "https://example.org/1?a=b",
        "author": "",
        "issued": edtf.Days(date(2019, 12, 20), date(2019, 12, 20)),
        "note": "",
        "language": "en",
    }
    return Reference(**made | given)


VIEW = make_reference(
    genre=DATASET,
    title="25 events: in China; possibly in 2019",
    author="Sojourn",
    within="Sojourn",
    edition="3",
    url="https://sojourn.example/events?from=2019&to=2019&edition=3",
)
FIGURE = make_reference(
    genre=DATASET,
    title="13,221 entries, Russia, 2024",
    said="said by Russian statistics",
    author="Sojourn",
    within="Sojourn",
    edition="3",
    url="https://s.example/M84?edition=3",
)
KOREAN = make_reference(
    title="“단둥 내 북한 노동자들 귀국 중”",
    translation="They are going home",
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
EXPECTED = """\
# apa
Sojourn. (2019). 25 events: in China; possibly in 2019 (Version 3) [Dataset]. https://sojourn.example/events?from=2019&to=2019&edition=3
Sojourn. (2019). 13,221 entries, Russia, 2024; said by Russian statistics (Version 3) [Dataset]. https://s.example/M84?edition=3
정서영. (2019, December 20). “단둥 내 북한 노동자들 귀국 중” [They are going home]. Daily NK. https://example.org/1?a=b
Radio Free Asia. (2019, December 20). Why are they going home? Radio Free Asia. https://example.org/1?a=b
Interfax. (ca. 2019, December 20). Рабочие уезжают. Interfax. https://example.org/1?a=b
NPC. (n.d.). 中华人民共和国出境入境管理法. NPC. https://example.org/1?a=b
Panel of Experts. (2019). Final report. UNSC. https://example.org/1?a=b
# chicago
Sojourn. 2019. “25 Events: In China; Possibly in 2019.” Version 3. December 20. https://sojourn.example/events?from=2019&to=2019&edition=3.
Sojourn. 2019. “13,221 Entries, Russia, 2024; Said by Russian Statistics.” Version 3. December 20. https://s.example/M84?edition=3.
정서영. 2019. “‘단둥 내 북한 노동자들 귀국 중’ [They are going home].” Daily NK, December 20. https://example.org/1?a=b.
Radio Free Asia. 2019. “Why Are They Going Home?” Radio Free Asia, December 20. https://example.org/1?a=b.
Interfax. [2019?]. “Рабочие уезжают.” Interfax, December 20. https://example.org/1?a=b.
NPC. n.d. “中华人民共和国出境入境管理法.” NPC. https://example.org/1?a=b.
Panel of Experts. 2019. Final Report. UNSC. https://example.org/1?a=b.
# chicago-notes
Sojourn. “25 Events: In China; Possibly in 2019.” Version 3. December 20, 2019. https://sojourn.example/events?from=2019&to=2019&edition=3.
Sojourn. “13,221 Entries, Russia, 2024; Said by Russian Statistics.” Version 3. December 20, 2019. https://s.example/M84?edition=3.
정서영. “‘단둥 내 북한 노동자들 귀국 중’ [They are going home].” Daily NK, December 20, 2019. https://example.org/1?a=b.
Radio Free Asia. “Why Are They Going Home?” Radio Free Asia, December 20, 2019. https://example.org/1?a=b.
Interfax. “Рабочие уезжают.” Interfax, [December 20, 2019?]. https://example.org/1?a=b.
NPC. “中华人民共和国出境入境管理法.” NPC, n.d. https://example.org/1?a=b.
Panel of Experts. Final Report. UNSC, 2019. https://example.org/1?a=b.
# mla
Sojourn. “25 Events: In China; Possibly in 2019.” Version 3, 20 Dec. 2019, https://sojourn.example/events?from=2019&to=2019&edition=3.
Sojourn. “13,221 Entries, Russia, 2024; Said by Russian Statistics.” Version 3, 20 Dec. 2019, https://s.example/M84?edition=3.
정서영. “‘단둥 내 북한 노동자들 귀국 중’ [They are going home].” Daily NK, 20 Dec. 2019, https://example.org/1?a=b.
Radio Free Asia. “Why Are They Going Home?” Radio Free Asia, 20 Dec. 2019, https://example.org/1?a=b.
Interfax. “Рабочие уезжают.” Interfax, Circa 20 Dec. 2019, https://example.org/1?a=b.
NPC. “中华人民共和国出境入境管理法.” NPC, https://example.org/1?a=b.
Panel of Experts. Final Report. UNSC, 20 Dec. 2019, https://example.org/1?a=b.
# harvard
Sojourn (2019) ‘25 events: in China; possibly in 2019’. Available at: https://sojourn.example/events?from=2019&to=2019&edition=3.
Sojourn (2019) ‘13,221 entries, Russia, 2024; said by Russian statistics’. Available at: https://s.example/M84?edition=3.
정서영 (2019) ‘“단둥 내 북한 노동자들 귀국 중” [They are going home]’, \
Daily NK, 20 December. Available at: https://example.org/1?a=b.
Radio Free Asia (2019) ‘Why are they going home?’, Radio Free Asia, 20 December. Available at: https://example.org/1?a=b.
Interfax (2019) ‘Рабочие уезжают’, Interfax, 20 December. Available at: https://example.org/1?a=b.
NPC (no date) ‘中华人民共和国出境入境管理法’, NPC. Available at: https://example.org/1?a=b.
Panel of Experts (2019) Final report. UNSC. Available at: https://example.org/1?a=b.
"""


@pytest.mark.parametrize("code", STYLES)
def test_style_prints_what_its_manual_requires(code: str) -> None:
    expected = dict(part.split("\n", 1) for part in EXPECTED.split("# ")[1:])[code].splitlines()
    assert [print_references([each], code)[0].text for each in REFERENCES] == expected


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
    places, held = POOL.admitted[READERS], 0
    try:
        while places.acquire(blocking=False):
            held += 1
        for address in (
            "/bibliography.txt?of=/events/E1&style=mla",
            "/cite?of=/events/E1?edition=1&style=mla",
        ):
            answer = client.get(address)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
        assert client.get("/bibliography.txt?of=/events/E1").status_code == 200
    finally:
        places.release(held)


def test_browser_chooses_style_and_copies_reference(page: "Page") -> None:
    from playwright.sync_api import expect

    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/cite?of=/events/E5")
    page.get_by_role("link", name="Chicago, notes").click()
    expect(page.locator("#text")).to_contain_text("Version 1.")
    button = page.locator("button[data-copy-from=text]")
    button.click()
    expect(button).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#text").inner_text()
    page.get_by_role("link", name="Sojourn’s own").click()
    expect(page.locator("#text")).to_contain_text("sha256:")
