"""`/.well-known/security.txt` comes from settings, and is missing without a contact."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings

ADDRESS = "/.well-known/security.txt"


def test_security_txt_has_the_required_fields(published: Settings) -> None:
    contacts = ["mailto:security@example.org", "https://example.org/report"]
    settings = published.model_copy(
        update={"security_contact": contacts, "public_url": "https://example.org"}
    )
    with TestClient(create_app(settings)) as client:
        answer = client.get(ADDRESS)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    fields = [line.split(": ", 1) for line in answer.text.splitlines()]
    assert [value for name, value in fields if name == "Contact"] == contacts
    (expires,) = [value for name, value in fields if name == "Expires"]
    left = datetime.fromisoformat(expires) - datetime.now(UTC)
    assert timedelta(days=90) < left < timedelta(days=365)
    assert ["Canonical", f"https://example.org{ADDRESS}"] in fields


def test_security_txt_is_missing_without_contact(client: TestClient) -> None:
    assert client.get(ADDRESS).status_code == 404


def test_contact_is_an_address() -> None:
    with pytest.raises(ValidationError, match="must look like mailto"):
        Settings(security_contact=["security@example.org"])
