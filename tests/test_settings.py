"""Settings: validation, secrets, and how they pass between processes."""

import pickle
import re
from pathlib import Path

import pytest

from app import secret_key
from app.cli.commands import describe_settings
from app.errors import CommandError
from app.settings import Settings


def test_invalid_key_is_named_and_kept(tmp_path: Path) -> None:
    (tmp_path / secret_key.FILE).write_text("a password\n")
    with pytest.raises(CommandError, match="secret-key must be 32 random bytes in base64"):
        secret_key.read_keys(tmp_path)
    assert (tmp_path / secret_key.FILE).read_text() == "a password\n"


def test_invalid_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for setting, value, sentence in (
        ("PORT", "http", "PORT: Input should be a valid integer"),
        ("PORT", "70000", "PORT: Input should be less than or equal to 65535"),
        ("DATABASE_URL", "mysql://me:hidden@x/y", "DATABASE_URL: must begin with postgresql://"),
        ("SOJOURN_PUBLIC_URL", "a.org", "SOJOURN_PUBLIC_URL: must begin with https:// or http://"),
        ("SOJOURN_PUBLIC_URL", "https://a.org/b", "SOJOURN_PUBLIC_URL: must be a host name with"),
        ("SOJOURN_PUBLIC_URL", "https://a:hidden@a.org", "SOJOURN_PUBLIC_URL: must be a"),
        ("SOJOURN_SMTP_URL", "http://mail.example.org", "smtps://"),
        ("SOJOURN_SMTP_URL", "smtp://", "smtps://"),
        ("SOJOURN_SMTP_URL", "mail.example.org", "smtps://"),
        ("SOJOURN_PUBLIC_ULR", "x", "SOJOURN_PUBLIC_ULR is no setting of this release: did you "),
        ("SOJOURN_COLOUR", "red", "SOJOURN_COLOUR is no setting of this release: `sojourn"),
        ("SOJOURN_SECRET_KEY_FILE", "/no/such", "SOJOURN_SECRET_KEY_FILE: /no/such can't be read"),
        ("SOJOURN_SECRET_KEY_FILE", "/dev/null", "SOJOURN_SECRET_KEY_FILE: /dev/null is empty"),
        ("SOJOURN_SECRET_KEY", "hidden", "SOJOURN_SECRET_KEY: must be 32 random bytes in base64"),
        ("SOJOURN_PUBLIC_ONLY", "1", "SOJOURN_PUBLIC_ONLY needs READER_DATABASE_URL"),
    ):
        with monkeypatch.context() as patch:
            patch.setenv(setting, value)
            with pytest.raises(CommandError, match=re.escape(sentence)) as stopped:
                Settings.from_environment()
        assert "hidden" not in str(stopped.value)


def test_reading_process_gets_no_secret() -> None:
    secrets = {name: "hidden" for name, field in Settings.model_fields.items() if not field.repr}
    lists = {"old_secret_keys": ["hidden"], "old_hash_secrets": ["hidden"]}
    given = Settings(public_url="https://a.example").model_copy(update={**secrets, **lists})
    assert given.for_reading().public_url == "https://a.example"
    reading = given.model_copy(update={"reader_database_url": "reader's"}).for_reading()
    assert b"hidden" not in pickle.dumps(reading)
    assert reading.reader_database_url == "reader's"


def test_urls_with_passwords_are_never_shown() -> None:
    settings = Settings(database_url="postgresql://me:hidden@example.org/x")
    assert "hidden" not in f"{settings!r} {settings}"


def test_host_of_public_url_is_trusted() -> None:
    assert "a.example" in Settings(public_url="https://a.example/").trusted_hosts
    both = Settings(public_url="https://a.example", trusted_hosts="b.example, c.example")
    assert both.trusted_hosts == ["b.example", "c.example", "a.example"]


def test_secret_is_read_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    key, url = secret_key.new_key(), "postgresql://desk:hidden@db.example.org/sojourn"
    (tmp_path / "key").write_text(f"{key}\n")
    (tmp_path / "url").write_text(url)
    monkeypatch.setenv("SOJOURN_SECRET_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))
    settings = Settings.from_environment()
    assert (settings.secret_key, settings.database_url) == (key, url)
    monkeypatch.setenv("SOJOURN_SECRET_KEY", key)
    with pytest.raises(CommandError, match="SOJOURN_SECRET_KEY_FILE are both set"):
        Settings.from_environment()


def test_settings_are_shown_with_their_origin_and_no_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "key").write_text(secret_key.new_key())
    monkeypatch.setenv("SOJOURN_SECRET_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("SOJOURN_OLD_SECRET_KEYS", secret_key.new_key())
    monkeypatch.setenv("DATABASE_URL", "postgresql://desk:hidden@db.example.org:5433/x?passfile=y")
    monkeypatch.setenv("SOJOURN_READ_ONLY", "1")
    shown = list(describe_settings(Settings.from_environment()))
    assert len(shown) == len(Settings.model_fields)
    assert "DATABASE_URL = postgresql://…@db.example.org:5433/x  [environment]" in shown
    assert f"SOJOURN_SECRET_KEY = (set, not shown)  [file {tmp_path / 'key'}]" in shown
    assert "SOJOURN_OLD_SECRET_KEYS = (set, not shown)  [environment]" in shown
    assert "SOJOURN_READ_ONLY = 1  [environment]" in shown
    assert "PORT = 8000  [default]" in shown
    assert "hidden" not in "".join(shown)
