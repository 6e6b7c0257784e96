"""What the shared block of a sheet offers: the day of an address, and how speakers are named."""

import html
import re

from starlette.testclient import TestClient

from app.settings import Settings
from tests.support.articles import report
from tests.support.draft_pages import fields
from tests.support.sheet_pages import address_of, key_of_open_row, press, sheet

__all__ = ["report"]


def test_day_in_the_address_is_offered_as_published(
    chidi: TestClient, desk_world: Settings
) -> None:
    typed = {"url": "https://example.org/2026/02/11/new", "key": "k1", "do": "open-sheet"}
    at = chidi.post("/desk/sources", data=typed).headers["location"].partition("?")[0]
    page = press(chidi, at, "open-shared")
    use = "set source.published 2026-02-11"
    assert f'value="{use}"' in page.text and "the address" in page.text

    page = press(chidi, address_of(page), use)

    assert fields(page.text)["source.published"] == "2026-02-11"
    assert f'value="{use}"' not in page.text


def test_first_lines_of_a_text_are_offered_and_its_days_wait_for_publication(
    chidi: TestClient, desk_world: Settings
) -> None:
    typed = {"url": "https://example.org/workers", "key": "k1", "do": "open-sheet"}
    at = chidi.post("/desk/sources", data=typed).headers["location"].partition("?")[0]
    text = (
        "Plants in Dandong told to send workers home\nThe Amnok Ilbo, 14 March 2019\n"
        "By our correspondent\n\n300 workers are to leave by around 20 April, a trader said."
    )
    # Without scripts, what was typed beside the text is saved with it.
    typed = {"text": text, "source.title_en": "Plants must send workers home"}
    page = press(chidi, f"{at}?open=shared", "keep-text", **typed)
    assert address_of(page).endswith("?open=shared&focus=source.published")
    assert 'value="Plants must send workers home"' in page.text
    assert "enter the day of publication" in page.text
    assert ">Language?</a>" in page.text
    source = at.rpartition("/")[2]
    rows = sheet(desk_world, source)["rows"]
    assert [(row["when"], row["point"]) for row in rows if row["kind"] == "estimate"] == [
        ("", "300")
    ]
    for use in (
        "set source.published 2019-03-14",
        "set source.title Plants in Dandong told to send workers home",
        "set source.language en",
    ):
        assert f'value="{use}"' in page.text and "the text" in page.text
        page = press(chidi, f"{at}?open=shared", use)
        assert f'value="{use}"' not in page.text
    assert "Language?" not in page.text
    assert "[..2019-04-20~]" in {row["when"] for row in sheet(desk_world, source)["rows"]}


def test_speaker_whom_an_editor_describes_keeps_the_rows_when_the_text_is_marked_again(
    chidi: TestClient, desk_world: Settings
) -> None:
    typed = {"url": "https://example.org/workers", "key": "k1", "do": "open-sheet"}
    at = chidi.post("/desk/sources", data=typed).headers["location"].partition("?")[0]
    source = at.rpartition("/")[2]
    press(
        chidi, at, "keep-text", text="300 workers left Dandong by around 20 April, a trader said."
    )
    [speaker] = sheet(desk_world, source)["speakers"]
    path = f"speakers.{speaker['row']}"
    described = {f"{path}.attribution": "company", f"{path}.words": "A manager"}
    press(chidi, f"{at}?open=shared", "save", **described, **{"source.published": "2019-03-14"})
    document = sheet(desk_world, source)
    assert [(each["letter"], each["words"]) for each in document["speakers"]] == [
        (speaker["letter"], "A manager")
    ]
    assert {row["speaker"] for row in document["rows"]} == {speaker["letter"]}


def test_speakers_of_one_kind_show_how_the_text_names_them(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    text = (
        "300 workers left Dandong in March 2019, a trader said. "
        "200 workers stayed in Hunchun, a source in China said."
    )
    press(chidi, report, "keep-text", text=text)
    document = sheet(desk_world)
    with_names = chidi.get(report).text
    table = with_names[with_names.index('<table class="table speakers"') :].split("</table>")[0]
    names = re.findall(r'<q class="note" lang="en">([^<]+)</q>', table)
    assert names == ["trader", "source in China"], document["speakers"]
    page = press(chidi, report, f"open {document['rows'][0]['row']}")
    key = key_of_open_row(page)
    choices = html.unescape(page.text[page.text.index(f'id="rows.{key}.speaker"') :])
    assert "“trader”" in choices.split("</select>")[0]


def test_headline_is_offered_as_the_title_and_makes_no_rows(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    text = (
        "300 workers sent home from Dandong\n\nA trader said that 300 workers left in March 2019."
    )
    press(chidi, report, "keep-text", text=text)
    assert {row["sentences"] for row in sheet(desk_world)["rows"]} == {"2"}


def test_deadline_of_the_text_is_offered_beside_its_field(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    told = "In March 2019 plants in Dandong were told to send their workers home by 20 April 2019."
    press(chidi, report, "keep-text", text=told)
    key = sheet(desk_world)["rows"][0]["row"]
    typed = {f"rows.{key}.when": "2019-03", f"rows.{key}.deadline": ""}
    page = press(chidi, f"{report}?open={key}", "save", **typed)
    page = chidi.get(f"{report}?open={key}")
    [use] = re.findall(rf'value="(use {key} deadline \d+)"', page.text)
    press(chidi, f"{report}?open={key}", use)
    row = sheet(desk_world)["rows"][0]
    assert (row["when"], row["deadline"]) == ("2019-03", "2019-04-20")
    assert row["deadline_text"] == "by 20 April 2019"
