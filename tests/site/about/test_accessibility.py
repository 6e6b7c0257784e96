"""The accessibility statement, and what it promises of forms and copying."""

import re

from starlette.testclient import TestClient

from app import paths


def test_every_page_links_to_the_statement(client: TestClient) -> None:
    for address in ("/", "/events", "/nope"):
        assert 'href="/accessibility"' in client.get(address).text
    text = client.get("/accessibility").text
    assert "Known limits" in text and 'href="/tell?about=/accessibility"' in text


def test_refused_form_says_error_in_title_and_at_its_field(client: TestClient) -> None:
    answer = client.post(
        "/tell",
        data={"kind": "mistake", "words": "", "about": "x" * 600},
        headers={"Origin": "http://testserver"},
    )
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert "<title>Error" not in client.get("/tell").text
    for name in ("words", "about"):
        [field] = re.findall(rf'<(?:input|textarea) id="{name}"[^>]*>', answer.text)
        assert 'aria-invalid="true"' in field
        [described] = re.findall(r'aria-describedby="([^"]*)"', field)
        assert f"{name}-error" in described.split()
        assert f'id="{name}-error"' in answer.text


def test_every_error_in_templates_belongs_to_a_field() -> None:
    """An error with an id is named by the `aria-describedby` of a field, in the same template."""
    folder = paths.ROOT / "templates"
    texts = {file.relative_to(folder): file.read_text() for file in folder.rglob("*.html")}
    lonely = [
        f"{name}: {found}"
        for name, text in texts.items()
        for found in re.findall(r'class="err" id="([a-z-]+-error)"', text)
        if not re.search(rf'(?<!id=")\b{found}\b', text)
    ]
    assert len(texts) > 50 and lonely == []


def test_title_of_source_is_in_its_language(client: TestClient) -> None:
    sources = client.get("/sources.json?lang=ko&limit=20").json()["items"]
    tagged = [
        re.search(r"<title([^>]*)>", client.get(f"/sources/{item['id']}").text) for item in sources
    ]
    assert any(found and found[1] == ' lang="ko"' for found in tagged)
