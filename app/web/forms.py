"""Reading posted forms and uploads, within limits."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import IO, Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

LONGEST_FORM_BYTES = 1_000_000
MOST_FIELDS = 2_000
FORM_STATE = "posted_form"
"""Where a request's state holds the fields that were read from its form, for an error page."""


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a posted form, none of them larger than a form of ours can be."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_FORM_BYTES:
            raise HTTPException(413)
    try:
        fields = dict(
            parse_qsl(
                body.decode(errors="replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS
            )
        )
    except ValueError:
        raise HTTPException(413) from None
    setattr(request.state, FORM_STATE, fields)
    return fields


Posted = Annotated[dict[str, str], Depends(read_form)]

LARGEST_UPLOAD_BYTES = 50_000_000
MOST_FILES = 40


@dataclass(frozen=True)
class SentFiles:
    """Files that a form sent, by the names that they had there. Large ones lie on the disk until they are read."""

    files: Sequence[tuple[str, IO[bytes]]] = ()
    is_too_large: bool = False
    are_too_many: bool = False


async def read_files(request: Request) -> SentFiles:
    """What a form of files sent. More than we take is read to its end all the same, and not kept.

    A browser that is cut off while it sends shows nobody what we answer. One that goes on without end is.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return SentFiles()
    size = 0
    # One stream for both: what was sent can be read on from where the parser left it, and not once more.
    stream = request.stream()

    async def counted() -> AsyncGenerator[bytes, None]:
        nonlocal size
        async for part in stream:
            size += len(part)
            if size > 4 * LARGEST_UPLOAD_BYTES:
                raise HTTPException(413)
            if size <= LARGEST_UPLOAD_BYTES:
                yield part

    try:
        form = await MultiPartParser(
            request.headers, counted(), max_files=MOST_FILES, max_fields=10
        ).parse()
    except MultiPartException as error:
        async for _part in counted():
            pass
        # It is told apart from what is no form at all by its words alone.
        are_too_many = error.message.startswith("Too many files")
        return SentFiles(is_too_large=size > LARGEST_UPLOAD_BYTES, are_too_many=are_too_many)
    if size > LARGEST_UPLOAD_BYTES:
        return SentFiles(is_too_large=True)
    found = [
        value
        for _name, value in form.multi_items()
        if isinstance(value, UploadFile) and value.filename
    ]
    return SentFiles([(str(upload.filename), upload.file) for upload in found])


Sent = Annotated[SentFiles, Depends(read_files)]
