"""All settings: one field each, with its environment variable and its default.

docs/operate.md has what each means.

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
    AliasGenerator,
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


def _variable(field: str) -> str:
    """Return the name of the environment variable of a field."""
    return PREFIX + field.upper()


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        alias_generator=AliasGenerator(validation_alias=_variable),
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
        default=None, repr=False, validation_alias="DATABASE_URL"
    )
    reader_database_url: DatabaseUrl | None = Field(
        default=None, repr=False, validation_alias="READER_DATABASE_URL"
    )
    migrate_database_url: DatabaseUrl | None = Field(
        default=None, repr=False, validation_alias="MIGRATE_DATABASE_URL"
    )
    data_dir: Path | None = None
    secret_key: SecretKey | None = Field(default=None, repr=False)
    old_secret_keys: SecretKeys = Field(default=[], repr=False)
    hash_secret: SecretKey | None = Field(default=None, repr=False)
    old_hash_secrets: SecretKeys = Field(default=[], repr=False)
    purge_list: Path | None = None
    backup_dir: Path | None = None
    backup_hours: int = Field(default=24, ge=1)
    backup_keep: int = Field(default=14, ge=1)
    backup_command: BackupCommand | None = None
    backup_mail: str | None = None
    report_text_days: int = Field(default=90, ge=1, le=90)
    public_url: PublicUrl | None = None
    trusted_hosts: CommaSeparated = ["localhost", "127.0.0.1", "[::1]", "testserver"]
    forwarded_allow_ips: Proxies = ["127.0.0.1"]
    hsts_subdomains: bool = False
    public_only: bool = False
    read_only: bool = False
    one_person_desk: bool = False
    contributor_second_factor: bool = False
    smtp_url: SmtpUrl | None = Field(default=None, repr=False)
    mail_from: str | None = None
    fetch_also_from: CommaSeparated = []
    pages_per_quarter_hour: int = Field(default=40, ge=1)
    capture_daily_mb: int = Field(default=200, ge=0)
    capture_total_mb: int = Field(default=5_000, ge=0)
    daily_edition: bool = False
    worker_give_up_seconds: float = Field(default=300, ge=1)
    licence: str = "CC BY 4.0"
    log_requests: bool = False
    security_contact: Contacts = []
    metrics_address: Address | None = None
    host: str = Field(default="127.0.0.1", validation_alias="HOST")
    port: int = Field(default=8000, ge=1, le=65535, validation_alias="PORT")

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
