"""All settings: one field each, with its environment variable, its meaning and its default.

A command reads them once with `Settings.from_environment` and passes them on. No other code reads
environment variables for settings.
"""

import difflib
import ipaddress
import os
import re
from collections.abc import Collection, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from app import secret_key
from app.errors import CommandError

HOST_NAME = re.compile(r"(\*\.)?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?|\[[0-9A-Fa-f:.]+\]")


def _split_at_commas(value: object) -> object:
    return (
        [part.strip() for part in value.split(",") if part.strip()]
        if isinstance(value, str)
        else value
    )


def check_host_names(hosts: list[str]) -> list[str]:
    for host in hosts:
        if not HOST_NAME.fullmatch(host):
            raise ValueError(f"“{host}” is no host name, such as example.org or *.example.org")
    return hosts


Network = ipaddress.IPv4Network | ipaddress.IPv6Network
MIN_PREFIX_LENGTH = {4: 8, 6: 16}
"""By IP version. A network with a shorter prefix would contain clients, too."""
UNIQUE_LOCAL = ipaddress.IPv6Network("fc00::/7")


def parse_proxy(text: str) -> Network:
    """Return the network of a setting; raise ValueError if it would contain other clients."""
    if text == "*":
        raise ValueError("`*` would let every client choose its own address: name the proxies")
    try:
        network = ipaddress.ip_network(text)
    except ValueError:
        raise ValueError(
            f"“{text}” is no address or network, such as 127.0.0.1 or 10.0.0.0/24"
        ) from None
    is_local = isinstance(network, ipaddress.IPv6Network) and network.subnet_of(UNIQUE_LOCAL)
    if network.prefixlen < MIN_PREFIX_LENGTH[network.version] and not is_local:
        raise ValueError(f"“{text}” would let strangers choose their own address: name the proxies")
    return network


def _check_proxy(text: str) -> str:
    parse_proxy(text)
    return text


def _check_database_url(value: str) -> str:
    if not value.startswith(("postgresql://", "postgres://", "postgresql+psycopg://")):
        raise ValueError("must begin with postgresql://")
    try:
        make_url(value)
    except (ArgumentError, ValueError):
        # The messages of these errors quote the URL, and so its password.
        raise ValueError("must look like postgresql://user:password@host:port/name") from None
    return value


def _check_key(value: str) -> str:
    secret_key.decode_key(value)
    return value


def _check_public_url(value: str) -> str:
    if not value.startswith(("https://", "http://")):
        raise ValueError("must begin with https:// or http://")
    parts = urlsplit(value)
    if parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
        # The site's links and cookies begin at `/`.
        raise ValueError(
            "must be a host name without a path, such as https://sojourn.example.org: the site "
            "needs a host name of its own"
        )
    return value.rstrip("/")


def split_address(value: str) -> tuple[str, int]:
    """Return host and port of an address such as `127.0.0.1:9100` or `[::1]:9100`."""
    host, _colon, port = value.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError("must be an address and a port, such as 127.0.0.1:9100")
    return host.strip("[]"), int(port)


def _check_address(value: str) -> str:
    split_address(value)
    return value


def _matching(pattern: str, message: str) -> AfterValidator:
    """Return a validator that refuses what the pattern does not match, with this message."""

    def check(value: str) -> str:
        if not re.match(pattern, value):
            raise ValueError(message)
        return value

    return AfterValidator(check)


CommaSeparated = Annotated[list[str], NoDecode, BeforeValidator(_split_at_commas)]
Proxies = Annotated[
    list[Annotated[str, AfterValidator(_check_proxy)]], NoDecode, BeforeValidator(_split_at_commas)
]
Contact = Annotated[
    str,
    _matching("mailto:|https://|tel:", "must look like mailto:security@example.org or https://…"),
]
Contacts = Annotated[list[Contact], NoDecode, BeforeValidator(_split_at_commas)]
DatabaseUrl = Annotated[str, AfterValidator(_check_database_url)]
SecretKey = Annotated[str, AfterValidator(_check_key)]
SecretKeys = Annotated[list[SecretKey], NoDecode, BeforeValidator(_split_at_commas)]
PublicUrl = Annotated[str, AfterValidator(_check_public_url)]
ArchiveUrl = Annotated[
    str,
    _matching("https?://.*{url}", "must look like https://archive.example.org/save/{url}"),
]
BackupCommand = Annotated[
    str,
    _matching(".*{file}", "must have {file} for the backup, as in `rclone copy {file} remote:`"),
]
SmtpUrl = Annotated[
    str, _matching("smtps?://(.*@)?[^@/:]", "must look like smtps://user:password@host:465")
]
Address = Annotated[str, AfterValidator(_check_address)]


