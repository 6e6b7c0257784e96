"""`sojourn restore` restores everything that `sojourn backup` saved, or nothing and a reason."""

import hashlib
import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from app.database.backup import MANIFEST, Manifest, write_backup
from app.database.migrating import migrate
from app.database.restore import restore
from app.errors import CommandError
from app.settings import Settings
from tests.conftest import desk_session, reader_session
from tests.support.desk_accounts import as_owner

TRANSIENT = ("attempt", "challenge", "device", "letter_count", "letter_salt", "link", "sign_in")


@pytest.fixture
def saved(published: Settings, tmp_path: Path) -> Path:
    file = tmp_path / "sojourn.zip"
    write_backup(published, file)
    return file


def test_restored_site_equals_the_saved_one_and_publishes(
    published: Settings, saved: Path, empty_database: Settings, tmp_path: Path
) -> None:
    from app.desk.approved.publish import publish_approved

    manifest = restore(empty_database, saved, logins=True)
    assert manifest.edition == 1
    assert manifest.rows > 500
    again = write_backup(empty_database, tmp_path / "again.zip")
    assert again.tables == manifest.tables  # counts and checksums of every table
    assert again.sequences == manifest.sequences
    assert {table.schema_name for table in again.tables} >= {"desk", "record"}
    assert guards(empty_database) == guards(published)
    with reader_session(empty_database) as session:
        assert session.scalar(text("SELECT max(no) FROM record.edition")) == 1
    with desk_session(empty_database) as session:
        assert publish_approved(session, "again") is None, (
            "a restored site must have nothing to publish"
        )
    with pytest.raises(CommandError, match="This database is in use"):
        restore(empty_database, saved)


def test_backup_excludes_attempts_sign_ins_and_letter_counts(
    database: Settings, empty_database: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = """
        INSERT INTO desk.person (email, role) VALUES ('amal@example.org', 'admin');
        INSERT INTO desk.sign_in (token_hash, person, browser)
            SELECT 'hash', id, 'Firefox' FROM desk.person;
        INSERT INTO desk.link (token_hash, person, expires_at)
            SELECT 'hash', id, now() FROM desk.person;
        INSERT INTO desk.challenge (hash) VALUES ('hash');
        INSERT INTO desk.device (person, token_hash) SELECT id, 'hash' FROM desk.person;
        INSERT INTO desk.attempt (key) VALUES ('hash');
        INSERT INTO desk.letter_salt (salt) VALUES (gen_random_uuid());
        INSERT INTO desk.letter_count (key) VALUES ('hash');
        INSERT INTO record.edition (no, at, message, release)
            VALUES (1, '2026-02-03 04:05:06.789+09', E'tab\\t\\n \\\\N 단둥', '');
        INSERT INTO record.term (key, code) VALUES ('place', 'none'), ('place', '')
    """
    as_owner(database, rows)
    manifest = write_backup(database, tmp_path / "backup.zip")
    counts = {table.name: table.rows for table in manifest.tables if table.schema_name == "desk"}
    assert counts["person"] == 1
    assert {name: counts[name] for name in TRANSIENT} == dict.fromkeys(TRANSIENT, 0)
    # A backup of an older release holds these rows: restoring forgets them.
    monkeypatch.setattr("app.database.backup.EXCLUDED_TABLES", frozenset())
    assert write_backup(database, tmp_path / "older.zip").rows == manifest.rows + len(TRANSIENT)
    monkeypatch.undo()
    restore(empty_database, tmp_path / "older.zip", logins=True)
    again = write_backup(empty_database, tmp_path / "again.zip")
    assert (again.tables, again.sequences) == (manifest.tables, manifest.sequences)
    with desk_session(empty_database) as session:
        left = [session.scalar(text(f"SELECT count(*) FROM desk.{name}")) for name in TRANSIENT]
    assert left == [0] * len(TRANSIENT)


def guards(settings: Settings) -> list[tuple[str, str, str]]:
    from app.database.backup import _owner

    with _owner(settings) as connection:
        return connection.execute(
            """
            SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) || convalidated
            FROM pg_constraint
            WHERE connamespace::regnamespace::text IN ('desk', 'record') AND contype <> 'n'
            UNION ALL
            SELECT tgrelid::regclass::text, tgname, tgenabled::text || pg_get_triggerdef(oid)
            FROM pg_trigger
            WHERE NOT tgisinternal ORDER BY 1, 2, 3
            """
        ).fetchall()


def test_backup_is_private_and_replaces_no_file(published: Settings, saved: Path) -> None:
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    with pytest.raises(CommandError, match="exists already"):
        write_backup(published, saved)
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        write_backup(published, saved.parent / "missing" / "sojourn.zip")
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]


def rewritten(saved: Path, name: str, change: Callable[[str, bytes], bytes]) -> Path:
    """Write a copy of a backup with other contents."""
    file = saved.with_name(name)
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(file, "w") as new:
        for each in old.namelist():
            new.writestr(each, change(each, old.read(each)))
    return file


def test_wrong_backup_is_refused_and_leaves_nothing(saved: Path, empty_database: Settings) -> None:
    manifest = Manifest.model_validate_json(zipfile.ZipFile(saved).read(MANIFEST))
    nothing = {"rows": 0, "sha256": hashlib.sha256(b"").hexdigest()}
    gone = "record/edition.copy"

    def damage(name: str, content: bytes) -> bytes:
        return content.replace(b"Dandong", b"Dalian!") if name.startswith("record/") else content

    def leave_out(name: str, content: bytes) -> bytes:
        """Checksums match while references dangle: a restore checks every reference first."""
        tables = [
            table.model_copy(update=nothing if table.member == gone else {})
            for table in manifest.tables
        ]
        if name == MANIFEST:
            return manifest.model_copy(update={"tables": tables}).model_dump_json().encode()
        return b"" if name == gone else content

    def date_later(name: str, content: bytes) -> bytes:
        if name != MANIFEST:
            return content
        return json.dumps({**json.loads(content), "revision": "2999_01_01"}).encode()

    cut, notes = saved.with_name("cut.zip"), saved.with_name("notes.txt")
    cut.write_bytes(saved.read_bytes()[:-2000])
    notes.write_text("not a zip")
    for file, refusal in (
        (rewritten(saved, "changed.zip", damage), r"is damaged: record/\w+\.copy is not what was"),
        (cut, "is not a backup, or is damaged"),
        (notes, r"notes\.txt is not a backup"),
        (saved.with_name("nothing.zip"), "There is no file"),
        (rewritten(saved, "later.zip", date_later), "made by a newer Sojourn"),
        (
            rewritten(saved, "without.zip", leave_out),
            r"Nothing was restored: .*violates foreign key constraint",
        ),
    ):
        with pytest.raises(CommandError, match=refusal):
            restore(empty_database, file)
    with pytest.raises(CommandError, match="nothing to save"):
        write_backup(empty_database, saved.with_name("empty.zip"))
    migrate(empty_database)
    assert restore(empty_database, saved).edition == 1, (
        "refused restores must leave the database empty"
    )
