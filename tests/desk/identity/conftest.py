"""A fixture of an account with an authenticator app."""

import pytest

from app.settings import Settings
from tests.desk.conftest import Visit
from tests.support.desk_accounts import forget_last_step
from tests.support.desk_people import add_factor, give_password, make_people


@pytest.fixture
def secret_and_codes(database: Settings, visit: Visit) -> tuple[str, list[str]]:
    make_people(database, "Amal")
    make_people(database, "Basma", with_factor=False)
    client = visit()
    give_password(client, "Basma")
    added = add_factor(client)
    forget_last_step(database)
    return added