PREFIX = "SOJOURN_"
FILE_SUFFIX = "_FILE"
MAX_SECRET_BYTES = 65_536
MIN_LIKENESS = 0.8
"""From this share of equal letters on, another name is proposed."""


def refuse_unknown(environment: Mapping[str, str], known: Collection[str]) -> None:
    """Raise CommandError for a variable that begins like ours and is no setting.

    A misspelt name would leave the default in force, without a word.
    """
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, 1, MIN_LIKENESS)
            remedy = f"did you mean {near[0]}?" if near else "`sojourn settings` lists all."
            raise CommandError(f"{name} is no setting of this release: {remedy}")


def read_secret_files(environment: Mapping[str, str], secrets: Collection[str]) -> dict[str, str]:
    """Return the values of settings that are named by a file (DATABASE_URL_FILE)."""
    found = {}
    for name in secrets:
        path = environment.get(name + FILE_SUFFIX)
        if not path:
            continue
        if environment.get(name):
            raise CommandError(f"{name} and {name}{FILE_SUFFIX} are both set: keep one of them.")
        try:
            with Path(path).open("rb") as file:
                content = file.read(MAX_SECRET_BYTES).decode()
        except OSError as error:
            raise CommandError(
                f"{name}{FILE_SUFFIX}: {path} can't be read ({error.strerror})."
            ) from None
        except ValueError:
            raise CommandError(f"{name}{FILE_SUFFIX}: {path} is not a text.") from None
        if not content.strip():
            raise CommandError(f"{name}{FILE_SUFFIX}: {path} is empty.")
        found[name] = content.strip()
    return found


