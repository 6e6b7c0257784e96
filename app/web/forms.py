"""Reading posted forms and uploaded files, within limits, and forms that could not be processed."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from app.web.errors import is_for_machines

MAX_FORM_BYTES = 1_000_000
MAX_FORM_FIELDS = 2_000
FORM_STATE = "posted_form"
"""Attribute of a request's state: the fields of the posted form, for error pages."""


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a posted form; raise HTTPException 413 if the form is too large."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_FORM_BYTES:
            raise HTTPException(413)
    try:
        fields = dict(
            parse_qsl(
                body.decode(errors="replace"),
                keep_blank_values=True,
                max_num_fields=MAX_FORM_FIELDS,
            )
        )
    except ValueError:
        raise HTTPException(413) from None
    setattr(request.state, FORM_STATE, fields)
    return fields


def with_prefix(fields: Mapping[str, str], prefix: str) -> dict[str, str]:
    """Return the fields whose names begin with a prefix, by the rest of their names."""
    return {n.removeprefix(prefix): text for n, text in fields.items() if n.startswith(prefix)}


PostedForm = Annotated[dict[str, str], Depends(read_form)]


MAX_UPLOAD_BYTES = 50_000_000
MAX_FILES = 40


@dataclass(frozen=True)
class SentFiles:
    """Uploaded files. Large ones are on the disk."""

    files: Sequence[tuple[str, IO[bytes]]] = ()
    """File names as sent by the browser, and contents."""
    is_too_large: bool = False
    are_too_many: bool = False


async def read_files(request: Request) -> SentFiles:
    """Return the files of a multipart form; read and discard what exceeds the limits.

    A browser whose upload is cut off does not show the response. An upload above four times the
    limit is cut off all the same.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return SentFiles()
    size = 0
    # The stream can be read only once: the rest is discarded from where the parser stopped.
    stream = request.stream()

    async def read_within_limit() -> AsyncGenerator[bytes, None]:
        nonlocal size
        async for part in stream:
            size += len(part)
            if size > 4 * MAX_UPLOAD_BYTES:
                raise HTTPException(413)
            if size <= MAX_UPLOAD_BYTES:
                yield part

    try:
        form = await MultiPartParser(
            request.headers, read_within_limit(), max_files=MAX_FILES, max_fields=10
        ).parse()
    except MultiPartException as error:
        async for _part in read_within_limit():
            pass
        # Starlette raises one type of error for too many files and for a malformed form.
        are_too_many = error.message.startswith("Too many files")
        return SentFiles(is_too_large=size > MAX_UPLOAD_BYTES, are_too_many=are_too_many)
    if size > MAX_UPLOAD_BYTES:
        return SentFiles(is_too_large=True)
    uploads = [
        value
        for _name, value in form.multi_items()
        if isinstance(value, UploadFile) and value.filename
    ]
    return SentFiles([(str(upload.filename), upload.file) for upload in uploads])


PostedFiles = Annotated[SentFiles, Depends(read_files)]


SECRET_FIELDS = {"password", "own_password", "secret", "credential"}
"""Never put into a page: a form with one of these fields must be filled in again."""
SIGN_IN_PATH = "/desk/sign-in"
FORM_TYPE = "application/x-www-form-urlencoded"


async def read_unsaved_form(request: Request) -> Mapping[str, str]:
    """Return the fields of the request's form; empty if they must not be shown."""
    if request.method != "POST" or not request.headers.get("content-type", "").startswith(
        FORM_TYPE
    ):
        return {}
    if not hasattr(request.state, FORM_STATE):
        try:
            await read_form(request)
        except (HTTPException, ClientDisconnect, RuntimeError):
            return {}  # too large, cut off, or already consumed
    return unsaved_form(request)


def unsaved_form(request: Request) -> Mapping[str, str]:
    """Return the fields that were read already; empty if none, or if they must not be shown."""
    fields: Mapping[str, str] = getattr(request.state, FORM_STATE, {})
    is_secret = bool(SECRET_FIELDS & fields.keys()) or request.url.path.startswith(SIGN_IN_PATH)
    return {} if is_secret or is_for_machines(request) else fields
