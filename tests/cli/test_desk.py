"""`sojourn editor`: adds, lists and disables people."""

import re

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from app.cli import commands as cli
from app.desk.identity.models import Person
from app.desk.identity.second_factor import encrypt, hash_recovery_code
from app.errors import CommandError
from app.settings import Settings
from tests.conftest import desk_session


def test_people_are_added_listed_and_disabled_by_command(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from starlette.testclient import TestClient

    from app.main import create_app

    monkeypatch.setenv("DATABASE_URL", str(database.database_url))
    monkeypatch.setenv("SOJOURN_PUBLIC_URL", "https://testserver")

    def done(*words: str) -> str:
        result = CliRunner().invoke(cli.commands, ["editor", *words], catch_exceptions=False)
        assert result.exit_code == 0
        return result.output.strip()

    def joins(link: str) -> int:
        path = link.removeprefix("https://testserver")
        site = TestClient(
            create_app(database), headers={"sec-fetch-site": "same-origin"}, follow_redirects=False
        )
        return site.post(
            path, data={"name": "Amal", "password": "four words and a horse"}
        ).status_code

    link = done("add", "Amal@example.org", "--role", "admin")
    assert re.fullmatch(r"https://testserver/desk/welcome/[\w-]{43}", link)
    assert done("list") == "amal@example.org\tadmin\tinvited"
    newer = done("link", "amal@example.org")
    assert (joins(link), joins(newer)) == (404, 303)
    assert done("list") == "amal@example.org\tadmin\tAmal"
    with pytest.raises(CommandError, match="already has an account"):
        done("add", "amal@example.org")
    with pytest.raises(CommandError, match="This is not an e-mail address"):
        done("add", "amal@")
    with pytest.raises(CommandError, match="Choose one of these"):
        done("add", "basma@example.org", "--role", "owner")
    with pytest.raises(CommandError, match="is the only admin"):
        done("disable", "amal@example.org")
    with desk_session(database) as db:
        amal = db.scalars(select(Person)).one()
        amal.factor_secret, amal.recovery_hashes = (
            encrypt(database, "a secret", amal.id),
            [hash_recovery_code("x")],
        )
    assert done("remove-factor", "amal@example.org") == (
        "The second factor of amal@example.org was removed, and all their sessions have ended."
    )
    with desk_session(database) as db:
        amal = db.scalars(select(Person)).one()
        assert amal.factor_secret is None and amal.recovery_hashes == []
    done("add", "basma@example.org")
    assert done("disable", "basma@example.org") == "basma@example.org is disabled."
    assert "basma@example.org\teditor\tdisabled" in done("list")
    with pytest.raises(CommandError, match="No account has the address"):
        done("disable", "nobody@example.org")