# The settings ---------------------------------------------------------------------------------


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        hide_input_in_errors=True,
        validate_by_name=True,
        validate_by_alias=True,
        validate_default=True,
    )

    # Database URLs may contain passwords: `repr=False` keeps them out of messages and logs.
    database_url: DatabaseUrl | None = Field(
        default=None,
        validation_alias="DATABASE_URL",
        repr=False,
        description="The desk's login to PostgreSQL 15 or later, as "
        "`postgresql://user:password@host:port/name`. Not set: Sojourn starts a "
        "PostgreSQL of its own, in the data folder.",
    )
    reader_database_url: DatabaseUrl | None = Field(
        default=None,
        validation_alias="READER_DATABASE_URL",
        repr=False,
        description=(
            "The public site's login, which can only read the published record and store "
            "messages from readers. Not set: the desk's login is used, in the reader's "
            "role."
        ),
    )
    migrate_database_url: DatabaseUrl | None = Field(
        default=None,
        validation_alias="MIGRATE_DATABASE_URL",
        repr=False,
        description=(
            "The login with which `sojourn migrate` creates roles and tables. Not set: "
            "the desk's login."
        ),
    )
    data_dir: Path | None = Field(
        default=None,
        validation_alias="SOJOURN_DATA_DIR",
        description=(
            "The data folder of Sojourn's own PostgreSQL. Not set: `~/.local/share/sojourn` "
            "(below `XDG_DATA_HOME` if that is set), or `/var/lib/sojourn` for root."
        ),
    )
    secret_key: SecretKey | None = Field(
        default=None,
        validation_alias="SOJOURN_SECRET_KEY",
        repr=False,
        description=(
            "The key that encrypts the secrets of authenticator apps: 32 random bytes in "
            "base64, from `openssl rand -base64 32`. Not set: with Sojourn's own "
            "PostgreSQL, the file `secret-key` in the data folder is used; with another, "
            "authenticator apps are not available."
        ),
    )
    old_secret_keys: SecretKeys = Field(
        default=[],
        validation_alias="SOJOURN_OLD_SECRET_KEYS",
        repr=False,
        description=(
            "Earlier values of SOJOURN_SECRET_KEY, separated by commas. Needed while a "
            "key is rotated, until `sojourn keys finish` has encrypted everything with "
            "the present key."
        ),
    )
    hash_secret: SecretKey | None = Field(
        default=None,
        validation_alias="SOJOURN_HASH_SECRET",
        repr=False,
        description=(
            "The secret of keyed hashes (networks, codes of messages, keys of forms): 32 "
            "random bytes in base64, from `openssl rand -base64 32`. All processes share "
            "it. Not set: with Sojourn's own PostgreSQL, the file `hash-secret` in the "
            "data folder is used; with another, `sojourn serve` does not start."
        ),
    )
    old_hash_secrets: SecretKeys = Field(
        default=[],
        validation_alias="SOJOURN_OLD_HASH_SECRETS",
        repr=False,
        description=(
            "Earlier values of SOJOURN_HASH_SECRET, separated by commas. Codes of "
            "messages sent under them still work."
        ),
    )
    purge_list: Path | None = Field(
        default=None,
        validation_alias="SOJOURN_PURGE_LIST",
        description=(
            "The purge list: a file of the ids of purged records, which `sojourn "
            "restore` purges again. Keep it with the backups. Not set: `purged.txt` in "
            "the data folder of Sojourn's own PostgreSQL; with another, only `sojourn "
            "backup` writes such a list, next to its file."
        ),
    )
    backup_dir: Path | None = Field(
        default=None,
        validation_alias="SOJOURN_BACKUP_DIR",
        description=(
            "The folder for scheduled backups, on another disk. Monitoring reports the "
            "age of its newest file. Not set: no scheduled backups."
        ),
    )
    backup_hours: int = Field(
        default=24,
        ge=1,
        validation_alias="SOJOURN_BACKUP_HOURS",
        description="Hours from one scheduled backup to the next.",
    )
    backup_keep: int = Field(
        default=14,
        ge=1,
        validation_alias="SOJOURN_BACKUP_KEEP",
        description="Number of scheduled backups to keep. Older ones are removed.",
    )
    backup_command: BackupCommand | None = Field(
        default=None,
        validation_alias="SOJOURN_BACKUP_COMMAND",
        description=(
            "A command that copies each backup to another machine, with `{file}` for its path, "
            "such as `rclone copy {file} remote:sojourn`. It runs without a shell, and again for "
            "the purge list. Not set: backups stay in their folder."
        ),
    )
    backup_mail: str | None = Field(
        default=None,
        validation_alias="SOJOURN_BACKUP_MAIL",
        description=(
            "Who gets a mail with the reason when a backup or its copy fails, at most once a day. "
            "Needs SOJOURN_SMTP_URL."
        ),
    )
    report_text_days: int = Field(
        default=90,
        ge=1,
        le=90,
        validation_alias="SOJOURN_REPORT_TEXT_DAYS",
        description=(
            "Days after which the private text of a report is deleted, unless it was "
            "approved earlier. At most 90."
        ),
    )
    public_url: PublicUrl | None = Field(
        default=None,
        validation_alias="SOJOURN_PUBLIC_URL",
        description=(
            "The public address of the site, such as `https://example.org`, used in "
            "feeds, citations and exports. Not set: the address of the request."
        ),
    )
    trusted_hosts: CommaSeparated = Field(
        default=["localhost", "127.0.0.1", "[::1]", "testserver"],
        validation_alias="SOJOURN_TRUSTED_HOSTS",
        description=(
            "Host names that the site accepts, separated by commas. `*.example.org` "
            "covers all subdomains. The host of SOJOURN_PUBLIC_URL is always included."
        ),
    )
    forwarded_allow_ips: Proxies = Field(
        default=["127.0.0.1"],
        validation_alias="SOJOURN_FORWARDED_ALLOW_IPS",
        description=(
            "Addresses or networks of trusted proxies, which report the client's address "
            "and protocol in `X-Forwarded-For` and `X-Forwarded-Proto`, separated by commas. "
            "`*` is refused, because any client could "
            "then choose its own address."
        ),
    )
    hsts_subdomains: bool = Field(
        default=False,
        validation_alias="SOJOURN_HSTS_SUBDOMAINS",
        description=(
            "`1` tells browsers to use https for all subdomains of the site, too (HSTS "
            "with `includeSubDomains`)."
        ),
    )
    public_only: bool = Field(
        default=False,
        validation_alias="SOJOURN_PUBLIC_ONLY",
        description=(
            "`1` runs only the public site, with only the reader's login: on a replica, "
            "or another host."
        ),
    )
    read_only: bool = Field(
        default=False,
        validation_alias="SOJOURN_READ_ONLY",
        description=(
            "`1` makes the site read-only: the desk is closed, readers can't send "
            "messages, jobs do not run, and commands that write are refused."
        ),
    )
    one_person_desk: bool = Field(
        default=False,
        validation_alias="SOJOURN_ONE_PERSON_DESK",
        description=(
            "`1` lets one person approve their own work, and withdraw, merge and purge "
            "records without a second person."
        ),
    )
    contributor_second_factor: bool = Field(
        default=False,
        validation_alias="SOJOURN_CONTRIBUTOR_SECOND_FACTOR",
        description=(
            "`1` requires a second factor of contributors, too. Editors and admins always need one."
        ),
    )
    smtp_url: SmtpUrl | None = Field(
        default=None,
        validation_alias="SOJOURN_SMTP_URL",
        repr=False,
        description=(
            "The mail server for invitations and notices, as "
            "`smtps://user:password@host:465` or `smtp://user:password@host:587`. It "
            "must offer STARTTLS unless it is this machine. Not set: the admin gets the "
            "link to send."
        ),
    )
    mail_from: str | None = Field(
        default=None,
        validation_alias="SOJOURN_MAIL_FROM",
        description="The sender's address of mails. Required with SOJOURN_SMTP_URL.",
    )
    archive_url: ArchiveUrl | None = Field(
        default=None,
        validation_alias="SOJOURN_ARCHIVE_URL",
        description=(
            "The address that saves a page in a public archive, with `{url}` for the "
            "address of the page, such as `https://web.archive.org/save/{url}`. Not set: "
            "no archive is used. An editor decides for each source, because others may "
            "see the request."
        ),
    )
    fetch_also_from: CommaSeparated = Field(
        default=[],
        validation_alias="SOJOURN_FETCH_ALSO_FROM",
        description=(
            "Addresses with ports, such as `127.0.0.1:8001`, from which the desk fetches "
            "pages even if they are not public. For tests."
        ),
    )
    pages_per_quarter_hour: int = Field(
        default=40,
        validation_alias="SOJOURN_PAGES_PER_QUARTER_HOUR",
        ge=1,
        description=(
            "Pages that one person may read, copy or have archived from the desk within 15 minutes."
        ),
    )
    capture_daily_mb: int = Field(
        default=200,
        validation_alias="SOJOURN_CAPTURE_DAILY_MB",
        ge=0,
        description=(
            "Megabytes of private copies of pages that one person may save within 24 hours."
        ),
    )
    capture_total_mb: int = Field(
        default=5_000,
        validation_alias="SOJOURN_CAPTURE_TOTAL_MB",
        ge=0,
        description=(
            "Megabytes of private copies of pages that the desk may store in total. At "
            "the limit, no copy is deleted, but new ones are refused. `sojourn doctor` "
            "warns at 90 %."
        ),
    )
    daily_edition: bool = Field(
        default=False,
        validation_alias="SOJOURN_DAILY_EDITION",
        description=(
            "`1` publishes an edition on each day (UTC) without one, so that ages and "
            "statuses are those of the day."
        ),
    )
    worker_give_up_seconds: float = Field(
        default=300,
        ge=1,
        validation_alias="SOJOURN_WORKER_GIVE_UP_SECONDS",
        description=(
            "Seconds for which a worker's background tasks (watching for editions, "
            "collecting words) may keep failing. After that, the worker ends and is "
            "replaced."
        ),
    )
    licence: str = Field(
        default="CC BY 4.0",
        validation_alias="SOJOURN_LICENCE",
        description="The licence of the record, named on every page and in every export.",
    )
    log_requests: bool = Field(
        default=False,
        validation_alias="SOJOURN_LOG_REQUESTS",
        description=(
            "`1` logs each request: time, route, status, milliseconds; never the "
            "address, the query or the reader. The page /privacy then says so. Not set: "
            "only failed responses are logged."
        ),
    )
    security_contact: Contacts = Field(
        default=[],
        validation_alias="SOJOURN_SECURITY_CONTACT",
        description=(
            "Contacts for security reports, such as `mailto:security@example.org`, "
            "separated by commas, listed in `/.well-known/security.txt`. Not set: that "
            "file does not exist."
        ),
    )
    metrics_address: Address | None = Field(
        default=None,
        validation_alias="SOJOURN_METRICS_ADDRESS",
        description=(
            "The address and port of the metrics for Prometheus, at `/metrics`, such as "
            "`127.0.0.1:9100`. It must not be the port of the public site. Not set: no "
            "metrics. The page /privacy says which."
        ),
    )
    host: str = Field(
        default="127.0.0.1",
        validation_alias="HOST",
        description=(
            "The address that `sojourn serve` listens on. `0.0.0.0` accepts other machines."
        ),
    )
    port: int = Field(
        default=8000,
        validation_alias="PORT",
        ge=1,
        le=65535,
        description="The port that `sojourn serve` listens on.",
    )

    @field_validator("trusted_hosts")
    @classmethod
    def add_public_host(cls, hosts: list[str], checked: ValidationInfo) -> list[str]:
        own = urlsplit(checked.data.get("public_url") or "").hostname
        return check_host_names([*hosts, own] if own and own not in hosts else hosts)

    @model_validator(mode="after")
    def check_combinations(self) -> Self:
        if self.public_only and not self.reader_database_url and not self.database_url:
            raise ValueError("SOJOURN_PUBLIC_ONLY needs READER_DATABASE_URL")
        if self.reader_database_url and not (self.database_url or self.public_only):
            raise ValueError("READER_DATABASE_URL without DATABASE_URL needs SOJOURN_PUBLIC_ONLY=1")
        if self.smtp_url and not self.mail_from:
            raise ValueError("SOJOURN_SMTP_URL needs SOJOURN_MAIL_FROM")
        return self

    def require_secret_key(self) -> str:
        """Return the secret key; raise CommandError if it is not set."""
        if not self.secret_key:
            raise CommandError(
                "SOJOURN_SECRET_KEY is not set, so nobody at the desk could add an authenticator "
                f"app: set it to what `openssl rand -base64 {secret_key.BYTES}` prints once, and "
                "keep it apart from the backups."
            )
        return self.secret_key

    def require_hash_secret(self) -> str:
        """Return the hash secret; raise CommandError if it is not set."""
        if not self.hash_secret:
            raise CommandError(
                "SOJOURN_HASH_SECRET is not set: set it to what "
                f"`openssl rand -base64 {secret_key.BYTES}` prints once, the same for every "
                "process of the site, and keep it apart from the backups."
            )
        return self.hash_secret

    @classmethod
    def from_environment(cls) -> Self:
        """Read the settings of this process.

        Raises CommandError with the name of the first invalid or unknown one.
        """
        fields = {str(each.validation_alias): each for each in cls.model_fields.values()}
        secrets = [name for name, field in fields.items() if not field.repr]
        files = [name + FILE_SUFFIX for name in secrets]
        refuse_unknown(os.environ, [*fields, *files])
        try:
            return cls(**read_secret_files(os.environ, secrets))  # type: ignore[arg-type]
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"][:1])
            raise CommandError(
                f"{name + ': ' if name else ''}{first['msg'].removeprefix('Value error, ')}."
            ) from None

    def for_reading(self) -> Self:
        """Return a copy for a process that only reads the record, with the reader's URL only."""
        fields = type(self).model_fields.items()
        defaults = {
            name: field.get_default(call_default_factory=True)
            for name, field in fields
            if not field.repr
        }
        return self.model_copy(
            update={
                **defaults,
                "reader_database_url": self.reader_database_url or self.database_url,
            }
        )


@cache
def release() -> str:
    """Return the version, such as "0.1.0"; "unknown" if the program was not installed."""
    try:
        return version("sojourn")
    except PackageNotFoundError:
        return "unknown"
