"""Settings: types of their values, unknown names, and secrets that are read from files."""

import difflib
import ipaddress
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import NoDecode
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
